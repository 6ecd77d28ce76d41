"""What version 0.1.0 called the rows of a file, so that what it booked is known again. Frozen: its reader as it was.

It hashed what it read out of a row, by the format and with the payment method of the day. Every format that there was
then is tried whose columns are in the file. Rows with a reference had no hash: they are known by method, reference,
day and amount.
"""

import csv
import datetime
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from billing_admin.money.currencies import CURRENCIES
from transactions.models import FormerPaymentFormat, PaymentMethod

_COLUMNS = ("date", "amount", "currency", "method", "reference", "invoice", "name", "text", "fees")
# The columns of its own format that a file could do without.
_MAY_LACK = ("Reference", "Invoice", "Name", "Description", "Fees")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_AMOUNT = re.compile(r"(?P<sign>[-−]?)(?P<whole>[0-9]+)(?:\.(?P<places>[0-9]+))?", re.ASCII)
_GROUPED = {
    False: re.compile(r"[-−]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII),
    True: re.compile(r"[-−]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", re.ASCII),
}


class FormerReference(NamedTuple):
    """By what a row with a reference is known."""

    method_id: int
    reference: str
    on: datetime.date
    amount: Decimal
    currency: str


class FormerNames(NamedTuple):
    """What 0.1.0 called one row, under each of the formats that fit."""

    keys: tuple[str, ...] = ()
    references: tuple[FormerReference, ...] = ()


def former_names(content: bytes) -> dict[int, FormerNames]:
    """By the line that a row starts on. Nothing where no format of 0.1.0 was kept: then it booked nothing here."""
    methods = {method.name.casefold(): method.pk for method in PaymentMethod.objects.all()}
    names: dict[int, FormerNames] = {}
    for former in FormerPaymentFormat.objects.order_by("pk"):
        try:
            found = list(_rows(content, former.columns, methods))
        except (UnicodeDecodeError, csv.Error, LookupError):
            continue  # it refused such a file
        for line, name in found:
            keys, references = names.get(line, FormerNames())
            if isinstance(name, str):
                names[line] = FormerNames(tuple(dict.fromkeys((*keys, name))), references)
            else:
                names[line] = FormerNames(keys, tuple(dict.fromkeys((*references, name))))
    return names


def _rows(
    content: bytes, mapping: dict[str, Any], methods: dict[str, int]
) -> Iterator[tuple[int, str | FormerReference]]:
    text = content.decode("utf-8-sig" if mapping["encoding"] == "utf-8" else mapping["encoding"])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping["delimiter"], strict=True)
    places: dict[str, int] | None = None
    occurrences: Counter[str] = Counter()
    while True:
        line = reader.line_num + 1
        record = next(reader, None)
        if record is None:
            return
        if not any(value.strip() for value in record):
            continue
        if places is None:
            places = _places(record, mapping)
            continue
        values = {
            column: " ".join(record[place].split()) if place < len(record) else "" for column, place in places.items()
        }
        try:
            named = _name(values, mapping, methods, occurrences)
        except (ValueError, InvalidOperation):
            continue  # it was bad, or money that went out
        yield line, named


def _places(header: list[str], mapping: dict[str, Any]) -> dict[str, int]:
    names = [" ".join(value.split()).casefold() for value in header]
    places = {}
    for column in _COLUMNS:
        wanted = mapping[f"{column}_column"]
        found = [place for place, given in enumerate(names) if given == " ".join(wanted.split()).casefold()]
        if not wanted:
            continue
        if len(found) == 1:
            places[column] = found[0]
        elif found or not mapping.get("own") or wanted not in _MAY_LACK:
            raise LookupError(wanted)
    return places


def _name(
    values: dict[str, str], mapping: dict[str, Any], methods: dict[str, int], occurrences: Counter[str]
) -> str | FormerReference:
    if any(_CONTROL.search(value) for value in values.values()):
        raise ValueError
    currency = values.get("currency") or mapping["currency"]
    if currency not in CURRENCIES:
        raise ValueError
    amount = _amount(values["amount"], mapping["decimal_comma"], currency)
    fees_text = values.get("fees", "")
    fees = _amount(fees_text, mapping["decimal_comma"], currency) if fees_text else Decimal(0)
    if amount <= 0 or not 0 <= fees <= amount:
        raise ValueError
    told = values.get("method", "")
    method_id = methods.get(told.casefold()) if told else mapping["payment_method_id"]
    reference = values.get("reference", "")
    if method_id is None or len(reference) > 200 or not values["date"].isascii():
        raise ValueError
    on = datetime.datetime.strptime(values["date"], mapping["date_format"]).date()  # noqa: DTZ007 - a day has no zone
    if reference:
        return FormerReference(method_id, reference, on, amount, currency)
    texts = (values.get("invoice", "")[:500], values.get("name", "")[:300], values.get("text", "")[:500])
    content = _hash(method_id, on, amount, fees, currency, *texts)
    occurrences[content] += 1
    return content if occurrences[content] == 1 else _hash("again", content, occurrences[content])


def _amount(text: str, decimal_comma: bool, currency: str) -> Decimal:
    point, group = (",", ".") if decimal_comma else (".", ",")
    if _GROUPED[decimal_comma].fullmatch(text):
        text = text.replace(group, "")
    elif decimal_comma and "." in text:
        raise ValueError
    match = _AMOUNT.fullmatch(text.replace(point, "."))
    places = CURRENCIES[currency]
    if match is None or len(match["whole"].lstrip("0")) > 15 or len((match["places"] or "").rstrip("0")) > places:
        raise ValueError
    amount = Decimal(f"{'-' if match['sign'] else ''}{match['whole']}.{match['places'] or '0'}")
    return amount.quantize(Decimal(1).scaleb(-places)) + 0


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
