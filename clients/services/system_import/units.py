"""How amounts of a system are counted, where that was told by looking: in units (12.00) or in the smallest (1200)."""

import json
from decimal import Decimal
from typing import Any

from django.db import connection

from billing_admin.importing.questions import Question
from billing_admin.models import (
    Staged,
    StagedClient,
    StagedCredit,
    StagedInvoice,
    StagedLine,
    StagedMoney,
    SystemImport,
)
from billing_admin.money.amounts import minor_units
from billing_admin.money.currencies import CURRENCIES

MINOR, MAJOR = "minor", "major"
_PLACES_BY_DEFAULT = 2
_CHOICES = ((MAJOR, "In units, as in 12.00"), (MINOR, "In the smallest unit, as in 1200"))

_STAGED: dict[str, tuple[tuple[type[Staged], tuple[str, ...]], ...]] = {
    "customers": ((StagedClient, ("balance",)),),
    "invoices": (
        (StagedInvoice, ("subtotal", "tax", "tax2", "credit", "total", "paid")),
        (StagedLine, ("amount",)),
        (StagedCredit, ("amount",)),
    ),
    "balance": ((StagedMoney, ("amount_in", "fees", "amount_out")),),
}
_SUMS: dict[str, tuple[str, ...]] = {
    "customers": ("balances",), "invoices": ("invoices", "credit", "due"), "balance": ("money", "months"),
}  # fmt: skip
_COUNTS = ("count", "rows", "above", "below")

# What belongs to no client of that currency names its own behind the client: `cus_1 in EUR`.
_RECOUNT = """
    UPDATE {table} row SET {changed}
    FROM (
        SELECT each.id, power(10::numeric, %(sign)s * coalesce((%(places)s::jsonb ->> coalesce(
            nullif({own}, ''), client.currency, nullif(split_part(each.client_source_id, ' in ', 2), ''), ''
        ))::int, %(default)s)) AS by
        FROM {table} each LEFT JOIN billing_admin_stagedclient client
          ON client.of_id = each.of_id AND client.source_id = each.client_source_id
        WHERE each.of_id = %(run)s
    ) factor
    WHERE row.id = factor.id
"""


def questions(run: SystemImport) -> list[Question]:
    """How each file counts, where there are files: the default is what was seen."""
    why = run.facts.get("units_why", {})
    return [
        Question(f"units:{said}", f"How are amounts of the export of {said} counted? It looks so: {why[said]}.",
                 found, _CHOICES)
        for said, found in run.facts.get("units", {}).items()
    ]  # fmt: skip


def recount(run: SystemImport) -> None:
    """Have the staged rows and the sums counted as was decided, where that is not how they were read."""
    counted = run.facts.setdefault("counted", dict(run.facts.get("units", {})))
    for question in questions(run):
        said, answer = question.key.removeprefix("units:"), question.answer(run)
        if answer == counted[said]:
            continue
        sign = -1 if answer == MINOR else 1
        _recount_rows(run, said, sign)
        for figure in _SUMS[said]:
            run.sums[figure] = {
                code: _recounted(values, Decimal(10) ** (sign * _places(code)))
                for code, values in run.sums.get(figure, {}).items()
            }
        counted[said] = answer
        run.save(update_fields=["facts", "sums"])


def _recount_rows(run: SystemImport, said: str, sign: int) -> None:
    places = {code: _places(code) for code in ("", *run.facts.get("currencies", {}))}
    for model, columns in _STAGED[said]:
        changed = ", ".join(f"{column} = row.{column} * factor.by" for column in columns)
        own = "each.currency" if model in (StagedClient, StagedMoney) else "''"
        with connection.cursor() as cursor:
            cursor.execute(
                _RECOUNT.format(table=model._meta.db_table, changed=changed, own=own),
                {"run": run.pk, "sign": sign, "places": json.dumps(places), "default": _PLACES_BY_DEFAULT},
            )


def _places(code: str) -> int:
    return minor_units(code) if code in CURRENCIES else _PLACES_BY_DEFAULT


def _recounted(values: Any, by: Decimal, name: str = "") -> Any:
    if isinstance(values, dict):
        return {key: _recounted(value, by, key) for key, value in values.items()}
    return values if name in _COUNTS else f"{Decimal(values) * by:f}"
