"""What each kind of mail says as delivered, in each language of ours, and which places its text has."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from billing_admin.documents.languages import LANGUAGES, day_in, language_for, money_in

_WORDS = Path(__file__).resolve().parents[2] / "templates" / "mail" / "words"
REMINDER_LEVELS = 3
# Kind → the levels that have a text of their own.
LEVELS = {"reminder": range(1, REMINDER_LEVELS + 1), "password_reset": range(2)}

_FOR_ALL = {
    "name": "whom it is to, as a letter would address them",
    "company": "the company’s name",
    "client_number": "the client’s number",
}
_OF_INVOICE = {
    "number": "the invoice’s number",
    "issued_on": "the day of issue",
    "total": "the total",
    "to_pay": "what is left to pay",
    "due_on": "when it is due",
    "payment_reference": "what to write on the payment",
}
_OF_REQUEST = {
    "action": "what was asked for",
    "amount": "how much of it",
    "link": "where the request is: on a line of its own",
}
# By the code of the kind; what a place says, for whoever edits the text.
PLACES: dict[str, dict[str, str]] = {
    "invoice": {**_OF_INVOICE, "credit_applied": "how much of it the client’s credit paid, if any"},
    "credit_note": {
        "number": "the credit note’s number",
        "invoice": "the invoice’s number",
        "issued_on": "the day of issue",
        "total": "the total",
        "reason": "why, as it was typed",
    },
    "payment": {
        "amount": "what came in",
        "received_on": "the day it came in",
        "method": "the payment method",
        "reference": "the payment’s reference, if any",
        "invoices": "the invoices that it paid",
        "to_pay": "what is left to pay of them, if anything",
        "kept_as_credit": "what became credit, if anything",
    },
    "credit": {
        "amount": "the credit given",
        "reason": "its description, as it was typed",
        "expires_on": "when it expires, if it does",
        "balance": "the client’s credit balance",
    },
    "expiring": {
        "amount": "what is left of the credit",
        "expires_on": "when it expires",
        "balance": "the client’s credit balance",
    },
    "reminder": {**_OF_INVOICE, "days": "how many days it is overdue", "fee": "the fee of the level, if any"},
    "statement": {
        "first_day": "the first day",
        "last_day": "the last day",
        "owed": "what is owed, in each currency",
        "credit": "what is held in credit, if anything",
    },
    "invitation": {
        "inviter": "who invites them",
        "link": "the link by which they join: on a line of its own",
        "until": "until when the link is taken",
    },
    "password_reset": {
        "username": "their user name",
        "link": "the link to choose a password: on a line of its own",
    },
    "password_reset 1": {"username": "their user name", "day": "the day it was changed"},
    "email_change": {"username": "their user name", "link": "the link that confirms it: on a line of its own"},
    "email_changed": {"username": "their user name", "day": "the day it was changed"},
    "approval_asked": {"requester": "who asks for it", **_OF_REQUEST},
    "approval_given": {"approver": "who approved it", **_OF_REQUEST},
    "approval_refused": {"approver": "who refused it", **_OF_REQUEST},
    "test": {"day": "the day it was sent", "sender": "whom it is from", "server": "how mail leaves"},
}
for _places in PLACES.values():
    _places |= _FOR_ALL


@dataclass(frozen=True)
class Words:
    """Subject and plain text of a kind, with their places."""

    subject: str
    body: str


def delivered(kind: str, language: str, level: int = 0) -> Words:
    """What this kind says unless an installation says it otherwise. A level that has none of its own says the last."""
    found = _all_words()[language_for(language)]
    return found[f"{kind} {min(max(level, 1), REMINDER_LEVELS)}" if kind == "reminder" else _key(kind, level)]


def places_of(kind: str, level: int = 0) -> dict[str, str]:
    """The places of a text, and what each says."""
    return PLACES["reminder" if kind == "reminder" else _key(kind, level)]


def _key(kind: str, level: int) -> str:
    return f"{kind} {level}" if level else kind


@cache
def _all_words() -> dict[str, dict[str, Words]]:
    return {code: _read(_WORDS / f"{code}.json") for code in LANGUAGES}


def _read(path: Path) -> dict[str, Words]:
    told: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return {
        kind: Words(str(said["subject"]), "\n".join(str(line) for line in said["body"]))  # type: ignore[attr-defined]
        for kind, said in told.items()
    }


def example(kind: str, language: str, company: str, level: int = 0) -> Mapping[str, str]:
    """Something for every place of a kind, so that a text can be looked at before anything is about anybody."""
    day = datetime.date(2026, 11, 30)

    def money(amount: str) -> str:
        return money_in(Decimal(amount), "EUR", language)

    def on(days: int) -> str:
        return day_in(day + datetime.timedelta(days), language)

    all_of_them = {
        "name": "Maria Keller", "company": company, "client_number": "1001", "number": "INV-000123",
        "invoice": "INV-000123", "invoices": "INV-000123, INV-000124", "issued_on": on(0), "total": money("1240.00"),
        "to_pay": money("1200.00"), "due_on": on(14), "payment_reference": "INV-000123",
        "credit_applied": money("40.00"),
        "reason": "Downtime on 24 November", "amount": money("1200.00"), "received_on": on(0),
        "method": "Bank transfer",
        "reference": "RF18 5390 0754 7034", "kept_as_credit": money("15.00"), "expires_on": on(7),
        "balance": money("40.00"), "days": str(7 * max(level, 1)), "fee": money("5.00") if level > 1 else "",
        "first_day": on(-29), "last_day": on(0), "owed": money("1200.00"), "credit": money("40.00"), "day": on(0),
        "sender": f"{company} <billing@example.com>", "server": "smtp",
        "inviter": "Robin Marsh", "username": "maria", "until": on(7), "link": "https://billing.example.com/…",
        "requester": "Sam Lee", "approver": "Robin Marsh", "action": "Add credit",
    }  # fmt: skip
    own = {
        "payment": {"kept_as_credit": "", "to_pay": ""},
        "credit_note": {"number": "CN-000007"},
        "reminder": {"issued_on": on(-7 * max(level, 1) - 14), "due_on": on(-7 * max(level, 1))},
    }.get(kind, {})
    return {name: own.get(name, all_of_them[name]) for name in places_of(kind, level)}
