"""Invoice numbers as people write them: `INV-000012`, `inv 12`, `12`."""

import re

from clients.models import Client
from invoices.models import Invoice

_NUMBER = re.compile(r"(?P<prefix>.*?)(?P<digits>[0-9]{1,18})", re.ASCII)


def split_numbers(text: str) -> list[str]:
    """The numbers in a field, separated by commas, semicolons or spaces."""
    return [word for word in re.split(r"[,;\s]+", text) if word]


def invoices_numbered(number: str, client: Client | None = None) -> list[Invoice]:
    """The invoices, of one client or of all, that a number may mean; a prefix counts only where one was written."""
    match = _NUMBER.fullmatch(number.strip())
    if match is None:
        return []
    typed = _letters(match["prefix"])
    found = Invoice.objects.filter(number=int(match["digits"])).order_by("pk")
    if client is not None:
        found = found.filter(client=client)
    return [invoice for invoice in found if typed in ("", _letters(invoice.number_prefix))]


def _letters(prefix: str) -> str:
    return "".join(character for character in prefix.casefold() if character.isalnum())
