"""Switching over: from a day on what came from another system is billed and reminded of here, and no longer there."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import require_held_locks
from billing_admin.text import pluralize
from clients.models import Client
from clients.models.activity import actor_name
from invoices.services.runs.due_lines import CYCLE_ROWS

CLIENTS_AT_ONCE = 1_000

# The items of one system that wait, each with the first period that is due on the day or after it.
_WAITING = f"""
    SELECT item.id, item.client_id, item.currency, item.quantity * item.unit_price AS amount, item.cycle,
           item.next_due_on, item.periods_billed, period.number, period.due
    FROM invoices_billableitem item
    JOIN clients_externalreference reference
      ON reference.kind = 'item' AND reference.source = %(source)s AND reference.row_id = item.id
    JOIN (VALUES {CYCLE_ROWS}) AS cycle (code, fewest_days) ON cycle.code = item.cycle
    LEFT JOIN LATERAL (
        SELECT number, due_date(item.starts_on, item.cycle, number) AS due
        FROM generate_series(
            item.periods_billed,
            item.periods_billed + greatest(0, (%(day)s::date - item.next_due_on) / cycle.fewest_days + 1)
        ) number
        WHERE item.cycle <> 'once' AND due_date(item.starts_on, item.cycle, number) >= %(day)s::date
        ORDER BY number LIMIT 1
    ) period ON true
    WHERE item.waits_for_switch
"""
_PREVIEW = f"""
    SELECT currency, count(*), coalesce(sum(number - periods_billed), 0),
           count(*) FILTER (WHERE cycle = 'once' AND next_due_on < %(day)s::date),
           min(coalesce(due, next_due_on)) FILTER (WHERE cycle <> 'once' OR next_due_on >= %(day)s::date)
    FROM ({_WAITING}) waiting GROUP BY currency ORDER BY currency
"""
_SWITCH = f"""
    UPDATE invoices_billableitem item
    SET waits_for_switch = false, version = item.version + 1,
        paused = (item.cycle = 'once' AND item.next_due_on < %(day)s::date),
        periods_billed = coalesce(waiting.number, item.periods_billed),
        next_due_on = CASE WHEN waiting.due > item.ends_on THEN NULL ELSE coalesce(waiting.due, item.next_due_on) END
    FROM ({_WAITING} AND item.client_id = ANY(%(clients)s)) waiting WHERE waiting.id = item.id
"""
_HELD = """
    FROM invoices_reminderhold hold
    JOIN clients_externalreference reference
      ON reference.kind = 'invoice' AND reference.source = %(source)s AND reference.row_id = hold.invoice_id
    WHERE hold.kind = 'imported' AND hold.lifted_at IS NULL
"""
_LIFT = """
    UPDATE invoices_reminderhold SET lifted_at = %(at)s, lifted_by_name = %(name)s
    WHERE id IN (SELECT hold.id {held} AND hold.client_id = ANY(%(clients)s))
"""
_CLIENTS = f"""
    SELECT client_id FROM ({_WAITING} UNION ALL
        SELECT NULL, hold.client_id, '', 0, '', NULL, 0, 0, NULL {_HELD}) waiting
    WHERE client_id > %(after)s GROUP BY client_id ORDER BY client_id LIMIT {CLIENTS_AT_ONCE}
"""


@dataclass(frozen=True)
class WaitingItems:
    """The items of one currency.

    `periods_left_there` fell due before the day and stay with the other system; `once_left_paused` are billed once and
    fell due before it.
    """

    currency: str
    items: int
    periods_left_there: int
    once_left_paused: int
    first_due_on: datetime.date | None


@dataclass(frozen=True)
class Switch:
    """What switching over would do, or did."""

    day: datetime.date
    items: list[WaitingItems] = field(default_factory=list)
    invoices: int = 0

    @property
    def words(self) -> str:
        """In a sentence."""
        count = sum(each.items for each in self.items)
        return (
            f"{pluralize(count, 'item')} billed here from {self.day:%-d %b %Y} on, "
            f"{pluralize(self.invoices, 'open invoice')} reminded of here."
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self.items and not self.invoices


def preview_switch(*, source: str, day: datetime.date) -> Switch:
    """What waits for the switch of this system, as of that day. Writes nothing."""
    parameters: dict[str, Any] = {"source": source, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW, parameters)
        items = [WaitingItems(*row) for row in cursor.fetchall()]
        cursor.execute(f"SELECT count(*) {_HELD}", parameters)
        (invoices,) = cursor.fetchone()
    return Switch(day, items, invoices)


def switch_items_and_reminders(
    *, source: str, day: datetime.date, by: Actor, progress: Progress = lambda doing, done, total: None
) -> Switch:
    """Bill here what is due from that day on, and remind of what is open; what fell due before stays with the other.

    Some clients at a time, each of whom is whole or as before: whoever is killed does the rest when it is done again.
    """
    switch = preview_switch(source=source, day=day)
    parameters: dict[str, Any] = {
        "source": source, "day": day, "after": 0, "at": timezone.now(), "name": actor_name(by),
    }  # fmt: skip
    done = 0
    while clients := _switch_some(parameters):
        parameters["after"] = clients[-1]
        done += len(clients)
        progress("Switching over", done, 0)
    return switch


@db_transaction.atomic
def _switch_some(parameters: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS, parameters)
        clients = Client.objects.lock_ids([pk for (pk,) in cursor.fetchall()])
        if clients:
            cursor.execute(_SWITCH, parameters | {"clients": clients})
            cursor.execute(_LIFT.format(held=_HELD), parameters | {"clients": clients})
            require_held_locks()
    return clients
