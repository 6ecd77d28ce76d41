"""MT940, the statement of an account in SWIFT’s tagged lines, by the package mt-940.

Each booking is read by itself, with the head of its statement: what is wrong with one makes one bad row. The text of a
booking is taken apart by the package where it has `?20` fields, here where it has words between slashes.
"""

import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any

from mt940.models import Transactions
from mt940.options import Options

from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.decoding import decode
from transactions.selectors.payers import BETWEEN_PARTS

from .entry import Entry, reference_or_none

_TAG = re.compile(r"^:(?P<tag>[0-9]{2}[A-Z]?):", re.MULTILINE)
_BALANCE = re.compile(r"[CD][0-9]{6}(?P<currency>[A-Z]{3})[0-9]")
# `/IBAN/…/NAME/…/REMI/…`, as Dutch banks write it; what stands after a word goes to the next one.
_WORD = re.compile(
    r"/(?P<word>TRTP|IBAN|BIC|NAME|REMI|EREF|ORDP|BENM|CSID|MARF|PURP|ISDT|ULTD|ULTC|RTRN|USTD|STRD|CNTP|KREF|CUR|ADDR)/"
)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
# Before a field that the one before it does not fill stands a blank, else it goes on in the middle of a word.
_FIELD = re.compile(r"(\?2[0-9][^?]{0,26})(?=\?2[0-9])")
_OPTIONS = Options(applicant_iban=True, gvc_leading_text=True, unbounded_details=True)
# It writes down what it cannot read, which is somebody’s; here that makes a bad row.
logging.getLogger("mt940").setLevel(logging.CRITICAL)
# The longest details of a booking; what is more is cut.
_LONGEST = 4_000


def is_mt940(text: str) -> bool:
    """Whether a file begins as MT940 does; some banks write a line or an envelope before it."""
    tags = {match["tag"] for match in _TAG.finditer(text[:5_000])}
    return "20" in tags and bool(tags & {"25", "60F", "60M", "61"})


def mt940_entries(content: bytes) -> Iterator[Entry]:
    """The bookings of all statements of a file."""
    text = decode(content).text.replace("\r\n", "\n").replace("\r", "\n")
    account, currency, booked_at, line, at = "", "", 0, 1, 0
    booking: str | None = None
    matches = list(_TAG.finditer(text))
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        line += text.count("\n", at, match.start())
        at = match.start()
        value = text[match.end() : end].split("\n-")[0].strip("\n -}")
        tag = match["tag"]
        if tag == "86" and booking is not None:
            yield _entry(booked_at, account, currency, booking, value)
            booking = None
            continue
        if booking is not None:
            yield _entry(booked_at, account, currency, booking, "")
            booking = None
        if tag == "25":
            account = value
        elif tag in ("60F", "60M"):
            found = _BALANCE.match(value)
            currency = found["currency"] if found else ""
        elif tag == "61":
            booking, booked_at = value, line
    if booking is not None:
        yield _entry(booked_at, account, currency, booking, "")


def _entry(line: int, account: str, currency: str, booking: str, details: str) -> Entry:
    raw = f"{account}\n{currency}\n{booking}\n{details}".encode()
    if not currency:
        return Entry(line, raw, fault="Its statement does not say in which currency it is (:60F:).")
    details = details[:_LONGEST]
    if "?" in details:
        details = details.replace("\n", "")
    parsed: Any = Transactions(options=_OPTIONS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed.parse(
                f":20:X\n:25:X\n:60F:C260101{currency}0,\n:61:{booking[:500]}\n:86:{_FIELD.sub(r'\1 ', details)}\n"
            )
        data: dict[str, Any] = parsed.transactions[0].data
        amount, status = data["amount"].amount, data["status"]
        on = data.get("entry_date") or data["date"]
    except (RuntimeError, ValueError, KeyError, IndexError, ArithmeticError):
        return Entry(line, raw, fault=f"The booking {quoted(booking)} is not written as MT940.")
    if status != "C":
        return Entry(line, raw, left_out=_LEFT_OUT[status].format(f"{abs(amount)} {currency}"))
    name, iban, end_to_end, text = _said(data, details)
    return Entry(
        line, raw, on=on, amount=amount, currency=currency, name=name, account=iban,
        payer_reference=reference_or_none(end_to_end or str(data.get("customer_reference") or "")), text=text,
    )  # fmt: skip


_LEFT_OUT = {
    "D": "{} went out; only money that came in is booked.",
    "RC": "It takes back an earlier booking of {}.",
    "RD": "It takes back an earlier booking of {}.",
}


def _said(data: dict[str, Any], details: str) -> tuple[str, str, str, str]:
    """The payer’s name, account and reference, and the text."""
    if words := _words(details):
        structured = words.get("STRD", "")
        text = words.get("USTD") or words.get("REMI") or words.get("ORDP") or ""
        counterparty = words.get("CNTP", "").split("/")
        name = words.get("NAME", "") or (counterparty[2] if len(counterparty) > 2 else "")
        iban = words.get("IBAN", "") or counterparty[0]
        text = BETWEEN_PARTS.join(part for part in (text, structured) if part)
        return name, iban, words.get("EREF", ""), text
    name = str(data.get("applicant_name") or "")
    iban = str(data.get("applicant_iban") or "")
    purpose = [str(data.get(key) or "") for key in ("purpose", "additional_purpose")]
    text = BETWEEN_PARTS.join(part for part in purpose if part)
    if not (name or text):
        text = BETWEEN_PARTS.join(line.strip() for line in details.splitlines())
        found = _IBAN.search(text)
        iban = found[0] if found else ""
    return name, iban, str(data.get("end_to_end_reference") or ""), text


def _words(details: str) -> dict[str, str]:
    joined = details.replace("\n", "")
    found = list(_WORD.finditer(joined))
    words: dict[str, str] = {}
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(joined)
        words.setdefault(match["word"], " ".join(joined[match.end() : end].strip("/ ").split()))
    return words if len(words) > 1 else {}
