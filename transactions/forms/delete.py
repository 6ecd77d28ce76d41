"""Deleting transactions: what staff have looked at, and the client's number."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import KeyField
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
    """The client's number, typed, and a digest of the figures that the page showed. Nobody's money has no number."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    key = KeyField()

    def __init__(self, *args: Any, client: Client | None, seen: str, **kwargs: Any) -> None:
        super().__init__(*args, client=client, what="these transactions", **kwargs)
        self.initial["seen"] = seen

    def look_again(self, seen: str) -> None:
        """Take the figures that the page shows now for seen."""
        take_over(self, {"seen": seen})
