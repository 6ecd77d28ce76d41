"""The company that issues the invoices, as typed."""

from itertools import count, takewhile
from typing import Any

from django import forms

from billing_admin.documents import LANGUAGES
from billing_admin.documents.logo import MOST_BYTES
from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import CountryField, CurrencyChoiceField, DateField, PlainDecimalField, add_error
from billing_admin.web.seen_form import SeenForm
from billing_admin.web.uploads import UploadField
from invoices.documents.codes import check_electronic_address, scheme_choices
from invoices.models import SellerVersion
from invoices.models.seller import LONGEST_FOOTER, BankAccount
from invoices.services.bank_accounts import checked_accounts
from invoices.services.company import KEEP, PLAIN, TERMS, company_fields
from invoices.services.exchange_rates import LARGEST, PLACES

LONGEST_TERMS = 1_000
_SPARE_ROWS = 1
_HEADINGS = {"currency": "Currency", "iban": "IBAN", "bic": "BIC", "account": "Or number", "name": "Account holder"}


class _Said(list[str]):
    """The texts of a table's fields, row after row; as one text, the rows in words."""

    def __str__(self) -> str:
        width = len(_HEADINGS)
        rows = (self[start : start + width] for start in range(0, len(self), width))
        return "; ".join(" ".join(filter(None, row)) for row in rows)


class _AccountsInput(forms.Widget):
    """A row for each account and some for more."""

    template_name = "invoices/_bank_accounts.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        width = len(_HEADINGS)
        said = [*(value or []), *[""] * (width * _SPARE_ROWS)]
        rows = [zip(_HEADINGS.items(), said[at : at + width], strict=True) for at in range(0, len(said), width)]
        return super().get_context(name, value, attrs) | {"rows": rows}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if name in data:  # what `seen_form.take_over` put there
            return list(data.getlist(name))
        rows = takewhile(lambda row: f"{name}-{row}-currency" in data, count())
        return [data.get(f"{name}-{row}-{column}", "") for row in rows for column in _HEADINGS]


class AccountsField(forms.Field):
    """Bank accounts. Gives what is stored: an object for each."""

    widget = _AccountsInput

    def prepare_value(self, value: Any) -> Any:
        if value and isinstance(value[0], dict):
            return _Said(row[name] for row in value for name in _HEADINGS)
        return value

    def clean(self, value: Any) -> list[dict[str, str]]:
        width = len(BankAccount._fields)
        rows = (value[at : at + width] for at in range(0, len(value), width))
        try:
            return checked_accounts(dict(zip(_HEADINGS, row, strict=False)) for row in rows)
        except BusinessError as error:
            raise forms.ValidationError(str(error)) from None


class CompanyForm(SeenForm, forms.ModelForm):
    """The company. A field for the payment terms in each language that documents are made in."""

    mostly_optional = True

    country = CountryField(required=False)
    electronic_scheme = forms.ChoiceField(required=False, choices=scheme_choices, label="Kind of electronic address")
    accounting_currency = CurrencyChoiceField(help_text="What your books and your tax are kept in.")
    language = forms.ChoiceField(
        choices=list(LANGUAGES.items()), help_text="Of documents for clients whose language is not said, or is another."
    )
    accent = forms.RegexField(
        "^#[0-9a-f]{6}$", label="Color", widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": "Choose a color, as in #1f4e79."},
    )  # fmt: skip
    footer = forms.CharField(
        required=False, max_length=LONGEST_FOOTER, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Small print at the end of each page: managing directors, court of registration.",
    )  # fmt: skip
    bank_accounts = AccountsField(required=False)
    logo_file = UploadField(
        required=False, label="Logo", endings=("png", "svg"), largest=MOST_BYTES,
        help_text="PNG or SVG, up to 1 MB. It is drawn anew for documents.",
    )  # fmt: skip
    remove_logo = forms.BooleanField(required=False, label="Take the logo away")

    class Meta:
        model = SellerVersion
        fields = PLAIN
        labels = {"registration": "Registration number", "paper": "Paper"}
        help_texts = {
            "vat_id": "With its country, as in DE123456789.",
            "tax_number": "Where there is no VAT ID.",
            "registration": "As in HRB 12345, Amtsgericht Berlin.",
            "registration_scheme": "Its code by ISO 6523, if there is one: 0002 is SIRENE.",
        }

    def __init__(self, *args: Any, company: SellerVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES.items():
            widget = forms.Textarea(attrs={"rows": 2, "lang": code})
            self.fields[f"{TERMS}{code}"] = forms.CharField(
                required=False, max_length=LONGEST_TERMS, label=f"Payment terms, {name}", widget=widget
            )
        self.show_stored(company_fields(company))
        if company is None or company.logo_id is None:
            del self.fields["remove_logo"]

    @property
    def terms(self) -> list[forms.BoundField]:
        """The fields of the payment terms."""
        return [self[name] for name in self.fields if name.startswith(TERMS)]

    def clean_country(self) -> str:
        """Has to be given; said by us, as beside the other fields of which most may stay empty."""
        if not self.cleaned_data["country"]:
            raise forms.ValidationError("Give the country: an address on an e-invoice has one.")
        return str(self.cleaned_data["country"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            check_electronic_address(cleaned.get("electronic_scheme", ""), cleaned.get("electronic_address", ""))
        except BusinessError as error:
            add_error(self, error)
        return cleaned

    @property
    def logo(self) -> Any:
        """The file that was chosen, None to take the logo away, else that it stays."""
        if file := self.cleaned_data.get("logo_file"):
            return file.read()
        return None if self.cleaned_data.get("remove_logo") else KEEP

    def refuse(self, error: BusinessError) -> None:
        """Beside the field that it is about."""
        if error.field == "logo":
            add_error(self, BusinessError(str(error), field="logo_file"))
        else:
            super().refuse(error)


class ExchangeRateForm(forms.Form):
    """What a currency is worth in the company's own from a day on."""

    currency = CurrencyChoiceField()
    day = DateField(label="From", error_messages={"required": "Give a day."})
    rate = PlainDecimalField(places=PLACES, largest=LARGEST, error_messages={"required": "Enter a rate."})

    def __init__(self, *args: Any, accounting: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = "EUR" if accounting == "USD" else "USD"
        self.fields["rate"].help_text = f"How many {accounting} one unit of it is."
