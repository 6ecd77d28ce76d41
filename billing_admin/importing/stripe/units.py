"""Whether the amounts of a file are counted in units (12.00) or in the smallest ones (1200): told by looking."""

from dataclasses import dataclass

from billing_admin.money.amounts import minor_units
from billing_admin.money.currencies import CURRENCIES

from .columns import AMOUNTS
from .export import Export
from .values import MAJOR, MINOR


@dataclass
class Looked:
    """What was seen of one file so far. `point_at`: the line of the first amount with a decimal point."""

    point_at: int = 0
    whole: int = 0
    example: str = ""

    def look(self, export: Export, line: int, row: list[str]) -> None:
        """Look at one row, unless it is known already."""
        if self.point_at:
            return
        code = export.cell(row, "currency").upper()
        if code in CURRENCIES and not minor_units(code):
            return  # both are the same
        for column in AMOUNTS[export.said]:
            told = export.cell(row, column)
            if "." in told:
                self.point_at, self.example = line, told
                return
            if told.strip("-0"):
                self.whole += 1
                self.example = self.example or told

    @property
    def units(self) -> str:
        """Amounts of which none has a point are counted in the smallest unit, as the API counts them."""
        return MAJOR if self.point_at or not self.whole else MINOR

    @property
    def why(self) -> str:
        """In words, by what it was told."""
        if self.point_at:
            return f"“{self.example}” on line {self.point_at} has a decimal point"
        if self.whole:
            return f"none of {self.whole:,} amounts has a decimal point; the first is “{self.example}”"
        return "there is no amount by which it could be told"
