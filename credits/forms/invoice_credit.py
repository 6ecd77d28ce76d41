"""Using credit on an invoice, and taking it off again."""

from decimal import Decimal
from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.money.amounts import plain_amount
from billing_admin.web.form_fields import AmountField, KeyField, read_amount
from invoices.models import Invoice


class InvoiceCreditForm(forms.Form):
    """How much credit an invoice gets, or gives back. Begins with all that is possible."""

    amount = AmountField()
    key = KeyField()

    def __init__(self, *args: Any, invoice: Invoice, most: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = invoice.currency
        self.fields["amount"].label = f"Amount ({invoice.currency})"
        self.fields["amount"].widget.attrs["autofocus"] = True
        self.initial = {"amount": plain_amount(most.amount, invoice.currency)} if most.amount > 0 else {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "amount", self.currency, minimum=Decimal(0))
        return cleaned
