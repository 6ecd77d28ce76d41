"""Days as other systems write them. Which of day and month comes first is told by a whole column, never by one cell."""

import datetime
import re
from collections.abc import Iterable
from typing import Literal

from django.utils import timezone

from billing_admin.db.days import FIRST_YEAR, LAST_YEAR
from billing_admin.errors import BusinessError

from .cells import quoted

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")

# English, German, Dutch, French, Spanish; each name as a whole, and as it is cut.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner januari janv janvier ene enero",
            "feb february februar februari fév févr fev fevr février fevrier febr febrero",
            "mar march mär märz maerz mrz mrt maart mars marzo",
            "apr april avr avril abr abril",
            "may mai mei mayo",
            "jun june juni juin junio",
            "jul july juli juil juillet julio",
            "aug august augustus août aout ago agosto",
            "sep sept september septembre septiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember déc décembre decembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_LONGEST = 60
_FIGURES = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_DAY = r"(?P<day>\d{1,2})"
_NAMED = (
    re.compile(rf"{_DAY}(?:\.|st|nd|rd|th|er)?[- /]?(?:de )?{_NAME}[- /]?(?:de )?{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_NAME} ?{_DAY}(?:st|nd|rd|th)?(?:, ?| ){_YEAR}", re.IGNORECASE),
    re.compile(rf"(?P<year>\d{{4}})[- /]{_NAME}[- /]{_DAY}", re.IGNORECASE),
)
_TIME = re.compile(
    r"(?:t|,? )(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?P<zone>z|utc|gmt|(?P<sign>[+\-−])(?P<hours>\d{2}):?(?P<minutes>\d{2})?))?$",
    re.ASCII | re.IGNORECASE,
)


def read_day(text: str, *, order: DateOrder, zone: datetime.tzinfo | None = None) -> datetime.date:
    """The day in a cell, with or without a time. A time with a zone is of the day that it then is in `zone`.

    `order` counts where neither a year of four digits in front, nor a name, nor dots (which stand after the day) say
    it. `zone` is the installation’s unless given. Years of two digits are 2000 to 2069 and 1970 to 1999. Raises
    BusinessError that follows the column’s name and quotes the cell as it stands.
    """
    if not text.strip():
        raise BusinessError("is empty.")
    day = _read(text, order, zone)
    if day is None:
        raise BusinessError(f"{quoted(text)} is not a date that can be read ({_IN_WORDS[order]}).")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BusinessError(f"{quoted(text)} is not a day of the years {FIRST_YEAR} to {LAST_YEAR}.")
    return day


_IN_WORDS = {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}


def fitting_date_orders(values: Iterable[str]) -> set[DateOrder]:
    """The orders by which all values can be read; of those that make the same days of them, the first.

    More than one: the column leaves it open. None: no order fits all.
    """
    orders = list(DATE_ORDERS)
    differ = set()
    for value in set(values):  # a column has few days, and many rows
        days = {order: _read(value, order, datetime.UTC) for order in orders}
        for order, day in days.items():
            if day is None:
                orders.remove(order)
        differ |= {(one, other) for one in days for other in days if one != other and days[one] != days[other]}
    fitting: set[DateOrder] = set()
    for order in orders:
        if all((order, other) in differ for other in fitting):
            fitting.add(order)
    return fitting


def leaves_date_order_open(text: str) -> bool:
    """Whether a cell is one day in one order and another in another: `03/04/2026`."""
    return len(fitting_date_orders([text])) > 1


def _read(text: str, order: DateOrder, zone: datetime.tzinfo | None) -> datetime.date | None:
    if len(text) > _LONGEST:
        text = text.strip()
        if len(text) > _LONGEST:
            return None
    text = " ".join(text.split())
    time = _TIME.search(text)
    parts = _parts(text[: time.start()] if time else text, order)
    try:
        day = None if parts is None else datetime.date(*parts)
        return day if day is None or time is None else _day_at(day, time, zone)
    except (ValueError, OverflowError):
        return None


def _parts(text: str, order: DateOrder) -> tuple[int, int, int] | None:
    """Year, month and day, which need not be a day that there is."""
    if match := _TOGETHER.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _FIGURES.fullmatch(text):
        return _of_figures((match[1], match[3], match[4]), match[2], order)
    for named in _NAMED:
        if (match := named.fullmatch(text)) and (month := _MONTHS.get(match["name"].casefold())):
            return _year(match["year"]), month, int(match["day"])
    return None


def _of_figures(figures: tuple[str, str, str], separator: str, order: DateOrder) -> tuple[int, int, int] | None:
    first, second, third = figures
    if len(first) == 4 and len(third) <= 2:
        return int(first), int(second), int(third)
    if len(first) > 2 or len(third) not in (2, 4):
        return None
    if order == "ymd":
        return (_year(first), int(second), int(third)) if (separator, len(first), len(third)) == ("-", 2, 2) else None
    if order == "dmy":
        return _year(third), int(second), int(first)
    return (_year(third), int(first), int(second)) if separator != "." else None


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _day_at(day: datetime.date, time: re.Match[str], zone: datetime.tzinfo | None) -> datetime.date:
    hour = int(time["hour"])
    if time["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if time["half"].casefold() == "p" else 0)
    moment = datetime.datetime.combine(day, datetime.time(hour, int(time["minute"]), int(time["second"] or 0)))
    if not time["zone"]:
        return day
    offset = datetime.timedelta()
    if time["sign"]:
        if int(time["minutes"] or 0) > 59:
            raise ValueError
        offset = datetime.timedelta(hours=int(time["hours"]), minutes=int(time["minutes"] or 0))
    given = datetime.timezone(offset if time["sign"] == "+" else -offset)
    return moment.replace(tzinfo=given).astimezone(zone or timezone.get_default_timezone()).date()
