"""Tax and numbering, as typed."""

from decimal import Decimal
from typing import Any

from django import forms

from billing_admin.web.form_fields import CountryField, PlainDecimalField
from billing_admin.web.seen_form import SeenForm
from clients.models.client import LONGEST_REASON
from invoices.models import TaxRate, TaxSettings
from invoices.models.number_series import YEAR, Document
from invoices.models.tax import ZERO_CATEGORIES
from invoices.services.tax_settings import exempt_reason_of, prices_of, terms_of_rate


class TaxRateForm(SeenForm):
    """A country's usual rate."""

    country = CountryField(required=False, help_text="Empty: every other country.")
    name = forms.CharField(
        max_length=50, help_text="As in VAT or GST.", error_messages={"required": "Give the tax a name, as in VAT."}
    )
    rate = PlainDecimalField(
        places=3, largest=Decimal(100), label="Rate, %", error_messages={"required": "Enter a rate."}
    )

    category = forms.ChoiceField(
        required=False, label="Why no tax", choices=[("", "Not said"), *ZERO_CATEGORIES], help_text="Of a rate of 0."
    )
    reason = forms.CharField(
        required=False, max_length=LONGEST_REASON, label="Reason in words", help_text="Printed below the total."
    )

    def __init__(self, *args: Any, tax_rate: TaxRate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if tax_rate is not None:
            self.show_stored(terms_of_rate(tax_rate))
            self.initial["country"] = tax_rate.country
            self.fields["country"].disabled = True


class PricesForm(SeenForm):
    """Whether prices include tax."""

    prices = forms.ChoiceField(
        choices=[("excluded", "Tax is added to prices"), ("included", "Prices include tax")],
        help_text="Where neither an invoice nor a billable item says otherwise.",
    )

    def __init__(self, *args: Any, current: TaxSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(prices_of(current))


class ExemptReasonForm(SeenForm):
    """Why exempt lines have no tax, where nobody else says."""

    exempt_reason = forms.CharField(
        required=False, max_length=LONGEST_REASON, label="Reason in words",
        help_text="Of exempt lines whose client and tax rate give none. Printed below the total.",
    )  # fmt: skip

    def __init__(self, *args: Any, current: TaxSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(exempt_reason_of(current))
        self.auto_id = "id_exempt_%s"  # another form stands on the page


class PrefixForm(SeenForm):
    """What stands before the numbers of one kind of document."""

    begins_with = forms.CharField(
        required=False, max_length=40, help_text=f"{YEAR} stands for the year of issue: each year begins at 000001."
    )

    def __init__(self, *args: Any, document: Document, prefix: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored({"begins_with": prefix})
        self.auto_id = f"id_{document.value}_%s"  # two of these stand on one page
        self.document = document
        self.fields["begins_with"].label = f"Prefix of {document.label.lower()} numbers"
