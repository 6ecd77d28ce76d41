"""When reminders go out, what they cost, and who gets none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import plain_amount, require_places, totals_text
from billing_admin.seen import Seen, changes_to_store
from billing_admin.text import pluralize
from clients.models import Activity, ClientGroup
from invoices.models import ReminderLevel
from invoices.models.reminder import LONGEST_DAYS


@dataclass(frozen=True)
class LevelTerms:
    """How one level is set: `fees` has an amount per currency, `exempt_groups` the ids of groups of clients."""

    days: int
    is_on: bool = True
    fees: Mapping[str, Decimal] = field(default_factory=dict)
    exempt_groups: Iterable[int] = ()


def level_fields(levels: Iterable[ReminderLevel]) -> dict[str, object]:
    """All levels in one table: `days_1`, `is_on_1`, `fees_1`, `exempt_groups_1`, `days_2` …"""
    return {f"{name}_{level.level}": value for level in levels for name, value in level.figures.items()}


@db_transaction.atomic
def save_reminder_levels(
    *, levels: Mapping[int, LevelTerms], by: Actor, seen: Seen | None = None
) -> list[ReminderLevel]:
    """Let reminders of these levels go out so from now on; what went out stays as it was.

    Raises BusinessError, its field named as in `level_fields`, ChangedMeanwhile among them.
    """
    lock_key("reminder levels")
    current = ReminderLevel.objects.in_force()
    stored = level_fields(current)
    typed = {name: value for level in current for name, value in _typed(level, levels).items()}
    changes = changes_to_store(stored=stored, typed=typed, seen=seen)
    if not changes:
        raise BusinessError("Reminders go out like this already; nothing was changed.")
    figures = {**stored, **changes}
    for level in current:
        level.days, level.is_on = figures[f"days_{level.level}"], figures[f"is_on_{level.level}"]
        level.fees = {
            code: plain_amount(amount, code) for code, amount in sorted(figures[f"fees_{level.level}"].items())
        }
    _require_growing(current)
    ReminderLevel.objects.bulk_create(
        current, update_conflicts=True, unique_fields=["level"], update_fields=["days", "is_on", "fees"]
    )
    for level in current:
        level.exempt_groups.set(figures[f"exempt_groups_{level.level}"])
    Activity.objects.record(
        by=by,
        client=None,
        verb="reminder_levels.changed",
        summary="; ".join(_in_words(level) for level in current),
        data={"before": _plain(stored), "after": _plain(figures)},
    )
    return current


def _typed(level: ReminderLevel, levels: Mapping[int, LevelTerms]) -> dict[str, object]:
    """The fields of one level as they were typed; one that is not named stays."""
    if (terms := levels.get(level.level)) is None:
        return level_fields([level])
    number = level.level
    if not 1 <= terms.days <= LONGEST_DAYS:
        raise BusinessError(
            f"Give a number of days from 1 to {LONGEST_DAYS:,}; {terms.days:,} was given.", field=f"days_{number}"
        )
    for code, amount in terms.fees.items():
        require_places(Money(amount, code), f"fees_{number}")
        if amount < 0:
            raise BusinessError(
                f"A fee is above zero; {plain_amount(amount, code)} {code} was given.", f"fees_{number}"
            )
    wanted = set(terms.exempt_groups)
    there = sorted(ClientGroup.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return {
        f"days_{number}": terms.days,
        f"is_on_{number}": terms.is_on,
        f"fees_{number}": {code: amount for code, amount in terms.fees.items() if amount},
        f"exempt_groups_{number}": there,
    }


def _require_growing(levels: list[ReminderLevel]) -> None:
    for lower, higher in pairwise(levels):
        if higher.days <= lower.days:
            raise BusinessError(
                f"Reminder {higher.level} would go out {pluralize(higher.days, 'day')} after the due date, and "
                f"reminder {lower.level} {pluralize(lower.days, 'day')}. Each goes out later than the one before.",
                field=f"days_{higher.level}",
            )


def _in_words(level: ReminderLevel) -> str:
    if not level.is_on:
        return f"Reminder {level.level} goes out no more"
    said = f"Reminder {level.level} {pluralize(level.days, 'day')} after the due date"
    if level.fees:
        said += f" for {totals_text((code, Decimal(amount)) for code, amount in level.fees.items())}"
    return said


def _plain(figures: Mapping[str, object]) -> dict[str, object]:
    return {
        name: {code: plain_amount(amount, code) for code, amount in value.items()} if isinstance(value, dict) else value
        for name, value in figures.items()
    }
