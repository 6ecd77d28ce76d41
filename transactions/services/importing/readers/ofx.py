"""OFX, the statement of an account in SGML (version 1) or XML (version 2), by the package ofxtools.

Each booking is taken apart by itself: what is wrong with one makes one bad row, and none can be larger than a booking
is. There is no XML parser in it, so there are no entities and no document types.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.decoding import decode
from billing_admin.errors import BusinessError
from transactions.selectors.payers import BETWEEN_PARTS

from .entry import Entry, plain_decimal, reference_or_none

_PIECE = re.compile(r"<(?P<tag>STMTTRN|CURDEF|ACCTID)>", re.IGNORECASE)
_VALUE = re.compile(r"[^<\r\n]{0,100}")
_END = re.compile(r"</STMTTRN>|<STMTTRN>|</BANKTRANLIST>|<LEDGERBAL>", re.IGNORECASE)
_LONGEST = 20_000
_NO_PAYMENTS = {
    "INT": "interest", "DIV": "a dividend", "FEE": "a fee", "SRVCHG": "a charge", "ATM": "from a cash machine",
    "HOLD": "held back",
}  # fmt: skip


def is_ofx(text: str) -> bool:
    """Whether a file begins as OFX does."""
    start = text[:2_000].upper()
    return "OFXHEADER" in start or "<OFX>" in start


def ofx_entries(content: bytes) -> Iterator[Entry]:
    """The bookings of all statements of a file."""
    text = decode(content).text
    currency, account, number, at = "", "", 0, 0
    while match := _PIECE.search(text, at):
        at, tag = match.end(), match["tag"].upper()
        if tag != "STMTTRN":
            found = _VALUE.match(text, at)
            value = found[0].strip() if found else ""
            currency, account = (value.upper(), account) if tag == "CURDEF" else (currency, value)
            continue
        number += 1
        end = _END.search(text, at, at + _LONGEST)
        if end is None:
            raise BusinessError(f"Booking {number:,} of the file does not end: it is broken off, or is no OFX.")
        yield _entry(number, account, currency, text[at : end.start()])
        at = end.start() if end[0].upper() == "<STMTTRN>" else end.end()


def _entry(number: int, account: str, currency: str, piece: str) -> Entry:
    from ofxtools.Parser import ParseError  # it takes half a second to load, which only such a file is worth
    from ofxtools.Types import DateTime

    raw = f"{account}\n{currency}\n{' '.join(piece.split())}".encode()
    try:
        said = _said(piece)
        amount = plain_decimal(said.get("TRNAMT", ""))
        currency = said.get("CURRENCY/CURSYM", "") or currency
        kind = said.get("TRNTYPE", "").upper()
        if amount < 0:
            return Entry(number, raw, left_out=f"{-amount} {currency} went out; only money that came in is booked.")
        if kind in _NO_PAYMENTS:
            return Entry(number, raw, left_out=f"It is {_NO_PAYMENTS[kind]}, no payment.")
        posted = said.get("DTPOSTED", "")
        moment: Any = DateTime().convert(posted)
        if moment is None:
            raise BusinessError("It has no date.")
        # A date alone is midnight in UTC to the package, and stays the day that it is.
        on = moment.date() if len(posted) <= 8 else timezone.localtime(moment).date()
    except BusinessError as error:
        return Entry(number, raw, fault=str(error))
    except (ParseError, ValueError, AssertionError, OverflowError, IndexError) as error:
        return Entry(number, raw, fault=f"It is not written as OFX: {quoted(str(error))}.")
    name = said.get("NAME", "") or said.get("PAYEE/NAME", "")
    return Entry(
        number, raw, on=on, amount=amount, currency=currency.upper(), name=name,
        account="".join((said.get("BANKACCTTO/ACCTID", "") or said.get("CCACCTTO/ACCTID", "")).split()),
        bank_id=reference_or_none(said.get("FITID", "")),
        payer_reference=reference_or_none(said.get("REFNUM", "") or said.get("CHECKNUM", "")),
        text=BETWEEN_PARTS.join(part for part in (said.get("EXTDNAME", ""), said.get("MEMO", "")) if part),
    )  # fmt: skip


def _said(piece: str) -> dict[str, str]:
    """The values of a booking by their names; `BANKACCTTO/ACCTID` where they stand in another element."""
    from ofxtools.Parser import TreeBuilder

    builder = TreeBuilder()
    builder.feed(f"<STMTTRN>{piece}</STMTTRN>")
    root: Any = builder.close()
    said: dict[str, str] = {}
    for element in root:
        for prefix, each in [("", element), *((f"{element.tag}/", child) for child in element)]:
            if each.text:
                said.setdefault(f"{prefix}{each.tag}", " ".join(html.unescape(each.text).split()))
    return said
