"""Choosing a client in a form: typed as a number, name, e-mail address, phone or tax ID, with matches while typing.

What is chosen is written into the field as `Acme Ltd – No. 1234`. Without a script the clients that the text may mean
come back with the form, to choose one of.
"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clients.models import Client
from clients.selectors.found import client_label, clients_found

# How many clients are offered where several match what was typed.
OFFERED = 10

_LABEL = re.compile(r".* – No\. (?P<number>[0-9]{1,18})", re.ASCII | re.DOTALL)


class ClientInput(forms.TextInput):
    """The field, its lines while typing, and below it what the server offers to choose from."""

    template_name = "components/client_choice.html"
    offered: Sequence[Client] = ()
    besides: int | None = None
    """The id of a client that is not meant."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["offered"] = [(client_label(client), client) for client in self.offered]
        context["besides"] = self.besides
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen of those offered, unless the text was changed since they were."""
        typed, chosen = data.get(name), data.get(f"{name}_choice")
        return chosen if chosen and typed == data.get(f"{name}_offered") else typed


class ClientField(forms.CharField):
    """Gives the one client that is meant.

    With `asks` that is one that was chosen, or named by its number: a text comes back with what it may mean.
    """

    widget: ClientInput

    def __init__(self, *, asks: bool = False, **kwargs: Any) -> None:
        self.asks = asks
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("help_text", "Name, number, e-mail address, phone or tax ID.")
        super().__init__(widget=ClientInput(attrs={"autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A number as what is chosen by it."""
        client = _numbered(str(value or ""))
        return client_label(client) if client else value

    def clean(self, value: Any) -> Client | None:
        text = " ".join(super().clean(value).split())
        if not text:
            return None
        if client := _numbered(text.removeprefix("#")):
            return client
        if (chosen := _LABEL.fullmatch(text)) and (client := _numbered(chosen["number"])):
            if client_label(client) == text:
                return client
            raise ValidationError(f"Client {chosen['number']} is called {client.name} now. Choose the client again.")
        return self._only_match(text)

    def _only_match(self, text: str) -> Client:
        besides = self.widget.besides
        matches = list(Client.objects.matching(text).exclude(pk=besides or 0)[: OFFERED + 1])
        if not matches:  # a tax ID, or a phone without its country
            found = [client.pk for client in clients_found(text, OFFERED + 2) if client.pk != besides]
            matches = list(Client.objects.filter(pk__in=found[: OFFERED + 1]))
        if len(matches) == 1 and not self.asks:
            return matches[0]
        if not matches and text.removeprefix("#").isdecimal():
            raise ValidationError(f"There is no client {text.removeprefix('#')[:20]}.")
        if not matches:
            raise ValidationError(f"{'No other client' if besides else 'No client'} matches “{text}”.")
        self.widget.offered = sorted(matches, key=lambda client: (client.sort_name, client.pk))[:OFFERED]
        choose = self.error_messages.get("choose") or f"Several clients match “{text}”. Choose one."
        more = f" More than {OFFERED} match; type more of the name." if len(matches) > OFFERED else ""
        raise ValidationError(f"{choose}{more}")


def _numbered(number: str) -> Client | None:
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return Client.objects.with_number(int(number)) if is_number else None
