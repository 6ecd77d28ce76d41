"""Giving credit to another client."""

from typing import Any

from django import forms

from clients.forms import ClientField
from clients.models import Client
from credits.models import CreditGrant

from .remove import RemoveCreditForm


class TransferForm(RemoveCreditForm):
    """Also to whom."""

    to = ClientField(
        asks=True,
        label="To client",
        error_messages={
            "required": "Name the client that gets the credit.",
            "choose": "Choose the client that gets the credit.",
        },
    )
    category = forms.ChoiceField(
        choices=[("", "Any, in the order it would be used"), *CreditGrant.Category.choices], required=False
    )
    field_order = ("to", "amount", "currency", "category", "description", "key")

    def __init__(self, *args: Any, source: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].required = False
        self.fields["amount"].widget.attrs.pop("autofocus", None)
        to = self.fields["to"]
        assert isinstance(to, ClientField)
        to.widget.besides = source.pk
        to.widget.attrs["autofocus"] = not self.is_bound
