"""What a file of another system leaves open: only staff know it, and nothing is read until they say it."""

from dataclasses import dataclass, field
from typing import Literal

from billing_admin.csv_files.amounts import DecimalSign
from billing_admin.csv_files.dates import DateOrder


@dataclass(frozen=True)
class Answers:
    """What was said about a file; "" where it was not asked."""

    currency: str = ""
    date_order: DateOrder | Literal[""] = ""
    decimal_sign: DecimalSign | Literal[""] = ""


NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is taken otherwise than it stands in the file, and why."""

    line: int
    column: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A client of the file that may be one that is there: `number`, or the one on an earlier line of the file."""

    line: int
    name: str
    other: str
    number: int | None
    reasons: str


@dataclass
class Reading:
    """What came of reading a file beside its rows."""

    source: str
    changes: list[Change] = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)
