"""What a picture shows: amounts of one currency, in series, each with the address of the rows that it is the sum of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.safestring import SafeString

from billing_admin.money.amounts import amount_text

from .drawing import NARROW, WIDE, Frame
from .shapes import SHAPES


@dataclass(frozen=True)
class Point:
    """One amount: of a month (`Nov 2026`) or of whatever the label says."""

    label: str
    amount: Decimal
    url: str = ""


@dataclass(frozen=True)
class Series:
    """Amounts of one kind, as many as there are labels."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Chart:
    """A picture in one of the shapes: `columns` or `line` over months, `bars` for a few parts of a whole.

    `key` is its own on the page. It is drawn twice, for wide and for narrow places; the style sheet shows one. Screen
    readers and keyboards have the table behind it.
    """

    key: str
    shape: str
    currency: str
    series: Sequence[Series]
    labelled: str = "Month"

    @cached_property
    def wide(self) -> SafeString:
        """The picture for a place as wide as a panel on a desk."""
        return self._draw(WIDE)

    @cached_property
    def narrow(self) -> SafeString:
        """The picture for a phone: fewer months, and what they are called above them."""
        return self._draw(NARROW)

    @property
    def named(self) -> str:
        """`Invoiced and paid`: its series."""
        return " and ".join(each.name for each in self.series).capitalize()

    @property
    def words(self) -> str:
        """`Nov 2026: Invoiced 1,234.00 USD, Collected 999.00 USD.`, or each part of a whole with its amount."""
        if self.shape == "bars":
            (series,) = self.series
            said = ", ".join(f"{point.label} {self.text(point.amount)}" for point in series.points)
            return f"{series.name}, {self.currency}: {said}."
        last = ", ".join(f"{each.name} {self.text(each.points[-1].amount)} {self.currency}" for each in self.series)
        return f"{self.series[0].points[-1].label}: {last}."

    @property
    def rows(self) -> Iterator[tuple[str, list[Point]]]:
        """The table: each label with the points of all series."""
        for place, first in enumerate(self.series[0].points):
            yield first.label, [each.points[place] for each in self.series]

    def text(self, amount: Decimal) -> str:
        """`1,234.00`."""
        return amount_text(amount, self.currency)

    def _draw(self, frame: Frame) -> SafeString:
        return SHAPES[self.shape](self, frame)
