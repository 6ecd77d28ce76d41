"""Refunding a payment, and reversing it."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from djmoney.money import Money

from billing_admin.money.amounts import amount_text, money_text, smallest_unit
from billing_admin.web.agree_field import AgreeField
from billing_admin.web.form_fields import AmountField, DateField, KeyField, read_amount
from transactions.models import Transaction
from transactions.selectors.remaining import Remaining

from .record import not_yet_to_come


class _OutForm(forms.Form):
    """Money that goes out again, on a day after it came in."""

    date = DateField(
        error_messages={"required": "Give the day that the money went out.", "invalid": "Give a date as 2026-11-30."}
    )
    reference = forms.CharField(
        required=False, max_length=200, help_text="The bank’s or gateway’s own. It counts once per method."
    )
    description = forms.CharField(required=False, max_length=500)
    key = KeyField()

    def __init__(self, *args: Any, payment: Transaction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment = payment
        self.initial = {"date": timezone.localdate()}

    def clean_date(self) -> datetime.date:
        date = not_yet_to_come(self.cleaned_data["date"], "went out")
        if date < self.payment.date:
            raise forms.ValidationError(f"It came in on {self.payment.date:%-d %b %Y}; it cannot go out before that.")
        return date


class RefundForm(_OutForm):
    """How much goes back, and where to. Begins with all that can be refunded."""

    amount = AmountField()
    to = forms.ChoiceField(label="Refund to", widget=forms.RadioSelect, initial="method")
    close_invoice = forms.BooleanField(required=False)

    def __init__(self, *args: Any, remaining: Remaining, may_close: bool, **kwargs: Any) -> None:
        payment = remaining.row
        super().__init__(*args, payment=payment, **kwargs)
        self.initial["amount"] = amount_text(remaining.refundable.amount, payment.currency).replace(",", "")
        self.fields["amount"].label = f"Amount ({payment.currency})"
        self.fields["amount"].widget.attrs["autofocus"] = True
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [("method", str(payment.payment_method))]
        if payment.client_id and not remaining.grants:
            to.choices = [*to.choices, ("credit", "Credit of the client")]
        if may_close:
            self.fields["close_invoice"].label = f"Mark {payment.invoice_label} Refunded: nobody owes it again"
            self.fields["close_invoice"].help_text = "Only where all that was paid is given back."
        else:
            del self.fields["close_invoice"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        currency = self.payment.currency
        cleaned["money"] = read_amount(self, "amount", currency, minimum=smallest_unit(currency))
        return cleaned


class ReversalForm(_OutForm):
    """The day of the chargeback, and what the bank charges for it."""

    fee = AmountField(required=False, help_text="What the bank or gateway charges for it.")
    bill_missing = AgreeField()

    def __init__(self, *args: Any, payment: Transaction, missing: Money, **kwargs: Any) -> None:
        super().__init__(*args, payment=payment, **kwargs)
        self.missing = missing
        bill = self.fields["bill_missing"]
        assert isinstance(bill, AgreeField)
        bill.ask(money_text(missing), f"It has happened: book it, and bill the {money_text(missing)} that is missing")
        bill.help_text = "An invoice without tax to the client whose payment it was, issued today."
        # A form that was sent before is answered as then, whatever is missing by now.
        if not missing.amount and "bill_missing" not in self.data:
            del self.fields["bill_missing"]
        self.fields["fee"].label = f"Fee ({payment.currency})"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["fee_money"] = read_amount(self, "fee", self.payment.currency, minimum=Decimal(0))
        agreed = cleaned.get("bill_missing")
        if agreed and self.missing.amount and agreed != money_text(self.missing):
            self.add_error("bill_missing", f"By now {money_text(self.missing)} is missing. Tick again to bill that.")
        return cleaned
