"""A table of which more is read than is staged: columns whose names begin with `_`, for what is made of them."""

from dataclasses import dataclass

from .table import Table


@dataclass(frozen=True)
class BesideTable(Table):
    """`finish` is given every row, and takes (`pop`) the columns that are not staged."""

    odd: str = "1"

    @property
    def columns(self) -> list[str]:
        return [name for name in super().columns if not name.startswith("_")]
