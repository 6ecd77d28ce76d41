"""The figures of a comparison in grids: a row for each currency and status (or month), a column for each sum."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from billing_admin.models import SystemImport
from billing_admin.money.amounts import exact_text

# What figures are about, by the beginning of their names → title, what a row is beside its currency, name of figure →
# what its column says.
_GRIDS = {
    "clients": ("Clients by status", "Status", {"clients": "Clients"}),
    "balances": ("Credit balances", "", {"balances above zero": "Clients with credit", "balances": "Balance"}),
    "due": ("Due", "", {"due": "Due"}),
    "invoices": ("Invoices by status", "Status", {
        "invoices count": "Invoices", "invoices subtotal": "Subtotal", "invoices tax": "Tax",
        "invoices tax2": "Second tax", "invoices credit": "Credit", "invoices total": "Total"}),
    "money": ("Transactions", "", {
        "money count": "Transactions", "money in": "In", "money fees": "Fees", "money out": "Out"}),
    "income": ("Income by month", "Month", {
        "income gross": "Gross", "income fees": "Fees", "income net": "Net"}),
}  # fmt: skip
_COUNTED = ("clients", "balances above zero", "invoices count", "money count")


@dataclass
class Cell:
    """One figure as it is here; where there is another, also that, and by how much ours is above it."""

    here: str = "–"
    there: str = ""
    difference: str = ""
    is_unexplained: bool = False


@dataclass
class Row:
    """The figures of one currency and status, in the order of the columns."""

    currency: str
    of: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether any figure is another there."""
        return any(cell.difference for cell in self.cells)


@dataclass
class Grid:
    """The figures about one subject."""

    subject: str
    title: str
    of_what: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def has_currencies(self) -> bool:
        """Whether its rows are of a currency each."""
        return any(row.currency for row in self.rows)

    @property
    def same(self) -> list[Row]:
        """Its rows that are the same there, which a page folds up."""
        return [row for row in self.rows if not row.differs]

    @property
    def is_unexplained(self) -> bool:
        """Whether no rows explain a difference in it."""
        return any(cell.is_unexplained for row in self.rows for cell in row.cells)

    @property
    def differing(self) -> list[Row]:
        """Its rows that are not the same there."""
        return [row for row in self.rows if row.differs]


def grids_of(run: SystemImport) -> list[Grid]:
    """All figures of a comparison, those about one subject in one grid."""
    told: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
    for figure in run.comparison.get("figures", []):
        subject = figure["figure"].partition(" ")[0]
        told.setdefault((subject, figure["currency"], figure["of"]), {})[figure["figure"]] = figure
    grids = []
    for subject, (title, of_what, columns) in _GRIDS.items():
        found = [(currency, of, figures) for (about, currency, of), figures in sorted(told.items()) if about == subject]
        used = [name for name in columns if any(_says(figures.get(name)) for *_, figures in found)] or list(columns)
        rows = [Row(currency, of, [_cell(figures.get(name), name, currency) for name in used])
                for currency, of, figures in found]  # fmt: skip
        if rows:
            grids.append(Grid(subject, title, of_what, [columns[name] for name in used], rows))
    return grids


def _says(figure: dict[str, Any] | None) -> bool:
    return figure is not None and (figure["there"] != "0" or figure["here"] != "0")


def _cell(figure: dict[str, Any] | None, name: str, currency: str) -> Cell:
    if figure is None:
        return Cell()
    here, there, difference = (
        _text(figure[side], currency, counted=name in _COUNTED) for side in ("here", "there", "difference")
    )
    if figure["difference"] == "0":
        return Cell(here)
    sign = "" if figure["difference"].startswith("-") else "+"
    return Cell(here, there, f"{sign}{difference}", figure["unexplained"] != "0")


def _text(value: str, currency: str, *, counted: bool) -> str:
    number = Decimal(value)
    if not counted:
        return exact_text(number, currency)
    return f"{number:,}".replace("-", "−")
