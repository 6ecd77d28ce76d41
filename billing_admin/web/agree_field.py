"""Saying yes to a figure: a tick that carries what it says yes to."""

from typing import Any

from django import forms


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
    """Gives the text that was ticked, or nothing. Asked, as `ask` says, only once there is something to say yes to."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=1_000, widget=_AgreeInput(""), label="")

    def ask(self, agreed_to: str, label: str) -> None:
        """Show a tick beside `label`."""
        self.label = label
        self.widget = _AgreeInput(agreed_to)
