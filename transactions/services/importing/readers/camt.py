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

# 100 MB are some 100,000 bookings. An element that is not done within so many others is no booking.
LARGEST = 100_000_000
_MOST_ELEMENTS = 50_000
_MOST_IN_ONE_BOOKING = 100_000
_STATEMENT = "camt.053."
_CONTAINERS = ("Document", "BkToCstmrStmt", "Stmt")


def camt_entries(content: bytes) -> Iterator[Entry]:
    """The bookings of a statement, in their order.

    Raises BusinessError where it is no CAMT.053, or is broken off, or does not keep to the bounds.
    """
    if len(content) > LARGEST:
        raise BusinessError(f"The file is larger than {LARGEST:,} bytes. Ask the bank for a statement of less time.")
    if b"<!DOCTYPE" in (content.replace(b"\0", b"") if b"\0" in content else content):
        raise _document_type()
    try:
        yield from _Statement().entries(content)
    except etree.LxmlError as error:
        said = " ".join(str(error).split())[:200]
        raise BusinessError(f"The file is no XML that can be read, or is broken off: {said}.") from error


class _Statement:
    """Reads one file; what is above the booking that is being read is kept as text."""

    def __init__(self) -> None:
        self.account, self.line, self.pending = b"", 0, 0
        self.transactions: list[dict[str, str]] = []

    def entries(self, content: bytes) -> Iterator[Entry]:
        events: Any = etree.iterparse(
            io.BytesIO(content), events=("start", "end"), load_dtd=False, resolve_entities=False, no_network=True,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        inside, first = 0, True
        for event, element in events:
            if first:
                _require_statement(element)
                first = False
            name = _local(element)
            if event == "start":
                self.pending += 1
                if self.pending > _MOST_ELEMENTS:
                    raise BusinessError("The file has more in one booking than a booking can have. Is it a statement?")
                inside += name == "Ntry"
                continue
            if name == "TxDtls" and inside:
                self._keep_transaction(element)
            elif name == "Ntry":
                inside -= 1
                yield from self._booking(element)
                self._forget(element)
            elif not inside and _is_one_of(element.getparent(), _CONTAINERS):
                if name == "Acct":
                    self.account = _canonical(element.find("{*}Id"))
                self._forget(element)

    def _keep_transaction(self, element: Any) -> None:
        """What is needed of one transaction of a booking, before it is forgotten."""
        if len(self.transactions) >= _MOST_IN_ONE_BOOKING:
            raise BusinessError(f"A booking of the file has more than {_MOST_IN_ONE_BOOKING:,} transactions.")
        self.transactions.append(_said(element))
        self._forget(element)

    def _forget(self, element: Any) -> None:
        """Empty an element that was read, and drop all that stands before it in the same one."""
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]
        self.pending = 0

    def _booking(self, booking: Any) -> Iterator[Entry]:
        transactions, self.transactions = self.transactions, []
        head = _canonical(booking, without=("NtryRef", "NtryDtls", "AddtlNtryInf"))
        shared = _said_of_booking(booking)
        if len(transactions) < 2:
            said = transactions[0] if transactions else _said(booking)
            raw = said.get("raw", "") if transactions else said["AddtlNtryInf"]
            yield self._entry(head + raw.encode(), shared, said | {"Amt": shared["Amt"], "Ccy": shared["Ccy"]})
            return
        fault = _why_not_divided(shared, transactions)
        for said in transactions:
            own = {"bank_id": said["bank_id"], "Amt": said["Amt"], "Ccy": said["Ccy"] or shared["Ccy"]}
            direction = {"CdtDbtInd": said["CdtDbtInd"] or shared["CdtDbtInd"], "bank_id": ""}
            yield self._entry(head + said["raw"].encode(), shared | direction, said | own, fault)

    def _entry(self, raw: bytes, shared: dict[str, str], said: dict[str, str], fault: str = "") -> Entry:
        self.line += 1
        raw = self.account + raw
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
                text=said["text"] or said["AddtlNtryInf"],
            )
        except BusinessError as error:
            return Entry(self.line, raw, fault=str(error))


def _said_of_booking(booking: Any) -> dict[str, str]:
    amount = booking.find("{*}Amt")
    return {
        "Amt": _text(amount),
        "Ccy": "" if amount is None else str(amount.get("Ccy", "")),
        "CdtDbtInd": _found(booking, "CdtDbtInd"),
        "RvslInd": _found(booking, "RvslInd"),
        "Sts": _found(booking, "Sts/Cd", "Sts"),
        "on": _found(booking, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"),
        "bank_id": _found(booking, "AcctSvcrRef"),
    }


def _said(transaction: Any) -> dict[str, str]:
    """What a transaction says; the names and numbers of versions 02 to 07, then those of 08 and after."""
    amount = transaction.find("{*}Amt")
    if amount is None:
        amount = transaction.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    parties = "RltdPties"
    remittance = [each for part in transaction.iterfind("{*}RmtInf") for each in part.iter()]
    return {
        "raw": _canonical(transaction).decode(),
        "Amt": _text(amount),
        "Ccy": "" if amount is None else str(amount.get("Ccy", "")),
        "CdtDbtInd": _found(transaction, "CdtDbtInd"),
        "returned": _found(transaction, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/AddtlInf")
        or ("no reason given" if transaction.find("{*}RtrInf") is not None else ""),
        "name": _found(transaction, f"{parties}/Dbtr/Nm", f"{parties}/Dbtr/Pty/Nm", f"{parties}/UltmtDbtr/Nm",
                       f"{parties}/UltmtDbtr/Pty/Nm"),
        "account": _found(transaction, f"{parties}/DbtrAcct/Id/IBAN", f"{parties}/DbtrAcct/Id/Othr/Id"),
        "bank_id": _found(transaction, "Refs/AcctSvcrRef"),
        "end_to_end": _found(transaction, "Refs/EndToEndId"),
        "invoice": _joined(remittance, "Ref", "Nb"),
        "text": _joined(remittance, "Ustrd", "AddtlRmtInf") or _found(transaction, "AddtlTxInf"),
        "AddtlNtryInf": _found(transaction, "AddtlNtryInf"),
    }  # fmt: skip


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


def _canonical(element: Any, *, without: tuple[str, ...] = ()) -> bytes:
    """The element as bytes that do not change with prefixes, version or blanks."""
    if element is None:
        return b""
    parts: list[str] = []
    for child in [child for child in element if _local(child) not in without] if without else [element]:
        for event, each in etree.iterwalk(child, events=("start", "end")):
            if event == "end":
                parts.append(">")
                continue
            attributes = "".join(f" {name}={value}" for name, value in sorted(each.attrib.items()))
            parts.append(f"<{_local(each)}{attributes}:{_text(each)}")
    return "".join(parts).encode()


def _is_one_of(element: Any, names: tuple[str, ...]) -> bool:
    return element is not None and _local(element) in names


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _text(element: Any) -> str:
    return "" if element is None else " ".join((element.text or "").split())


def _found(element: Any, *paths: str) -> str:
    """The text at the first of these paths where there is one."""
    for path in paths:
        found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
        if text := _text(found):
            return text
    return ""


def _joined(elements: list[Any], *names: str) -> str:
    return BETWEEN_PARTS.join(text for each in elements if _local(each) in names and (text := _text(each)))


def _day(text: str) -> Any:
    try:
        return read_day(text, order="ymd")
    except BusinessError as error:
        raise BusinessError(f"The date {error}") from error
