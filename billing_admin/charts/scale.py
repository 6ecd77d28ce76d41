"""The axis of amounts: from zero, in round steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_STEPS = 4
_WORDS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 4, "k"))


@dataclass(frozen=True)
class Scale:
    """From the lowest to the highest mark; zero is always among them, above or below all amounts or between them."""

    marks: list[Decimal]

    @classmethod
    def of(cls, amounts: Iterable[Decimal]) -> "Scale":
        """A scale that holds these amounts."""
        every = [Decimal(0), *amounts]
        low, high = min(every), max(every)
        if low == high:
            return cls([Decimal(0), Decimal(1)])
        step = _round_up((high - low) / _STEPS)
        first = -(-low // step) if low >= 0 else (low // step) - (1 if low % step else 0)
        marks = [first * step]
        while marks[-1] < high:
            marks.append(marks[-1] + step)
        return cls(marks)

    def part(self, amount: Decimal) -> float:
        """Where an amount is between the lowest mark, 0, and the highest, 1."""
        return float((amount - self.marks[0]) / (self.marks[-1] - self.marks[0]))


def _round_up(amount: Decimal) -> Decimal:
    size = Decimal(10) ** amount.adjusted()
    return next(each * size for each in _ROUND if each * size >= amount)


def short(amount: Decimal) -> str:
    """`500`, `12.5k`, `3m`: a mark of the axis, not an amount to be reckoned with."""
    sign = "−" if amount < 0 else ""
    for size, word in _WORDS:
        if abs(amount) >= size:
            unit = size / 10 if word == "k" else size
            return f"{sign}{_plain(abs(amount) / unit)}{word}"
    return f"{sign}{_plain(abs(amount))}"


def _plain(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
