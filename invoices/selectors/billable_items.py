"""Lists of billable items, and what the next invoice bills of one."""

import datetime

from django.db import connection
from django.db.models import Case, CharField, QuerySet, Value, When
from djmoney.money import Money

from billing_admin.money.amounts import money_text
from billing_admin.text import pluralize
from clients.models import Client
from invoices.models import BillableItem

# No cycle has more periods than this between two visits of anybody.
MOST_PERIODS = 2_000

# So many dates are named one by one.
NAMED = 6


# What a list shows of an item and its client.
_SHOWN = (
    "description", "cycle", "quantity", "currency", "unit_price", "tax_rate", "next_due_on", "ends_on", "po_number",
    "unit", "tax_category",
    "waits_for_switch", "client__number", "client__name", "client__status",
)  # fmt: skip


def items_list(*, on: datetime.date) -> QuerySet[BillableItem]:
    """Every item with its client; `state` is what the list shows of each."""
    shown = Case(
        When(next_due_on=None, then=Value("ended")),
        When(waits_for_switch=True, then=Value("waiting")),
        When(paused=True, then=Value("paused")),
        When(next_due_on__lte=on, then=Value("due")),
        default=Value("coming"),
        output_field=CharField(),
    )
    return BillableItem.objects.select_related("client").only(*_SHOWN).annotate(state=shown)


def item_with_client(pk: int) -> BillableItem | None:
    """The item with its client."""
    return BillableItem.objects.select_related("client").filter(pk=pk).first()


def due_periods(item: BillableItem, until: datetime.date) -> list[datetime.date]:
    """The dates of the periods that are not billed yet and fall due by that day."""
    if item.next_due_on is None or item.next_due_on > until:
        return []
    if item.cycle == BillableItem.Cycle.ONCE:
        return [item.next_due_on]
    last = until if item.ends_on is None else min(until, item.ends_on)
    return [day for day in _dates(item, MOST_PERIODS) if day <= last]


def outlook(item: BillableItem, *, on: datetime.date, gross: Money, tax: Money, rate: str) -> list[str]:
    """What the next invoice bills of the item, and when; `gross` and `tax` are those of one period at that rate."""
    if item.next_due_on is None:
        if item.cycle == BillableItem.Cycle.ONCE and item.periods_billed:
            return ["It was billed once; nothing more is billed."]
        end = f" on {item.ends_on:%-d %b %Y}" if item.ends_on else ""
        return [f"It has ended{end}; nothing more is billed."]
    if held_back := _held_back(item):
        said = [held_back, _waiting(item, due_periods(item, on))]
    else:
        each = f"{money_text(gross)}, of which {money_text(tax)} is tax at {rate}%" if tax.amount else money_text(gross)
        said = _coming(item, due_periods(item, on), each)
    if item.cycle != BillableItem.Cycle.ONCE:
        said.append("Each period is billed whole, never by the day.")
    return said


def _held_back(item: BillableItem) -> str:
    """Why no run bills it at present."""
    if item.waits_for_switch:
        return (
            "It waits for the switch: the system it came from still bills it. Resumed before that, it is billed here "
            "too."
        )
    if item.paused:
        return "It is paused: nothing is billed until it is resumed."
    if item.client.status != Client.Status.ACTIVE:
        return f"Nothing is billed while the client is {item.client.get_status_display()}."
    return ""


def _waiting(item: BillableItem, due: list[datetime.date]) -> str:
    if not due:
        return f"The next period is due on {item.next_due_on:%-d %b %Y}."
    return f"{pluralize(len(due), 'period')} {'is' if len(due) == 1 else 'are'} waiting: {_days(due)}."


def _coming(item: BillableItem, due: list[datetime.date], each: str) -> list[str]:
    if not due:
        return [f"The first invoice run on or after {item.next_due_on:%-d %b %Y} bills one period: {each}."]
    one = len(due) == 1
    bills = f"the next invoice run bills {'it' if one else 'each'} at {each}"
    said = [f"{pluralize(len(due), 'period')} {'is' if one else 'are'} due ({_days(due)}); {bills}."]
    if following := _after(item, len(due)):
        said.append(f"The one after that is due on {following:%-d %b %Y}.")
    return said


def _days(days: list[datetime.date]) -> str:
    named = ", ".join(f"{day:%-d %b %Y}" for day in days[:NAMED])
    return f"{named} and {len(days) - NAMED} more" if len(days) > NAMED else named


def next_due(item: BillableItem) -> datetime.date | None:
    """The date of the next period by the item's terms; None where nothing more is to be billed."""
    if item.cycle == BillableItem.Cycle.ONCE and item.periods_billed:
        return None
    (day,) = _dates(item, 1)
    return None if item.ends_on is not None and day > item.ends_on else day


def missed_periods(item: BillableItem, on: datetime.date) -> list[datetime.date]:
    """The periods of a paused item that fell due before that day."""
    return due_periods(item, on - datetime.timedelta(days=1))


def _after(item: BillableItem, periods: int) -> datetime.date | None:
    if item.cycle == BillableItem.Cycle.ONCE:
        return None
    day = _dates(item, periods + 1)[periods]
    return None if item.ends_on is not None and day > item.ends_on else day


def _dates(item: BillableItem, count: int) -> list[datetime.date]:
    """The next `count` due dates that are not billed yet, whatever the item's end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_date(%s, %s, number) FROM generate_series(%s, %s) number ORDER BY number",
            [item.starts_on, item.cycle, item.periods_billed, item.periods_billed + count - 1],
        )
        return [day for (day,) in cursor.fetchall()]
