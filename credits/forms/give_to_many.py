"""The same credit for several clients."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import AmountField, CurrencyChoiceField, DateField, read_amount


class GiveToManyForm(forms.Form):
    """What each of them gets, and why."""

    amount = AmountField(label="Amount for each")
    currency = CurrencyChoiceField()
    description = forms.CharField(
        max_length=500,
        error_messages={"required": "Say what the credit is for."},
        help_text="On each one’s Credits List and on the invoices that it pays.",
    )
    expires_on = DateField(required=False, label="Expires on", help_text="The last day it can be used.")

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        """`currencies` are those of the clients, the most usual one first."""
        super().__init__(*args, **kwargs)
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyChoiceField)
        currency.choices = lambda: currency.ordered(currencies)
        if not self.is_bound:
            self.fields["amount"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "amount", cleaned.get("currency"))
        return cleaned
