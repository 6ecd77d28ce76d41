"""Closing a client, and deleting it."""

from typing import Any

from django import forms

from clients.models import Client


class CloseForm(forms.Form):
    """Why the account is closed."""

    reason = forms.CharField(required=False, max_length=500, help_text="In the client’s activity.")


class NumberForm(forms.Form):
    """The client's number, typed before something goes for good. What belongs to no client has none."""

    number = forms.CharField(
        max_length=30,
        error_messages={"required": "Type the client’s number."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, client: Client | None, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        if client is None:
            del self.fields["number"]
        else:
            self.fields["number"].label = f"Type {client.number} to delete {what}"
            self.fields["number"].widget.attrs["data-enables"] = client.number

    def clean_number(self) -> str:
        assert self.client is not None
        typed: str = self.cleaned_data["number"]
        if typed.strip().lstrip("#") != str(self.client.number):
            raise forms.ValidationError(f"This client’s number is {self.client.number}; nothing was deleted.")
        return typed


class DeleteForm(NumberForm):
    """The client's number, typed; and apart from that, whether the transactions go too."""

    with_transactions = forms.BooleanField(required=False)

    def __init__(self, *args: Any, client: Client, transactions: int, **kwargs: Any) -> None:
        super().__init__(*args, client=client, what="this client", **kwargs)
        self.fields["number"].widget.attrs["form"] = self.fields["with_transactions"].widget.attrs["form"] = "delete"
        if transactions:
            self.fields["with_transactions"].label = f"Delete the transactions too ({transactions:,})"
        else:
            del self.fields["with_transactions"]
