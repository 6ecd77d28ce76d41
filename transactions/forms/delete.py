"""Deleting transactions: the client's number; and taking a file back: what staff have looked at."""

from typing import Any

from django import forms

from billing_admin.web.seen_form import take_over
from clients.forms import NumberForm
from clients.models import Client


class TakeBackForm(forms.Form):
    """A digest of what the page showed of a booked file."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, seen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = seen

    def look_again(self, seen: str) -> None:
        """Take what the page shows now for seen."""
        take_over(self, {"seen": seen})


class DeleteTransactionsForm(NumberForm):
    """The client's number, typed. Nobody's money has no number."""

    def __init__(self, *args: Any, client: Client | None, **kwargs: Any) -> None:
        super().__init__(*args, client=client, what="these transactions", **kwargs)

    @property
    def typed(self) -> dict[str, Any]:
        """Nothing that the deletion needs to know."""
        return {}
