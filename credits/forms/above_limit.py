"""Saying yes to credit above the limit of its currency."""

from typing import Any

from django import forms
from djmoney.money import Money

from billing_admin.money.amounts import money_text
from credits.services.limits import AboveLimit


class _AgreeInput(forms.CheckboxInput):
    """A tick that carries what it says yes to, so that it does not count for another figure typed since."""

    def __init__(self, agreed_to: str) -> None:
        self.agreed_to = agreed_to
        super().__init__(check_test=lambda value: bool(value) and value == agreed_to)

    def format_value(self, value: Any) -> str:
        return self.agreed_to

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return str(data.get(name, ""))


class AgreeField(forms.CharField):
    """Gives the text that was ticked, or nothing. Asked, as `ask` says, only once there is something above a limit."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=1_000, widget=_AgreeInput(""), label="")

    def ask(self, agreed_to: str, label: str) -> None:
        """Show a tick beside `label`."""
        self.label = label
        self.widget = _AgreeInput(agreed_to)


def agreed_amount(text: str, amount: Money | None) -> Money | None:
    """The amount itself where it is what was ticked."""
    return amount if amount is not None and text == money_text(amount) else None


def ask_above_limit(form: forms.BaseForm, error: AboveLimit) -> None:
    """Show the tick on a form that was refused for its limit."""
    field = form.fields["above_limit"]
    assert isinstance(field, AgreeField)
    field.ask(money_text(error.amount), error.agree)
    form["above_limit"].label = error.agree
