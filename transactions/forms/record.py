"""Recording a payment."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from billing_admin.money.amounts import amount_text, smallest_unit
from billing_admin.web.form_fields import AmountField, DateField, KeyField, read_amount
from invoices.models import Invoice
from transactions.models import PaymentMethod


def not_yet_to_come(date: datetime.date, what: str) -> datetime.date:
    """Refuse a day after today: money is recorded when it has moved."""
    if date > timezone.localdate():
        raise forms.ValidationError(f"{date:%-d %b %Y} is yet to come; give the day that the money {what}.")
    return date


class PaymentForm(forms.Form):
    """A payment of one invoice, in its currency. Begins with what is due, or else was written off."""

    amount = AmountField()
    date = DateField(
        error_messages={"required": "Give the day that the money came in.", "invalid": "Give a date as 2026-11-30."}
    )
    payment_method = forms.ModelChoiceField(
        PaymentMethod.objects.none(), empty_label=None, error_messages={"required": "Choose how it was paid."}
    )
    reference = forms.CharField(
        required=False, max_length=200, help_text="The bank’s or gateway’s own. It counts once per method."
    )
    fees = AmountField(required=False, help_text="What the gateway kept of it.")
    description = forms.CharField(required=False, max_length=500)
    key = KeyField()

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        owed = invoice.due if invoice.due.amount else invoice.payable
        due = amount_text(owed.amount, invoice.currency).replace(",", "")
        self.initial = {"amount": due, "date": timezone.localdate()}
        self.fields["amount"].label = f"Amount ({invoice.currency})"
        self.fields["amount"].widget.attrs["autofocus"] = True
        methods = self.fields["payment_method"]
        assert isinstance(methods, forms.ModelChoiceField)
        methods.queryset = PaymentMethod.objects.filter(active=True).order_by("pk")

    def clean_date(self) -> datetime.date:
        return not_yet_to_come(self.cleaned_data["date"], "came in")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        currency = self.invoice.currency
        cleaned["money"] = read_amount(self, "amount", currency, minimum=smallest_unit(currency))
        cleaned["fees_money"] = read_amount(self, "fees", currency, minimum=Decimal(0))
        return cleaned
