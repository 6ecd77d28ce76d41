"""Telling by a file alone what it is: a statement in XML, MT940 or OFX, or an export whose header is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from billing_admin.csv_files.decoding import decode
from billing_admin.csv_files.dialects import Dialect, Record, dialect_of, records
from billing_admin.csv_files.rows import DELIMITERS
from billing_admin.errors import BusinessError
from transactions.models import PaymentFileMapping

from .formats.ready import READY_FORMATS
from .formats.ready_format import folded
from .read import OWN_FORMAT
from .readers.statements import statement_of
from .table import COLUMNS

# The records that are looked at for a header.
_HEADER_WITHIN = 100


@dataclass(frozen=True)
class Recognised:
    """What a file is: a statement or a ready format with its code, or a saved format, or our own."""

    mapping: PaymentFileMapping
    ready_format: str = ""

    @property
    def words(self) -> str:
        """What it was taken for."""
        return f"The file is recognised as {self.mapping.name}."


def recognise(name: str, content: bytes) -> Recognised:
    """Which format a file has: the one most of whose columns stand in its header, a saved one before a ready one.

    Of several that tell the file equally, the one is taken whose name is in the name of the file. Raises BusinessError
    where none does, with the columns that were seen.
    """
    if (statement := statement_of(content)) is not None:
        return Recognised(statement.mapping(), statement.code)
    decoded = decode(content)
    seen: list[str] = []
    best: list[tuple[tuple[int, bool, bool], Recognised]] = []
    saved = list(PaymentFileMapping.objects.select_related("payment_method").order_by("pk"))
    for header in _headers(decoded.text):
        seen = seen or header
        columns = {folded(cell) for cell in header}
        for found, told_by in _candidates(saved):
            if told_by <= columns and len(told_by) > 1:
                is_saved = found.mapping.pk is not None
                named = found.mapping.name.split()[0].casefold() in name.casefold()
                best.append(((len(told_by), is_saved, named), found))
    if best:
        return max(best, key=lambda each: each[0])[1]
    there = ", ".join(cell[:60] for cell in seen if cell) or "none"
    raise BusinessError(
        f"{name} is in no format that is known. Its columns are: {there}. Choose the format (on the page; --format "
        "NAME), or make one with Add File Format.",
        field="file",
    )


def _candidates(saved: list[PaymentFileMapping]) -> Iterator[tuple[Recognised, set[str]]]:
    for mapping in (*saved, OWN_FORMAT):
        names = {getattr(mapping, f"{column}_column") for column in COLUMNS}
        if mapping is OWN_FORMAT:
            names = {"Date", "Amount", "Currency", "Method"}
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
