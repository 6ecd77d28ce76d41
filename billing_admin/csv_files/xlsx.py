"""Writing XLSX: text stays text, whatever it begins with; amounts are numbers and days are days."""

import datetime
import re
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

# More digits than these a spreadsheet does not keep: then the amount stays text.
_MOST_DIGITS = 15
_AMOUNT = re.compile(r"-?[0-9]+(?:\.(?P<places>[0-9]+))?", re.ASCII)
# A cell holds no more.
_LONGEST = 32_767
# Before that a spreadsheet has no days.
_FIRST_YEAR = 1901
_WIDTH = 16


def xlsx_file(
    title: str, headings: Sequence[str], amounts: Sequence[bool], rows: Iterable[Sequence[object]]
) -> IO[bytes]:
    """The rows as a temporary file, at its beginning; it goes when it is closed. `amounts` says which columns are.

    Row by row: memory does not grow with them.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 the caller reads and closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, _WIDTH)
    formats = _Formats(book)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats.heading)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date) and value.year >= _FIRST_YEAR:
                sheet.write_datetime(number, column, value, formats.day)
            elif type(value) is int and abs(value) < 10**_MOST_DIGITS:
                sheet.write_number(number, column, value)
            elif (match := amounts[column] and _AMOUNT.fullmatch(str(value))) and len(match[0]) <= _MOST_DIGITS:
                sheet.write_number(number, column, float(match[0]), formats.amount(len(match["places"] or "")))
            elif value is not None and value != "":
                sheet.write_string(number, column, str(value)[:_LONGEST])
    book.close()
    file.seek(0)
    return file


class _Formats:
    """How cells look; those of amounts by their decimal places."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._amounts: dict[int, object] = {}
        self.heading = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})

    def amount(self, places: int) -> object:
        """`#,##0.00`"""
        if places not in self._amounts:
            self._amounts[places] = self._book.add_format({"num_format": f"#,##0.{'0' * places}".rstrip(".")})
        return self._amounts[places]
