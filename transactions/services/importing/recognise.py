"""Telling by a file alone what it is: a statement in XML, MT940 or OFX, or an export whose header is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from billing_admin.csv_files.decoding import decode
from billing_admin.csv_files.dialects import Dialect, Record, dialect_of, records
from billing_admin.csv_files.rows import DELIMITERS
from transactions.models import PaymentFileMapping, PaymentMethod

from .formats.banks import BANK_METHODS
from .formats.ready import READY_FORMATS, ready_format
from .formats.ready_format import folded
from .read import OWN_FORMAT
from .readers.statements import STATEMENTS, statement_of
from .table import COLUMNS

# The records that are looked at for a header.
_HEADER_WITHIN = 100
# So many columns are enough to tell a file by a saved format.
_ENOUGH = 4
_TELL_OWN = ("date", "amount", "currency", "method")


@dataclass(frozen=True)
class Recognised:
    """What a file is: a statement or a ready format with its code, or a saved format, or our own."""

    mapping: PaymentFileMapping
    ready_format: str = ""

    @property
    def words(self) -> str:
        """What it was taken for; nothing where it is our own format."""
        return "" if self.mapping is OWN_FORMAT else f"The file is recognised as {self.mapping.name}."


def recognise(name: str, content: bytes) -> Recognised:
    """Which format a file has: the one of those whose columns all stand in its header that names most of them.

    A saved one of four columns or more goes before the ready ones: somebody made it for such files. Of several that
    are equal, the one whose name is in that of the file. Where none fits it is our own, which says what it lacks.
    """
    if (statement := statement_of(content)) is not None:
        return Recognised(_with_method(statement.mapping(), BANK_METHODS), statement.code)
    saved = list(PaymentFileMapping.objects.select_related("payment_method").order_by("pk"))
    best: tuple[tuple[bool, int, bool], Recognised] | None = None
    for header in _headers(decode(content).text):
        columns = {folded(cell) for cell in header}
        for found, told_by in _candidates(saved):
            if len(told_by) > 1 and told_by <= columns:
                made_for_it = found.mapping.pk is not None and len(told_by) >= _ENOUGH
                named = found.mapping.name.split()[0].casefold() in name.casefold()
                rank = (made_for_it, len(told_by), named)
                if best is None or rank > best[0]:
                    best = rank, found
    if best is None:
        return Recognised(OWN_FORMAT)
    _, found = best
    if (ready := ready_format(found.ready_format)) is not None:
        return Recognised(_with_method(found.mapping, ready.methods), ready.code)
    return found


def format_with_code(code: str) -> PaymentFileMapping | None:
    """The ready format or statement with this code, with the payment method that fits it."""
    if (statement := STATEMENTS.get(code)) is not None:
        return _with_method(statement.mapping(), BANK_METHODS)
    ready = ready_format(code)
    return None if ready is None else _with_method(ready.mapping(), ready.methods)


def _with_method(mapping: PaymentFileMapping, names: Sequence[str]) -> PaymentFileMapping:
    """The format with the first active payment method that has one of these names; without one it is asked."""
    active = {method.name.casefold(): method for method in PaymentMethod.objects.filter(active=True)}
    mapping.payment_method = next((active[name.casefold()] for name in names if name.casefold() in active), None)
    return mapping


def _candidates(saved: list[PaymentFileMapping]) -> Iterator[tuple[Recognised, set[str]]]:
    for mapping in (*saved, OWN_FORMAT):
        columns = _TELL_OWN if mapping is OWN_FORMAT else COLUMNS
        names = {getattr(mapping, f"{column}_column") for column in columns}
        yield Recognised(mapping), {folded(name) for name in names if name}
    for ready in READY_FORMATS:
        yield Recognised(ready.mapping(), ready.code), {folded(name) for name in ready.told_by}


def _headers(text: str) -> Iterator[list[str]]:
    """The records that can be the header, by each separator, first as the file looks."""
    looked = dialect_of(text)
    for delimiter in dict.fromkeys((looked.delimiter, *DELIMITERS)):
        dialect = looked if delimiter == looked.delimiter else dialect_of(text, delimiter=delimiter)
        if delimiter == looked.delimiter:
            yield from islice(_cells(text, dialect), 1)
        first = Dialect(dialect.delimiter, dialect.quotechar, 1)
        yield from islice((cells for cells in _cells(text, first) if len(cells) > 1), _HEADER_WITHIN)


def _cells(text: str, dialect: Dialect) -> Iterator[list[str]]:
    return (
        [" ".join(cell.split()) for cell in record.cells]
        for record in records(text, dialect)
        if isinstance(record, Record)
    )
