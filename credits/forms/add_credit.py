"""Giving credit."""

from functools import cached_property
from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.web.agree_field import AgreeField
from billing_admin.web.form_fields import AmountField, CurrencyChoiceField, DateField, KeyField, read_amount
from clients.models import Client, MailSettings
from credits.models import CreditGrant
from credits.selectors.balances import balances_of

from .above_limit import agreed_amount


class AddCreditForm(forms.Form):
    """Amount, currency and why; category, expiry and priority where they matter."""

    MORE = frozenset(("category", "expires_on", "priority"))

    amount = AmountField()
    currency = CurrencyChoiceField()
    description = forms.CharField(
        max_length=500,
        error_messages={"required": "Say what the credit is for."},
        help_text="On the Credits List and on the invoices that it pays.",
    )
    category = forms.ChoiceField(
        choices=CreditGrant.Category,
        initial=CreditGrant.Category.PROMOTIONAL,
        help_text="Promotional is used up first.",
    )
    expires_on = DateField(required=False, label="Expires on", help_text="The last day it can be used.")
    priority = forms.IntegerField(
        min_value=0,
        max_value=1000,
        initial=CreditGrant.DEFAULT_PRIORITY,
        help_text="Credit with a lower number is used first; 50 is usual.",
    )
    tell = forms.BooleanField(required=False, label="Tell the client by e-mail")
    above_limit = AgreeField()
    key = KeyField()

    def __init__(self, *args: Any, client: Client, may_give_paid: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyChoiceField)
        currency.choices = lambda: currency.ordered(balance.currency.code for balance in self.balances)
        if not may_give_paid:
            category = self.fields["category"]
            assert isinstance(category, forms.ChoiceField)
            category.choices = [(value, label) for value, label in CreditGrant.Category.choices if value != "paid"]
            category.help_text = "Paid credit comes with a payment; without one it needs a right of its own."
        if not MailSettings.objects.current().sends("credit"):
            del self.fields["tell"]
        if not self.is_bound:  # of a refused form the fault gets the focus
            self.fields["amount"].widget.attrs["autofocus"] = True

    @cached_property
    def balances(self) -> list[Money]:
        """What the client holds."""
        return balances_of(self.client)

    @property
    def shows_more(self) -> bool:
        """Whether the fields tucked away hold a fault or something typed, so that they must be in sight."""
        return self.is_bound and not self.MORE.isdisjoint([*self.errors, *self.changed_data])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = read_amount(self, "amount", cleaned.get("currency"))
        cleaned["agreed"] = agreed_amount(cleaned.get("above_limit", ""), cleaned["money"])
        return cleaned
