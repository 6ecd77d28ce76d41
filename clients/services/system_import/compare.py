"""The proof: what the system added up itself beside what is here, each difference with the rows that make it."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing_admin.models import SystemImport

from .differences import differences
from .here import figures_here
from .there import figures_there


def compare(run: SystemImport) -> dict[str, Any]:
    """Every figure of both sides, and every row that differs, as JSON; while the staged rows are there.

    {"at", "is_equal", "is_explained", "figures": [{"figure", "currency", "of", "there", "here", "difference",
    "unexplained"}], "rows": kind → rows, "row_counts": kind → how many there are}. A difference is explained where the
    rows that differ come to it exactly.
    """
    there, here = figures_there(run), figures_here(run)
    found = differences(run, timezone.get_default_timezone_name())
    figures = []
    for key in sorted({*there, *here, *found.sums}):
        difference = Decimal(here.get(key, 0)) - Decimal(there.get(key, 0))
        if key not in there and not difference and key not in here:
            continue
        figure, currency, of = key
        figures.append(
            {
                "figure": figure, "currency": currency, "of": of, "there": _text(there.get(key, 0)),
                "here": _text(here.get(key, 0)), "difference": _text(difference),
                "unexplained": _text(difference - found.sums.get(key, Decimal(0))),
            }
        )  # fmt: skip
    return {
        "at": timezone.now().isoformat(),
        "is_equal": all(each["difference"] == "0" for each in figures),
        "is_explained": all(each["unexplained"] == "0" for each in figures),
        "figures": figures,
        "rows": dict(found.rows),
        "row_counts": dict(found.counts),
    }


def _text(value: Any) -> str:
    """To the cent, without places that say nothing: `0`, `12.5`."""
    number = Decimal(value)
    return "0" if not number else f"{number.normalize():f}"
