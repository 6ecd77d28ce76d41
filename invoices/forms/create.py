"""The invoice and its lines, as typed."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from djmoney.money import Money

from billing_admin.form_fields import (
    AmountField,
    CurrencyChoiceField,
    DateField,
    KeyField,
    PlainDecimalField,
    read_amount,
)
from clients.models import Client, CreditUse
from invoices.services.issuing import NewLine

# The largest quantity that a line holds: numeric(12, 4).
LARGEST_QUANTITY = Decimal("99999999.9999")

# More lines than this are not taken by hand.
MOST_LINES = 200

# How many empty lines the form begins with.
EMPTY_LINES = 3


class InvoiceForm(forms.Form):
    """What is said once about an invoice."""

    currency = CurrencyChoiceField()
    due_on = DateField(required=False, label="Due on", help_text="Empty: 14 days after it is issued.")
    credit_use = forms.ChoiceField(
        label="Automatic use of credit", required=False, choices=[("", "As for the client"), *CreditUse.choices]
    )
    notes = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}), help_text="For staff; not printed."
    )
    key = KeyField()

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyChoiceField)
        currency.choices = currency.ordered([client.currency])

    def clean_due_on(self) -> datetime.date | None:
        due_on: datetime.date | None = self.cleaned_data["due_on"]
        if due_on is not None and due_on < timezone.localdate():
            raise forms.ValidationError(f"{due_on:%-d %b %Y} is past; give today or a later day.")
        return due_on


class LineForm(forms.Form):
    """One line. One that nothing was typed into is left out."""

    description = forms.CharField(max_length=500, error_messages={"required": "Say what is billed."})
    quantity = PlainDecimalField(places=4, largest=LARGEST_QUANTITY, initial="1")
    unit_price = AmountField()
    tax_rate = PlainDecimalField(places=3, largest=Decimal(100), initial="0", label="Tax, %")

    def __init__(self, *args: Any, currency: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity == 0:
            raise forms.ValidationError("Give a quantity above zero.")
        return quantity

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "unit_price", self.currency, minimum=Decimal(0))
        return cleaned

    def new_line(self) -> NewLine:
        """What the service makes the line from."""
        money: Money = self.cleaned_data["money"]
        return NewLine(
            description=self.cleaned_data["description"],
            unit_price=money,
            quantity=self.cleaned_data["quantity"],
            tax_rate=self.cleaned_data["tax_rate"],
        )


def lines_formset(data: Any = None, *, currency: str | None = None) -> "forms.BaseFormSet[LineForm]":
    """The lines of the form: three empty ones to begin with, as many as were sent after that."""
    factory = forms.formset_factory(LineForm, extra=EMPTY_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES)
    return factory(data, prefix="line", form_kwargs={"currency": currency})
