"""What staff do with billable items: add, change, pause, resume, end, delete."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places, round_half_up
from billing_admin.text import pluralize
from clients.models import Activity, Client, FormKey
from clients.models.client import LONGEST_PO_NUMBER, Exemption
from clients.models.client_queryset import ClientGone
from invoices.documents.codes import ONE, UNITS
from invoices.models import BillableItem
from invoices.selectors.billable_items import missed_periods, next_due

from .lines import is_tax_rate, kept_exactly


@dataclass(frozen=True)
class ItemTerms:
    """What is billed, for how much, and when.

    Without a `tax_rate` the client's usual one is charged; without `tax_included` the system's setting counts.
    """

    description: str
    unit_price: Money
    starts_on: datetime.date
    cycle: str = BillableItem.Cycle.ONCE
    quantity: Decimal = Decimal(1)
    ends_on: datetime.date | None = None
    tax_rate: Decimal | None = None
    tax_included: bool | None = None
    po_number: str = ""
    unit: str = ONE
    tax_category: str = ""


class ItemMoved(BusinessError):
    """Somebody else changed the item since staff saw it."""

    def __init__(self, current: BillableItem) -> None:
        self.current = current
        super().__init__("This item was changed by somebody else since the page was opened. Nothing was saved.")


@db_transaction.atomic
def add_billable_item(*, client: Client, terms: ItemTerms, by: Actor, key: FormKey | None = None) -> BillableItem:
    """Let invoice runs bill this client something, once or each cycle."""
    _check(terms)
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(key, "billable_item.add", BillableItem, client=client, by=by, terms=terms)
    if form.repeated:
        return form.outcome(BillableItem)[0]
    item = BillableItem.objects.create(
        client=client,
        currency=terms.unit_price.currency.code,
        next_due_on=terms.starts_on,
        **vars(terms),
    )
    _record(
        item, by, "added", f"“{item.description}” of {money_text(item.unit_price)} added, {item.get_cycle_display()}"
    )
    form.finish(f"“{item.description[:200]}” of {money_text(item.unit_price)} added for {client.name}", item)
    return item


@db_transaction.atomic
def edit_billable_item(*, item: BillableItem, seen: int, terms: ItemTerms, by: Actor) -> BillableItem:
    """Give an item other terms, for what is billed from now on. One that was billed keeps its cycle and first day.

    `seen` is the version that staff had before them.
    """
    _check(terms)
    item = _locked(item)
    if seen != item.version:
        raise ItemMoved(item)
    before = terms_of(item)
    changed = [name for name, value in vars(terms).items() if getattr(before, name) != value]
    if not changed:
        raise BusinessError(f"Nothing was changed on “{item.description}”.")
    if terms.unit_price.currency.code != item.currency:
        raise BusinessError(
            f"This item is in {item.currency} and stays so. Use End, and Add Billable Item for another one."
        )
    if item.periods_billed and not {"cycle", "starts_on"}.isdisjoint(changed):
        raise BusinessError(
            f"“{item.description}” has been billed for {pluralize(item.periods_billed, 'period')} since "
            f"{item.starts_on:%-d %b %Y}; its cycle and first day stay. Use End, and Add Billable Item for another one."
        )
    for name in changed:
        setattr(item, name, getattr(terms, name))
    labels = ", ".join(str(field.verbose_name) for field in BillableItem._meta.fields if field.name in changed)
    data = {name: [_said(getattr(before, name)), _said(getattr(terms, name))] for name in changed}
    return _store(item, by, "changed", f"“{item.description}” changed: {labels}", *changed, **data)


@db_transaction.atomic
def pause_item(*, item: BillableItem, by: Actor) -> BillableItem:
    """Bill nothing of it until it is resumed."""
    item = _locked(item)
    if item.paused or item.next_due_on is None:
        state = "paused already" if item.paused else "not billed any more"
        raise BusinessError(f"“{item.description}” is {state}; nothing was done.")
    item.paused = True
    return _store(item, by, "paused", f"“{item.description}” paused", "paused")


@db_transaction.atomic
def resume_item(
    *, item: BillableItem, by: Actor, skip_missed: bool = False, on: datetime.date | None = None
) -> BillableItem:
    """Bill it again. The periods that fell due meanwhile are billed with the next invoice, or left out for good.

    One that waited until staff switch over from another system does so no more.
    """
    on = on or timezone.localdate()
    item = _locked(item)
    if not item.paused:
        raise BusinessError(f"“{item.description}” is not paused; nothing was done.")
    missed = missed_periods(item, on)
    item.paused = item.waits_for_switch = False
    summary = f"“{item.description}” resumed"
    if missed and skip_missed and item.cycle != BillableItem.Cycle.ONCE:
        item.periods_billed += len(missed)
        summary += f"; {pluralize(len(missed), 'period')} left out"
    return _store(item, by, "resumed", summary, "paused", "waits_for_switch", "periods_billed")


@db_transaction.atomic
def end_item(*, item: BillableItem, by: Actor, last_day: datetime.date) -> BillableItem:
    """Bill no period that begins after `last_day`. Periods due until then are still billed."""
    item = _locked(item)
    if item.next_due_on is None:
        raise BusinessError(f"“{item.description}” is not billed any more; nothing was done.")
    if item.ends_on == last_day:
        raise BusinessError(f"“{item.description}” ends on {last_day:%-d %b %Y} already; nothing was done.")
    if last_day < item.starts_on:
        raise BusinessError(
            f"It begins on {item.starts_on:%-d %b %Y}; an end on {last_day:%-d %b %Y} is before that. Use Delete "
            "instead.",
            field="last_day",
        )
    item.ends_on = last_day
    return _store(item, by, "ended", f"“{item.description}” ends on {last_day:%-d %b %Y}", "ends_on")


@db_transaction.atomic
def delete_item(*, item: BillableItem, by: Actor) -> BillableItem:
    """Delete an item that was never billed."""
    item = _locked(item)
    if billed := item.lines.count():
        raise BusinessError(
            f"“{item.description}” has been billed on {pluralize(billed, 'invoice line')}; use End instead."
        )
    _record(item, by, "deleted", f"“{item.description}” of {money_text(item.unit_price)} deleted")
    BillableItem.objects.filter(pk=item.pk).delete()
    return item


def terms_of(item: BillableItem) -> ItemTerms:
    """An item's terms as they are stored."""
    return ItemTerms(**{name: getattr(item, name) for name in ItemTerms.__dataclass_fields__})


def _locked(item: BillableItem) -> BillableItem:
    """The item as it is now, behind its client's lock."""
    client = Client.objects.lock_one(item.client_id)
    fresh = BillableItem.objects.filter(pk=item.pk).first()
    if fresh is None:
        raise BusinessError(f"“{item.description}” was deleted meanwhile; nothing was done.")
    if fresh.client_id != client.pk:
        raise ClientGone
    fresh.client = client
    return fresh


def _store(item: BillableItem, by: Actor, verb: str, summary: str, *changed: str, **data: Any) -> BillableItem:
    """Save what changed and count the next due date from the first one."""
    item.version += 1
    item.next_due_on = next_due(item)
    item.save(update_fields=[*changed, "version", "next_due_on"])
    _record(item, by, verb, summary, **data)
    return item


def _said(value: object) -> str:
    """A term as it is written down."""
    return money_text(value) if isinstance(value, Money) else str(value)


def _record(item: BillableItem, by: Actor, verb: str, summary: str, **data: Any) -> None:
    Activity.objects.record(
        by=by,
        client=item.client,
        verb=f"billable_item.{verb}",
        summary=f"Billable item {summary}",
        data={"billable_item": item.pk, **data},
    )


def _check(terms: ItemTerms) -> None:
    require_length(terms.description, "description")
    require_length(terms.po_number, "purchase-order number", LONGEST_PO_NUMBER)
    require_places(terms.unit_price, "unit_price")
    if not terms.description.strip():
        raise BusinessError("Say what is billed; nothing was saved.", field="description")
    if terms.unit_price.amount < 0:
        raise BusinessError(
            f"A price must not be negative; {money_text(terms.unit_price)} was given.", field="unit_price"
        )
    if not (kept_exactly(terms.quantity, places=4) and terms.quantity > 0):
        raise BusinessError(
            f"A quantity is above zero and has up to 8 digits and 4 decimal places; {terms.quantity} was given.",
            field="quantity",
        )
    if terms.tax_rate is not None and not is_tax_rate(terms.tax_rate):
        raise BusinessError(
            f"A tax rate is from 0 to 100 percent, with up to 3 decimal places; {terms.tax_rate} was given.",
            field="tax_rate",
        )
    if terms.unit not in UNITS:
        raise BusinessError(f"“{terms.unit[:10]}” is no unit of the list.", field="unit")
    if terms.tax_category not in ("", *Exemption.values):
        raise BusinessError(f"“{terms.tax_category[:10]}” is no reason for no tax.", field="tax_category")
    if terms.tax_category and terms.tax_rate:
        raise BusinessError(
            f"There is a tax of {terms.tax_rate.normalize():f}%: only one of 0 has a reason.", field="tax_category"
        )
    if terms.cycle not in BillableItem.Cycle.values:
        raise BusinessError(f"“{terms.cycle}” is no cycle.", field="cycle")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise BusinessError(
            f"It begins on {terms.starts_on:%-d %b %Y}; an end on {terms.ends_on:%-d %b %Y} is before that.",
            field="ends_on",
        )
    round_half_up(terms.unit_price.amount * terms.quantity, terms.unit_price.currency.code)
