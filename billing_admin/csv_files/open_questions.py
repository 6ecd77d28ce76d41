"""What a file leaves open, 3 April or 4 March, 1,234 or 1.234: asked, never guessed."""

from collections.abc import Iterable, Sequence

from billing_admin.errors import BusinessError

from .amounts import DecimalSign, decimal_sign_of, leaves_decimal_sign_open, read_amount
from .cells import quoted
from .dates import DATE_ORDERS, DateOrder, fitting_date_orders, read_day


class NeedsAnswer(BusinessError):
    """A file can be read in several ways; `question` names the field of the answer, `choices` say what each means."""

    def __init__(self, question: str, text: str, choices: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(text, field=question)
        self.question = question
        self.choices = choices


def date_order_of(name: str, cells: Iterable[tuple[int, str]]) -> DateOrder:
    """The one order in which the dates of a file can be read. Cells that are no date in any are bad rows later.

    `cells` are all that should hold a date, with their lines.
    """
    first: dict[str, int] = {}
    for line, text in cells:
        # The time of day says nothing about the order, and makes all cells different.
        first.setdefault(text.partition("T")[0].partition(" ")[0].rstrip(","), line)
    days = [text for text in first if fitting_date_orders([text])]
    if not days:
        return "ymd"  # names of months, or nothing that can be read
    fitting = fitting_date_orders(days)
    if len(fitting) == 1:
        return fitting.pop()
    open_cell = next((text for text in days if len(fitting_date_orders([text])) > 1), days[0])
    orders = [order for order in DATE_ORDERS if order in (fitting or fitting_date_orders([open_cell]))]
    choices = [(order, f"{read_day(open_cell, order=order):%-d %b %Y}") for order in orders]
    said = " or ".join(day for _, day in choices)
    raise NeedsAnswer("date_order", f"{quoted(open_cell)} on line {first[open_cell]} of {name} is {said}.", choices)


def decimal_sign_of_file(name: str, cells: Iterable[tuple[int, str]]) -> DecimalSign:
    """The decimal sign of the amounts of a file; `cells` are all that should hold one, with their lines."""
    open_cells: list[tuple[int, str]] = []
    for line, text in cells:
        if leaves_decimal_sign_open(text):
            open_cells = open_cells or [(line, text)]
        elif any(sign in text for sign in ".,") and (sign := decimal_sign_of([text])) and _matters(text):
            return sign
    if not open_cells:
        return "."
    ((line, text),) = open_cells
    choices = [(sign, f"{read_amount(text, decimal_sign=sign).value:f}") for sign in (".", ",")]
    said = " or ".join(amount for _, amount in choices)
    raise NeedsAnswer("decimal_sign", f"{quoted(text)} on line {line} of {name} is {said}.", choices)


def _matters(text: str) -> bool:
    """Whether it can be read with one decimal sign alone."""
    readable = 0
    for sign in (".", ","):
        try:
            read_amount(text, decimal_sign=sign)
        except BusinessError:
            continue
        readable += 1
    return readable == 1
