"""CAMT.053, the statement of an account in XML (ISO 20022), of any version.

Read as a stream: what was read is forgotten at once, and there are bounds to how much one booking may hold. A document
type is refused, so that there are no entities; nothing is fetched. A booking with several transactions is as many rows.
"""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from billing_admin.csv_files.dates import read_day
from billing_admin.errors import BusinessError
from transactions.selectors.payers import BETWEEN_PARTS

from .entry import Entry, plain_decimal, reference_or_none

# 100 MB are some 100,000 bookings. What is not done within two of them is no booking.
LARGEST = 100_000_000
_LARGEST_PIECE = 2_000_000
_MOST_IN_ONE_BOOKING = 100_000
_STATEMENT = "camt.053."
_SAID_OF_ACCOUNT = ("Tp", "Ccy", "Nm", "Prxy", "Ownr", "Svcr")


def camt_entries(content: bytes) -> Iterator[Entry]:
    """The bookings of a statement, in their order.

    Raises BusinessError where it is no CAMT.053, or is broken off, or does not keep to the bounds.
    """
    if len(content) > LARGEST:
        raise BusinessError(f"The file is larger than {LARGEST:,} bytes. Ask the bank for a statement of less time.")
    if b"<!DOCTYPE" in (content.replace(b"\0", b"") if b"\0" in content else content):
        raise _document_type()
    try:
        yield from _Statement(content).entries()
    except etree.LxmlError as error:
        said = " ".join(str(error).split())[:200]
        raise BusinessError(f"The file is no XML that can be read, or is broken off: {said}.") from error


class _Bounded(io.BytesIO):
    """The content of a file, of which no more is given out than a booking can have, until something was read of it."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.given += len(piece)
        if self.given > _LARGEST_PIECE:
            raise BusinessError("The file has more in one booking than a booking can have. Is it a statement?")
        return piece


class _Statement:
    """Reads one file, booking by booking, and forgets each at once."""

    def __init__(self, content: bytes) -> None:
        self.source, self.account, self.line = _Bounded(content), "", 0
        self.transactions: list[dict[str, str]] = []

    def entries(self) -> Iterator[Entry]:
        events: Any = etree.iterparse(
            self.source, tag=("{*}Ntry", "{*}TxDtls", "{*}Acct"), load_dtd=False, resolve_entities=False,
            no_network=True, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        checked = False
        for _, element in events:
            if not checked:
                _require_statement(element.getroottree().getroot())
                checked = True
            name, above = _local(element), element.getparent()
            if name == "TxDtls" and _local(above) == "NtryDtls":
                self._keep_transaction(element)
            elif name == "Ntry" and _local(above) == "Stmt":
                yield from self._booking(element)
                self._forget(element)
            elif name == "Acct" and _local(above) == "Stmt":
                self.account = _Told(element, without=_SAID_OF_ACCOUNT).raw
                self._forget(element)
        if not checked:
            _require_statement(events.root)

    def _keep_transaction(self, element: Any) -> None:
        """What is needed of one transaction of a booking, before it is forgotten."""
        if len(self.transactions) >= _MOST_IN_ONE_BOOKING:
            raise BusinessError(f"A booking of the file has more than {_MOST_IN_ONE_BOOKING:,} transactions.")
        self.transactions.append(_transaction(_Told(element)))
        self._forget(element)

    def _forget(self, element: Any) -> None:
        """Empty an element that was read, and drop all that stands before it in the same one."""
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]
        self.source.given = 0

    def _booking(self, booking: Any) -> Iterator[Entry]:
        transactions, self.transactions = self.transactions, []
        told = _Told(booking, without=("NtryRef", "NtryDtls", "AddtlNtryInf"))
        shared = _shared(told)
        if len(transactions) < 2:
            said = transactions[0] if transactions else _transaction(_Told(booking, without=("NtryRef",)))
            yield self._entry(told.raw + said["raw"], shared, said | {"Amt": shared["Amt"], "Ccy": shared["Ccy"]})
            return
        fault = _why_not_divided(shared, transactions)
        for said in transactions:
            own = {"Ccy": said["Ccy"] or shared["Ccy"]}
            direction = {"CdtDbtInd": said["CdtDbtInd"] or shared["CdtDbtInd"], "bank_id": ""}
            yield self._entry(told.raw + said["raw"], shared | direction, said | own, fault)

    def _entry(self, told: str, shared: dict[str, str], said: dict[str, str], fault: str = "") -> Entry:
        self.line += 1
        raw = f"{self.account}{told}".encode()
        if left_out := _why_left_out(shared, said):
            return Entry(self.line, raw, left_out=left_out)
        if fault:
            return Entry(self.line, raw, fault=fault)
        try:
            if not (shared["Sts"] and shared["CdtDbtInd"]):
                raise BusinessError("It does not say whether it is booked, or whether money came in or went out.")
            return Entry(
                self.line,
                raw,
                on=_day(shared["on"]),
                amount=plain_decimal(said["Amt"]),
                currency=said["Ccy"].upper(),
                name=said["name"],
                account="".join(said["account"].split()),
                bank_id=reference_or_none(said["bank_id"] or shared["bank_id"]),
                payer_reference=reference_or_none(said["end_to_end"]),
                invoice=said["invoice"],
                text=said["text"],
            )
        except BusinessError as error:
            return Entry(self.line, raw, fault=str(error))


class _Told:
    """All that an element says, read once: the first text by its path, and the whole as it is in any version."""

    def __init__(self, element: Any, *, without: tuple[str, ...] = ()) -> None:
        self._texts: dict[str, str] = {}
        self._remittance: list[tuple[str, str]] = []
        self._parts: list[str] = []
        for child in element:
            if _local(child) not in without:
                self._read(child, "")
        self.raw = "".join(self._parts)

    def _read(self, element: Any, above: str) -> None:
        name = _local(element)
        path = f"{above}{name}"
        text = _text(element)
        attributes = "".join(f" {key}={value}" for key, value in sorted(element.attrib.items()))
        self._parts.append(f"<{name}{attributes}:{text}")
        if text:
            self._texts.setdefault(path, text)
            if path.startswith("RmtInf/"):
                self._remittance.append((name, text))
        if currency := element.get("Ccy"):
            self._texts.setdefault(f"{path}@Ccy", currency)
        for child in element:
            self._read(child, f"{path}/")
        self._parts.append(">")

    def first(self, *paths: str) -> str:
        """The text at the first of these paths where there is one."""
        return next((text for path in paths if (text := self._texts.get(path))), "")

    def remittance(self, *names: str) -> str:
        """What the payer wrote in the elements with these names, each by itself."""
        return BETWEEN_PARTS.join(text for name, text in self._remittance if name in names)

    def has(self, name: str) -> bool:
        """Whether it has such an element."""
        return any(part.startswith(f"<{name}:") for part in self._parts)


def _shared(told: _Told) -> dict[str, str]:
    return {
        "Amt": told.first("Amt"),
        "Ccy": told.first("Amt@Ccy"),
        "CdtDbtInd": told.first("CdtDbtInd"),
        "RvslInd": told.first("RvslInd"),
        "Sts": told.first("Sts/Cd", "Sts"),
        "on": told.first("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"),
        "bank_id": told.first("AcctSvcrRef"),
    }


def _transaction(told: _Told) -> dict[str, str]:
    """What a transaction says; names are where versions 02 to 07 have them, or 08 and after."""
    who = "RltdPties"
    returned = told.first("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/AddtlInf")
    return {
        "raw": told.raw,
        "Amt": told.first("Amt", "AmtDtls/TxAmt/Amt"),
        "Ccy": told.first("Amt@Ccy", "AmtDtls/TxAmt/Amt@Ccy"),
        "CdtDbtInd": told.first("CdtDbtInd"),
        "returned": returned or ("no reason given" if told.has("RtrInf") else ""),
        "name": told.first(f"{who}/Dbtr/Nm", f"{who}/Dbtr/Pty/Nm", f"{who}/UltmtDbtr/Nm", f"{who}/UltmtDbtr/Pty/Nm"),
        "account": told.first(f"{who}/DbtrAcct/Id/IBAN", f"{who}/DbtrAcct/Id/Othr/Id"),
        "bank_id": told.first("Refs/AcctSvcrRef"),
        "end_to_end": told.first("Refs/EndToEndId"),
        "invoice": told.remittance("Ref", "Nb"),
        "text": told.remittance("Ustrd", "AddtlRmtInf") or told.first("AddtlTxInf", "AddtlNtryInf"),
    }


def _why_left_out(shared: dict[str, str], said: dict[str, str]) -> str:
    status, direction = shared["Sts"].upper(), shared["CdtDbtInd"].upper()
    if status and status != "BOOK":
        return f"It is not booked yet ({status})."
    if direction == "DBIT":
        return f"{said['Amt']} {said['Ccy']} went out; only money that came in is booked."
    if shared["RvslInd"].casefold() in ("true", "1"):
        return "It takes back an earlier booking."
    if said["returned"]:
        return f"It is money that came back ({said['returned']})."
    return ""


def _why_not_divided(shared: dict[str, str], transactions: list[dict[str, str]]) -> str:
    """What is wrong where the transactions of a booking do not come to what was booked."""
    if not all(said["Amt"] for said in transactions):
        return f"It is one of {len(transactions):,} transactions of a booking, and not each of them has an amount."
    if any(said["Ccy"] not in ("", shared["Ccy"]) for said in transactions):
        return f"It is one of {len(transactions):,} transactions of a booking, in another currency than it."
    try:
        total = sum(
            (plain_decimal(said["Amt"]) * (1 if said["CdtDbtInd"] in ("", shared["CdtDbtInd"]) else -1)
             for said in transactions), Decimal(0),
        )  # fmt: skip
        if total != plain_decimal(shared["Amt"]):
            return f"The transactions of its booking come to {total}, and the booking is {shared['Amt']}."
    except BusinessError as error:
        return str(error)
    return ""


def _require_statement(root: Any) -> None:
    if root is None:
        raise BusinessError("The file is no XML that can be read: there is nothing in it.")
    if root.getroottree().docinfo.internalDTD is not None:
        raise _document_type()
    namespace = etree.QName(root).namespace or ""
    if _local(root) != "Document" or _STATEMENT not in namespace:
        what = namespace.rpartition(":")[2] or _local(root)
        raise BusinessError(
            f"The file is XML, but no bank statement in CAMT.053 ({what[:60]}). Ask for CAMT.053, MT940 or CSV."
        )


def _document_type() -> BusinessError:
    return BusinessError("The file has a document type (DOCTYPE), which no bank statement has. It was not read.")


def _local(element: Any) -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2]


def _text(element: Any) -> str:
    return "" if element is None else " ".join((element.text or "").split())


def _day(text: str) -> Any:
    try:
        return read_day(text, order="ymd")
    except BusinessError as error:
        raise BusinessError(f"The date {error}") from error
