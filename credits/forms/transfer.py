"""Giving credit to another client."""

from typing import Any

from django import forms

from clients.models import Client
from credits.models import CreditGrant

from .remove import RemoveCreditForm

# How many clients are offered where several match what was typed.
OFFERED = 10


class TransferForm(RemoveCreditForm):
    """Also to whom. A number names the client; anything else offers those that it may mean."""

    to = forms.CharField(
        max_length=200,
        label="To client",
        error_messages={"required": "Name the client that gets the credit."},
        help_text="The client ID, or part of the name or e-mail address.",
    )
    target = forms.ChoiceField(required=False, widget=forms.RadioSelect, label="Which of them")
    category = forms.ChoiceField(
        choices=[("", "Any, in the order it would be used"), *CreditGrant.Category.choices], required=False
    )
    field_order = ("to", "target", "amount", "currency", "category", "description", "key")

    def __init__(self, *args: Any, source: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        self.fields["description"].required = False
        self.fields["amount"].widget.attrs.pop("autofocus", None)
        self.fields["to"].widget.attrs["autofocus"] = not self.is_bound
        self.offered: list[Client] = []
        if self.is_bound:
            self._offer(str(self.data.get("to", "")).strip())

    def _offer(self, typed: str) -> None:
        """Those that the text may mean become choices, unless it is the number of one of them."""
        if not typed or typed.lstrip("#").isdecimal():
            return
        found = Client.objects.matching(typed).exclude(pk=self.source.pk).order_by("sort_name", "pk")
        self.offered = list(found[: OFFERED + 1])
        target = self.fields["target"]
        assert isinstance(target, forms.ChoiceField)
        target.choices = [
            (str(client.number), f"{client.name} – No. {client.number}{f', {client.email}' if client.email else ''}")
            for client in self.offered[:OFFERED]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = cleaned.get("to", "")
        if not typed:
            return cleaned
        number = cleaned.get("target") or (typed.lstrip("#") if typed.lstrip("#").isdecimal() else "")
        if number:
            client = Client.objects.numbered(int(number)).first() if len(number) < 19 else None
            if client is None:
                self.add_error("to", f"There is no client {number[:20]}.")
            cleaned["client"] = client
        elif not self.offered:
            self.add_error("to", f"No other client matches “{typed}”.")
        elif "target" not in self.errors:
            more = f" More than {OFFERED} match; type more of the name." if len(self.offered) > OFFERED else ""
            self.add_error("target", f"Choose the client that gets the credit.{more}")
        return cleaned
