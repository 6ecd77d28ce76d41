"""What a request for approval is about, for its page."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse
from djmoney.money import Money

from billing_admin.money.amounts import money_text
from clients.models import ApprovalRequest

# What of it is shown, and as what.
_LABELS = {
    "balance": "New balance",
    "seen": "Balance when it was asked",
    "category": "Category",
    "target": "To client",
    "to": "Refund to",
    "on": "Day",
    "fee": "Fee",
    "expires_on": "Expires",
    "reference": "Reference",
    "description": "Description",
    "reason": "Reason typed on the form",
    "skip_bad": "Bad rows are left out",
    "again": "The same file a second time",
}
# Where a page shows what it is about: payload → what it is called, the page.
_PAGES = {
    "invoice": ("Invoice", "invoices:detail"),
    "payment": ("Payment", "transactions:detail"),
    "batch_id": ("File", "credits:batch"),
}


def asked_with(request: ApprovalRequest) -> list[tuple[str, str]]:
    """(label, words) of what the form said, while the request waits."""
    said = [(label, _words(request.payload.get(name))) for name, label in _LABELS.items()]
    return [(label, words) for label, words in said if words]


def links_of(request: ApprovalRequest) -> list[tuple[str, str]]:
    """(label, address) of what it is about: of a file, while the request waits."""
    return list(_links(request.payload))


def _links(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, (label, page) in _PAGES.items():
        match payload.get(name):
            case {"row": [_, pk]} | {"id": pk}:
                yield label, reverse(page, args=[pk])


def _words(packed: Any) -> str:
    match packed:
        case None | False | "":
            return ""
        case True:
            return "yes"
        case {"money": [amount, code]}:
            return money_text(Money(Decimal(amount), code))
        case {"day": day}:
            return f"{datetime.date.fromisoformat(day):%-d %b %Y}"
        case {"client": number}:
            return f"#{number}"
        case str():
            return packed
        case _:
            return ""
