"""What bounds the invoices of a run."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import plain_amount, totals_text
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity
from invoices.models import RunLimits


@db_transaction.atomic
def set_run_limits(
    *,
    largest_totals: Mapping[str, Decimal],
    most_lines: int | None,
    oldest_days: int | None,
    by: Actor,
    seen: Seen | None = None,
    reason: str = "",
) -> RunLimits:
    """Say from which figures on a run parks a client instead of billing them.

    `largest_totals` has the largest total per currency; a currency that is not in it has no limit. None is no limit.

    Raises BusinessError where these are the limits already, and ChangedMeanwhile.
    """
    lock_typed_words()
    lock_key("limits of invoice runs")
    current = RunLimits.objects.current()
    before = _stored(current)
    typed = {"largest_totals": dict(largest_totals), "most_lines": most_lines, "oldest_days": oldest_days}
    changes = changes_to_store(stored=current.figures, typed=typed, seen=seen)
    if not changes:
        raise BusinessError("These are the limits already; nothing was changed.")
    for name, value in changes.items():
        setattr(current, name, _as_text(value) if name == "largest_totals" else value)
    current.save()
    Activity.objects.record(
        by=by,
        client=None,
        verb="run_limits.changed",
        summary=f"Limits of invoice runs: {_in_words(current)}",
        note=reason,
        data={"before": before, "after": _stored(current)},
    )
    return current


def _stored(limits: RunLimits) -> dict[str, object]:
    return {name: getattr(limits, name) for name in ("largest_totals", "most_lines", "oldest_days")}


def _as_text(totals: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: plain_amount(amount, currency) for currency, amount in sorted(totals.items())}


def _in_words(limits: RunLimits) -> str:
    parts = []
    if limits.largest_totals:
        parts.append(
            f"a total of {totals_text((code, Decimal(amount)) for code, amount in limits.largest_totals.items())}"
        )
    if limits.most_lines is not None:
        parts.append(f"{limits.most_lines:,} lines")
    if limits.oldest_days is not None:
        parts.append(f"periods of up to {limits.oldest_days:,} days ago")
    return ", ".join(parts) or "none"
