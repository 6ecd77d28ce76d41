"""Setting a balance by hand, on the Profile."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import parse_amount, plain_amount
from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.agree_field import AgreeField
from billing_admin.web.form_fields import AmountField, read_amount
from billing_admin.web.seen_form import take_over
from clients.models import Client
from credits.selectors.balances import balances_of
from credits.services.adjust import BalanceChange

from .above_limit import agreed_amount


class BalanceForm(forms.Form):
    """The Credit Balance in one currency, a part of the Profile's form. Carries the balance that staff saw."""

    seen = forms.CharField(widget=forms.HiddenInput)
    balance = AmountField()
    reason = forms.CharField(max_length=500, required=False)
    above_limit = AgreeField()

    def __init__(self, data: Mapping[str, Any] | None, *, balance: Money) -> None:
        self.currency = balance.currency.code
        amount = plain_amount(balance.amount, self.currency)
        super().__init__(data, prefix=self.currency, initial={"seen": amount, "balance": amount})
        self.fields["balance"].label = f"Credit Balance ({self.currency})"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        money = read_amount(self, "balance", self.currency, minimum=Decimal(0))
        try:
            seen = Money(parse_amount(cleaned.get("seen", ""), self.currency), self.currency)
        except BusinessError:
            self.add_error(None, "This form is not as it was sent out. Open the Profile again.")
            return cleaned
        if money == seen and cleaned.get("reason"):
            self.add_error("balance", "The balance is the same; give the one that the reason is for.")
        if money is not None and money != seen:
            agreed = agreed_amount(cleaned.get("above_limit", ""), money - seen)
            cleaned["change"] = BalanceChange(seen, money, cleaned.get("reason", ""), agreed)
        return cleaned

    def look_again(self, current: Money) -> None:
        """Take `current` for seen from now on; what was typed stays."""
        take_over(self, {"seen": plain_amount(current.amount, self.currency)})


def balance_forms(client: Client, data: Mapping[str, Any] | None = None) -> list[BalanceForm]:
    """One for each currency that the client holds, the default one first, and for each that was sent."""
    held = {balance.currency.code: balance for balance in balances_of(client)}
    sent = balances_sent(data or {})
    return [
        BalanceForm(data if code in sent else None, balance=held.get(code, Money(0, code)))
        for code in dict.fromkeys([*held, *sent])
    ]


def balances_sent(data: Mapping[str, Any]) -> list[str]:
    """The currencies of the balances that a form was sent with."""
    return [code for code in CURRENCIES if f"{code}-balance" in data]
