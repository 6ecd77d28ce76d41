"""Saying yes to credit above the limit of its currency."""

from django import forms
from djmoney.money import Money

from billing_admin.money.amounts import money_text
from billing_admin.web.agree_field import AgreeField
from credits.services.limits import AboveLimit


def agreed_amount(text: str, amount: Money | None) -> Money | None:
    """The amount itself where it is what was ticked."""
    return amount if amount is not None and text == money_text(amount) else None


def ask_above_limit(form: forms.BaseForm, error: AboveLimit) -> None:
    """Show the tick on a form that was refused for its limit."""
    field = form.fields["above_limit"]
    assert isinstance(field, AgreeField)
    field.ask(money_text(error.amount), error.agree)
    form["above_limit"].label = error.agree
