"""Uploading a file of payments, and how the files of one bank are read."""

from typing import Any

from django import forms
from django.db.models import Choices

from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.uploads import UploadField
from transactions.models import DateOrder, DecimalSign, PaymentFileMapping, PaymentMethod
from transactions.services.importing.upload import LARGEST, TOO_LARGE

# As banks and gateways name their tables, and their statements in CAMT, MT940 and OFX.
_ENDINGS = (
    "csv", "txt", "tsv", "xml", "sta", "940", "mt940", "mta", "swi", "fin", "asc", "ofx", "qfx", "qbo",
)  # fmt: skip


class UploadForm(forms.Form):
    """A file, and how it is read."""

    file = UploadField(label="File", endings=_ENDINGS, largest=LARGEST, instead=TOO_LARGE)
    mapping = forms.ModelChoiceField(
        PaymentFileMapping.objects.order_by("name"), required=False, empty_label="Told by looking", label="Format"
    )


_HELP = {
    "name": "The bank or gateway whose files these are.",
    "lines_before_header": "Told by looking where it is empty.",
    "lines_at_end": "Such as a line with the total.",
    "amount_column": "A minus, parentheses or DR mean money that went out.",
    "credit_column": "Where money in and money out have a column each.",
    "fees_negative": "As PayPal writes them: -0.65.",
    "incoming_values": "What the column says of money that came in, as Bij or C.",
    "outgoing_values": "As Af or D. These rows are left out.",
    "paid_statuses": "As Paid; Succeeded.",
    "other_statuses": "As Failed; Pending. These rows are left out; * stands for all that are not named.",
    "payment_types": "As Charge; Payment.",
    "other_types": "As Payout; Conversion. These rows are left out; * stands for all that are not named.",
    "id_column": "The bank’s or gateway’s own, which never comes twice.",
    "payer_reference_column": "What the payer wrote; it may come again.",
}
_CHOICES: dict[str, type[Choices]] = {
    "delimiter": PaymentFileMapping.Delimiter,
    "encoding": PaymentFileMapping.Encoding,
    "date_order": DateOrder,
    "decimal_sign": DecimalSign,
}


class MappingForm(forms.ModelForm):
    """How the export of one bank or gateway is read."""

    currency = forms.ChoiceField(
        required=False,
        choices=[("", "As its column says"), *((code, code) for code in CURRENCIES)],
    )

    class Meta:
        model = PaymentFileMapping
        fields = (
            "name", "payment_method", "method_column", "currency", "currency_column",
            "date_column", "amount_column", "credit_column", "debit_column", "fees_column", "fees_negative",
            "name_column", "account_column", "invoice_column", "text_column", "payer_reference_column", "id_column",
            "direction_column", "incoming_values", "outgoing_values", "status_column", "paid_statuses",
            "other_statuses", "type_column", "payment_types", "other_types",
            "delimiter", "encoding", "date_order", "decimal_sign", "lines_before_header", "lines_at_end",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields["payment_method"]
        assert isinstance(method, forms.ModelChoiceField)
        method.queryset = PaymentMethod.objects.filter(active=True).order_by("pk")
        method.empty_label = "As its column says"
        for name in _CHOICES:
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", "Told by looking"), *_CHOICES[name].choices]
        self.fields["lines_at_end"].required = False
        self.fields["currency"].label, method.label = "Or always this currency", "Or always this method"
        for name, field in self.fields.items():
            field.help_text = _HELP.get(name, "")
            if name.endswith("_column"):
                label = str(field.label).removesuffix(" column")
                field.label = label[:1].upper() + label[1:]

    @property
    def shows_rows(self) -> bool:
        """Whether what says which rows are payments is open: it is used, or wrong."""
        return self._any("direction_column", "status_column", "type_column")

    @property
    def shows_writing(self) -> bool:
        """Whether how the file is written is open."""
        return self._any(*_CHOICES, "lines_before_header", "lines_at_end")

    def _any(self, *names: str) -> bool:
        return any(self[name].value() or self[name].errors for name in names)

    def clean_lines_at_end(self) -> int:
        """None are left out where nothing is said."""
        return self.cleaned_data["lines_at_end"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for column, fixed, what in (
            ("currency_column", "currency", "currency"),
            ("method_column", "payment_method", "method"),
        ):
            if not cleaned.get(column) and not cleaned.get(fixed) and fixed not in self.errors:
                self.add_error(fixed, f"Choose the {what}, or name the column that it is in.")
        amount, credit, debit = (cleaned.get(f"{each}_column") for each in ("amount", "credit", "debit"))
        if not amount and not credit:
            self.add_error("amount_column", "Name the column of amounts, or the one of money in.")
        elif amount and (credit or debit):
            self.add_error("amount_column", "Name either one column of amounts or those of money in and out.")
        for column, counting, what in (
            ("direction_column", "incoming_values", "money that came in"),
            ("status_column", "paid_statuses", "a payment"),
            ("type_column", "payment_types", "a payment"),
        ):
            if cleaned.get(column) and not cleaned.get(counting):
                self.add_error(counting, f"Say which values mean {what}.")
            elif cleaned.get(counting) and not cleaned.get(column):
                self.add_error(column, "Name the column that has these values.")
        return cleaned
