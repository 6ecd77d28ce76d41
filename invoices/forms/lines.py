"""One line of an invoice, as typed."""

from decimal import Decimal
from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import AmountField, PlainDecimalField, read_amount
from clients.models.client import Exemption
from invoices.documents.codes import ONE, UNITS
from invoices.selectors.tax import UsualTax
from invoices.services.issue import NewLine
from invoices.services.tax import Taxed, tax_line

# The largest quantity that a line holds: numeric(12, 4).
LARGEST_QUANTITY = Decimal("99999999.9999")


class LineForm(forms.Form):
    """One line. One that nothing was typed into is left out."""

    description = forms.CharField(max_length=500, error_messages={"required": "Say what is billed."})
    quantity = PlainDecimalField(
        places=4, largest=LARGEST_QUANTITY, initial="1", error_messages={"required": "Enter a quantity."}
    )
    unit_price = AmountField()
    tax_rate = PlainDecimalField(places=3, largest=Decimal(100), label="Tax, %", required=False)
    unit = forms.ChoiceField(required=False, choices=list(UNITS.items()), initial=ONE)
    tax_category = forms.ChoiceField(required=False, label="Why no tax", choices=[("", "Not said"), *Exemption.choices])
    # Of a draft whose lines differ in it: 1 or 0.
    included = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)

    # An empty tax rate is the client's usual one; saying “optional” in each line would be noise.
    mostly_optional = True

    def __init__(
        self,
        *args: Any,
        currency: str,
        usual: UsualTax,
        tax_exempt: bool = False,
        tax_included: bool | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.usual = usual
        self.tax_exempt = tax_exempt
        self.all_included = tax_included
        self.fields["tax_rate"].initial = usual.plain

    @property
    def tax_included(self) -> bool:
        """Whether the price includes tax: as chosen for all lines, else as this line has it."""
        return str(self["included"].value()) == "1" if self.all_included is None else self.all_included

    def has_changed(self) -> bool:
        """Whether anything was typed: a quantity or rate that was only cleared is nothing."""
        if not self.is_bound:
            return False
        typed = {name: str(self[name].value() or "").strip() for name in self.fields}
        untouched = typed["quantity"] in ("", "1") and typed["tax_rate"] in ("", "0", self.usual.plain)
        untouched = untouched and typed["unit"] in ("", ONE) and not typed["tax_category"]
        return bool(typed["description"] or typed["unit_price"]) or not untouched

    @property
    def says_more(self) -> bool:
        """Whether it has more to say than most lines: of units and why there is no tax, in a second row."""
        return self["unit"].value() not in (None, "", ONE) or bool(self["tax_category"].value() or self.errors)

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity == 0:
            raise forms.ValidationError("Give a quantity above zero.")
        return quantity

    def clean_tax_rate(self) -> Decimal:
        rate: Decimal | None = self.cleaned_data["tax_rate"]
        return self.usual.rate if rate is None else rate

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "unit_price", self.currency, minimum=Decimal(0))
        try:
            cleaned["figures"] = self._figures(cleaned)
        except BusinessError:
            self.add_error("unit_price", "Quantity times price is more than an invoice holds.")
        return cleaned

    @property
    def figures(self) -> Taxed | None:
        """Amount and tax, as soon as quantity, price and rate are right."""
        return self.cleaned_data.get("figures") if self.has_changed() and self.errors is not None else None

    def new_line(self) -> NewLine:
        """What the service makes the line from."""
        money: Money = self.cleaned_data["money"]
        return NewLine(
            description=self.cleaned_data["description"],
            unit_price=money,
            quantity=self.cleaned_data["quantity"],
            tax_rate=self.cleaned_data["tax_rate"],
            tax_included=self.tax_included,
            unit=self.cleaned_data["unit"] or ONE,
            tax_category=self.cleaned_data["tax_category"],
        )

    def _figures(self, cleaned: dict[str, Any]) -> Taxed | None:
        """Computed as the service does."""
        price, quantity, rate = cleaned["money"], cleaned.get("quantity"), cleaned.get("tax_rate")
        if price is None or quantity is None or rate is None:
            return None
        return tax_line(
            price=price, quantity=quantity, rate=Decimal(0) if self.tax_exempt else rate, included=self.tax_included
        )
