"""How much of an invoice is written off or taken back, and why."""

from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.listing.forms import RowsForm
from billing_admin.money.amounts import plain_amount, smallest_unit
from billing_admin.web.form_fields import AmountField, KeyField, read_amount
from invoices.models import Invoice

_WHY = {"required": "Say why; it is kept with the figures."}


class WriteOffForm(forms.Form):
    """An amount that begins with all that is possible, and a reason."""

    amount = AmountField()
    reason = forms.CharField(max_length=500, help_text="For staff; the client does not see it.", error_messages=_WHY)
    key = KeyField()

    def __init__(self, *args: Any, invoice: Invoice, most: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = invoice.currency
        self.fields["amount"].label = f"Amount ({invoice.currency})"
        self.fields["amount"].widget.attrs["autofocus"] = True
        self.initial = {"amount": plain_amount(most.amount, invoice.currency)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "amount", self.currency, minimum=smallest_unit(self.currency))
        return cleaned


class WriteOffManyForm(RowsForm):
    """Why all of them are written off."""

    reason = forms.CharField(max_length=500, help_text="For staff; the client does not see it.", error_messages=_WHY)
