"""What a ready format is: the columns that tell it, and how it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from transactions.models import PaymentFileMapping


@dataclass(frozen=True)
class ReadyFormat:
    """How one export of a bank or gateway is read, without that anybody saved it.

    `told_by` are columns that stand in every such file and together in no other; `methods` are names that a fitting
    payment method may have; `columns` are those of a saved format.
    """

    code: str
    name: str
    methods: tuple[str, ...]
    told_by: tuple[str, ...]
    columns: dict[str, Any]

    def mapping(self) -> PaymentFileMapping:
        """The format, not saved; columns that say nothing of what a payment is may be missing in a file."""
        return PaymentFileMapping(name=self.name, **self.columns)

    def stands_in(self, header: Iterable[str]) -> bool:
        """Whether all columns that tell it are in a header, of `folded` names."""
        return {folded(name) for name in self.told_by} <= set(header)


def folded(name: str) -> str:
    """The name of a column without what may differ: case and blanks."""
    return " ".join(name.split()).casefold()


def values(*lists: Sequence[str]) -> str:
    """Values of a column as a format keeps them."""
    return ";".join(value for each in lists for value in each)
