"""All that is read of Stripe's exports, in the order of the staged tables."""

from pathlib import Path
from typing import Any

from .columns import BALANCE, CUSTOMERS, INVOICES, REQUIRED
from .export import Export
from .look import Look
from .tables import GATEWAY, ExportTable, tables_of

_COLUMNS = {"customers": CUSTOMERS, "invoices": INVOICES, "balance": BALANCE}


class StripeReader:
    """Reads the files once, to know what they are. Invoices and the balance may be missing.

    Raises BusinessError for a file that is not what it is given as, and for a row that cannot be taken.
    """

    source = None
    version = ""
    identity = ""

    def __init__(self, paths: dict[str, Path | None]) -> None:
        exports = {
            said: Export(path, said, _COLUMNS[said], REQUIRED[said]) for said in _COLUMNS if (path := paths.get(said))
        }
        look = self._look = Look(exports).look()
        self.facts: dict[str, Any] = {
            "currencies": {code: code for code in look.codes()},
            "default_currency": look.default_currency,
            "groups": {}, "gateways": {GATEWAY: "Stripe"}, "taxes": [], "products": {},
            "fields": [
                {"id": str(number), "name": name, "kind": "text", "options": []}
                for number, name in enumerate(exports["customers"].metadata)
            ],
            "units": look.units, "units_why": look.why, "not_read": dict(look.not_read),
        }  # fmt: skip
        self.tables: list[ExportTable] = tables_of(look)

    def sums(self, counts: list[int]) -> dict[str, Any]:
        """What the files come to."""
        return self._look.sums
