"""An invoice, a credit note or a draft on paper: made of its snapshot alone."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing_admin.documents import Sheet, day_in, families, money_in, words

from .paper_lines import COLUMNS, lines_of, totals_of
from .paper_parties import buyer_block, payment_rows, seller_block
from .snapshot import Snapshot


def paper_of(snapshot: Snapshot, logo: bytes | None = None) -> Sheet:
    """The whole document without its XML. What became of the invoice since, as that it was cancelled, is not on it."""
    said = words(snapshot["language"])
    heading = _heading(snapshot, said)
    seller, on = snapshot["seller"], datetime.date.fromisoformat(snapshot["issued_on"])
    data = {
        "title": heading,
        "heading": heading,
        "lang": snapshot["language"],
        "region": seller["address"]["country"],
        "paper": seller["paper"],
        "accent": seller["accent"],
        "fonts": families(snapshot["buyer"]["address"]["country"]),
        "date": [on.year, on.month, on.day],
        "seller": seller_block(seller, snapshot["language"], said),
        "buyer": buyer_block(snapshot, said),
        "facts": [[said[label], text] for label, text in _facts(snapshot, said).items() if text],
        "highlight": _highlight(snapshot, said),
        "mark": "" if snapshot["number"] else said["draft"],
        "columns": [said[name] for name in COLUMNS],
        "lines": lines_of(snapshot, said),
        "totals": totals_of(snapshot, said),
        "payment": payment_rows(snapshot, said),
        "notes": _notes(snapshot, said),
    }
    return Sheet("invoice.typ", data, on, logo=logo)


def is_known(snapshot: Snapshot) -> bool:
    """Whether it has a snapshot: what was issued before the company was filled in does not know what was prepaid."""
    return snapshot["seller"]["id"] is not None


def _heading(snapshot: Snapshot, said: Mapping[str, str]) -> str:
    if not snapshot["number"]:
        return said["draft_invoice"]
    return f"{said[snapshot['kind']]} {snapshot['number']}"


def _facts(snapshot: Snapshot, said: Mapping[str, str]) -> dict[str, str]:
    """By the word that stands before each. A draft has no day of issue yet."""
    language, period, corrects = snapshot["language"], snapshot["period"], snapshot["corrects"]
    issued = _day(snapshot["issued_on"], language) if snapshot["number"] else ""
    is_note = snapshot["kind"] == "credit_note"
    supplied = issued and not period and not is_note and is_known(snapshot)
    first, last = (_day(day, language) for day in period) if period else ("", "")
    return {
        "credit_note_on" if is_note else "issued_on": issued,
        "delivered_on": _day(snapshot["delivered_on"], language) if supplied else "",
        "period": said["from_to"].format(first=first, last=last) if period else "",
        "due_on": _day(snapshot["due_on"], language),
        "for_invoice": f"{corrects['number']}, {_day(corrects['issued_on'], language)}" if corrects else "",
        "reason": snapshot["reason"],
        "po_number": snapshot["po_number"],
        "buyer_reference": snapshot["buyer_reference"],
    }


def _highlight(snapshot: Snapshot, said: Mapping[str, str]) -> str:
    """What is to be paid by when; nothing where nothing is, or where it is not known."""
    due = Decimal(snapshot["totals"]["due"])
    if snapshot["kind"] != "invoice" or due <= 0 or not snapshot["due_on"] or not is_known(snapshot):
        return ""
    amount = money_in(due, snapshot["currency"], snapshot["language"])
    return said["due_by"].format(amount=amount, day=_day(snapshot["due_on"], snapshot["language"]))


def _notes(snapshot: Snapshot, said: Mapping[str, str]) -> list[str]:
    """Why there is no tax, and how to pay."""
    notes = [said["price_includes_tax"]] if any(line["tax_included"] for line in snapshot["lines"]) else []
    for tax in snapshot["taxes"]:
        if tax["category"] == "E" and tax["reason"]:
            notes.append(said["exempt"].format(reason=tax["reason"]))
        elif tax["category"] in ("AE", "O"):
            notes.append(tax["reason"])
    return [*notes, *([snapshot["terms"]] if snapshot["terms"] else [])]


def _day(day: Any, language: str) -> str:
    return day_in(datetime.date.fromisoformat(day), language) if day else ""
