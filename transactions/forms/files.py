"""Uploading a file of payments, and how the files of one bank are read."""

from typing import Any

from django import forms

from billing_admin.money.currencies import CURRENCIES
from transactions.models import PaymentFileMapping, PaymentMethod


class UploadForm(forms.Form):
    """A file, and how it is read."""

    file = forms.FileField(
        label="CSV file",
        max_length=255,
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    mapping = forms.ModelChoiceField(
        PaymentFileMapping.objects.order_by("name"), required=False, empty_label="Billing Admin’s own", label="Format"
    )


class MappingForm(forms.ModelForm):
    """How the export of one bank or gateway is read."""

    currency = forms.ChoiceField(
        required=False,
        choices=[("", "As its column says"), *((code, code) for code in CURRENCIES)],
    )

    class Meta:
        model = PaymentFileMapping
        fields = (
            "name", "delimiter", "encoding", "date_order", "decimal_sign", "date_column", "amount_column",
            "id_column", "invoice_column", "name_column", "text_column", "fees_column", "currency_column",
            "method_column", "currency", "payment_method",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "The bank or gateway whose files these are."
        method = self.fields["payment_method"]
        assert isinstance(method, forms.ModelChoiceField)
        method.queryset = PaymentMethod.objects.filter(active=True).order_by("pk")
        method.empty_label = "As its column says"
        self.fields["encoding"].label = "Character set"
        for name, field in self.fields.items():
            if name.endswith("_column"):
                field.label = str(field.label).removesuffix(" column").capitalize()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for column, fixed, what in (
            ("currency_column", "currency", "currency"),
            ("method_column", "payment_method", "method"),
        ):
            if not cleaned.get(column) and not cleaned.get(fixed) and fixed not in self.errors:
                self.add_error(fixed, f"Choose the {what}, or name the column that it is in.")
        return cleaned
