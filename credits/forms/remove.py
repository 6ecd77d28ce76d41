"""Taking credit away."""

from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.web.form_fields import AmountField, CurrencyChoiceField, KeyField, read_amount


class RemoveCreditForm(forms.Form):
    """An amount of one currency, and why."""

    amount = AmountField()
    currency = CurrencyChoiceField()
    description = forms.CharField(
        max_length=500, label="Reason", error_messages={"required": "Say why the credit is removed."}
    )
    key = KeyField()

    def __init__(self, *args: Any, held: list[Money], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyChoiceField)
        currency.choices = currency.ordered(money.currency.code for money in held)
        largest = max(held, key=lambda money: bool(money.amount), default=None)
        if largest is not None:
            self.initial = {"currency": largest.currency.code}
        if not self.is_bound:
            self.fields["amount"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "amount", cleaned.get("currency"))
        return cleaned
