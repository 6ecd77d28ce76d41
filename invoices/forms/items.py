"""A billable item, as typed."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms

from billing_admin.money.amounts import amount_text
from billing_admin.web.form_fields import (
    AmountField,
    CurrencyChoiceField,
    DateField,
    KeyField,
    PlainDecimalField,
    read_amount,
)
from billing_admin.web.seen_form import see_again
from clients.models import Client
from clients.models.client import LONGEST_PO_NUMBER, Exemption
from credits.selectors.balances import balances_of
from invoices.documents.codes import ONE, UNITS
from invoices.models import BillableItem
from invoices.selectors.tax import plain_rate, tax_of
from invoices.services.billable_items import ItemTerms, terms_of

from .lines import LARGEST_QUANTITY

_INCLUDED = {"": None, "excluded": False, "included": True}


class ItemForm(forms.Form):
    """What is billed, for how much, and when."""

    description = forms.CharField(max_length=500, error_messages={"required": "Say what is billed."})
    quantity = PlainDecimalField(
        places=4, largest=LARGEST_QUANTITY, initial="1", error_messages={"required": "Enter a quantity."}
    )
    unit = forms.ChoiceField(required=False, choices=list(UNITS.items()), initial=ONE)
    unit_price = AmountField()
    currency = CurrencyChoiceField()
    cycle = forms.ChoiceField(choices=BillableItem.Cycle)
    starts_on = DateField(label="First day", help_text="The day of the month stays: 31 Jan, 28 Feb, 31 Mar.")
    ends_on = DateField(required=False, label="Last day", help_text="No period that begins later is billed.")
    tax_rate = PlainDecimalField(places=3, largest=Decimal(100), required=False, label="Tax, %")
    prices = forms.ChoiceField(
        required=False,
        label="Price",
        choices=[("", "As the system is set"), ("excluded", "Tax is added to it"), ("included", "It includes tax")],
    )
    tax_category = forms.ChoiceField(
        required=False, label="Why no tax", choices=[("", "Not said"), *Exemption.choices], help_text="Where it is 0%."
    )
    po_number = forms.CharField(required=False, max_length=LONGEST_PO_NUMBER, label="Purchase order")

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = f"that of the client, {client.po_number}" if client.po_number else "none, as the client has none"
        self.fields["po_number"].help_text = f"Empty: {own}."
        usual = tax_of(client)
        self.fields["tax_rate"].help_text = f"Empty: the usual {usual.plain}% ({usual.why})."
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyChoiceField)
        currency.choices = currency.ordered(balance.currency.code for balance in balances_of(client))
        if not self.is_bound:
            self.fields["description"].widget.attrs["autofocus"] = True

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity == 0:
            raise forms.ValidationError("Give a quantity above zero.")
        return quantity

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "unit_price", cleaned.get("currency"), minimum=Decimal(0))
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", f"{ends_on:%-d %b %Y} is before the first day.")
        return cleaned

    def terms(self) -> ItemTerms:
        """What the service makes the item from."""
        cleaned = self.cleaned_data
        return ItemTerms(
            description=cleaned["description"],
            unit_price=cleaned["money"],
            starts_on=cleaned["starts_on"],
            cycle=cleaned["cycle"],
            quantity=cleaned["quantity"],
            ends_on=cleaned["ends_on"],
            tax_rate=cleaned["tax_rate"],
            tax_included=_INCLUDED[cleaned["prices"]],
            po_number=cleaned["po_number"],
            unit=cleaned["unit"] or ONE,
            tax_category=cleaned["tax_category"],
        )


class AddItemForm(ItemForm):
    """A new one."""

    key = KeyField()


class EditItemForm(ItemForm):
    """One that is there; carries the version that staff saw. Once billed, it keeps its cycle and first day."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, item: BillableItem, **kwargs: Any) -> None:
        super().__init__(*args, client=item.client, **kwargs)
        self.initial = {**_typed(item), "seen": item.version}
        self.fields["currency"].disabled = True
        if item.periods_billed:
            for name in ("cycle", "starts_on"):
                self.fields[name].disabled = True
            self.fields["starts_on"].help_text = "It has been billed, so the cycle and the first day stay."

    def look_again(self, current: BillableItem) -> None:
        """Take `current` for seen from now on, and show what of it differs from what was typed."""
        stored, typed, shown = vars(terms_of(current)), vars(self.terms()), _typed(current)
        names = {"tax_included": "prices"}
        differing = [names.get(name, name) for name, value in stored.items() if typed[name] != value]
        see_again(self, current.version, {name: shown[name] for name in differing})


def _typed(item: BillableItem) -> dict[str, Any]:
    """An item's terms as they would be typed."""
    return {
        "description": item.description,
        "quantity": plain_rate(item.quantity),
        "unit_price": amount_text(item.unit_price.amount, item.currency).replace(",", ""),
        "currency": item.currency,
        "cycle": item.cycle,
        "starts_on": item.starts_on,
        "ends_on": item.ends_on,
        "po_number": item.po_number,
        "unit": item.unit,
        "tax_category": item.tax_category,
        "tax_rate": "" if item.tax_rate is None else plain_rate(item.tax_rate),
        "prices": {included: name for name, included in _INCLUDED.items()}[item.tax_included],
    }


class EndForm(forms.Form):
    """The last day."""

    last_day = DateField(
        error_messages={"required": "Give the last day.", "invalid": "Give a date as 2026-11-30."},
        help_text="No period that begins later is billed; those due until then still are.",
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today
        self.fields["last_day"].widget.attrs["autofocus"] = True


class ResumeForm(forms.Form):
    """What becomes of the periods that fell due while it was paused."""

    missed = forms.ChoiceField(
        label="Periods that fell due meanwhile",
        choices=[("bill", "Bill them with the next invoice"), ("skip", "Leave them out for good")],
        widget=forms.RadioSelect,
        required=False,
    )
