"""What the lists of invoices, credit notes and billable items are narrowed down to."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from billing_admin.mail.words import REMINDER_LEVELS
from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.filter_kinds import (
    AmountFilter,
    ChoiceFilter,
    Choices,
    DayFilter,
    HiddenFilter,
    LinksFilter,
    SearchFilter,
    currency_choices,
)
from billing_admin.web.filters import Filters
from clients.models import Client
from invoices.models import BillableItem, CreditNote, Invoice
from invoices.models.invoice import InvoiceQuerySet
from invoices.selectors.credit_notes import credit_notes_matching
from invoices.selectors.lists import currencies_in_use, invoices_matching
from invoices.selectors.reminders import LeftOut

# By code, with Overdue beside the statuses that are stored; in the order in which they are offered.
STATUSES = {
    "unpaid": "Unpaid",
    "overdue": "Overdue",
    "paid": "Paid",
    "draft": "Draft",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "writtenoff": "Written off",
}


def _issued() -> dict[str, DayFilter]:
    """`from` is a word of the language, so that no attribute of a class can be called that."""
    return {
        "from": DayFilter("issued_on", "gte", "Issued from", before="Issued", about="Issued"),
        "to": DayFilter("issued_on", "lte", "Issued to", before="to", about="Issued"),
    }


class LinkedDayFilter(DayFilter):
    """A day that links of other pages set; its field is drawn only where one has."""

    least = 2


class InvoiceFilters(Filters):
    """By status (Overdue is computed), number or client, currency and day of issue; by links also by other days."""

    status = LinksFilter(
        "Status",
        list(STATUSES.items()),
        method="with_status",
        negative="without_status",
    )
    q = SearchFilter("Number or client")
    currency = ChoiceFilter("Currency", everything="All currencies", least=2, can_be_not=True, every=CURRENCIES)
    locals().update(_issued())
    total_from = AmountFilter("total", "gte", "Total")
    total_to = AmountFilter("total", "lte", "Total")
    due_from = LinkedDayFilter("due_on", "gte", "Due from", before="Due", about="Due")
    due_to = LinkedDayFilter("due_on", "lte", "Due to", before="to", about="Due")
    drafted_by = LinkedDayFilter(
        "created_at", "lt", "Drafted by", before="Drafted by", method="drafted_until", about="Drafted"
    )

    def __init__(self, data: Any, queryset: QuerySet[Invoice], client: Client | None = None) -> None:
        super().__init__(data, queryset, client)
        if client is not None:
            self.filters["q"].look_for("Number")
            del self.filters["total_from"], self.filters["total_to"]  # no index has those of one client

    def choices(self) -> dict[str, Choices]:
        return {"currency": currency_choices(currencies_in_use(self.client), self.data)}

    def with_status(self, invoices: QuerySet[Invoice], name: str, status: str) -> QuerySet[Invoice]:
        """Unpaid ones that are past their due date are Unpaid too."""
        if status == "overdue":
            return invoices.filter(status=Invoice.Status.UNPAID, due_on__lt=timezone.localdate())
        return invoices.filter(status=status)

    def without_status(self, invoices: QuerySet[Invoice], name: str, status: str) -> QuerySet[Invoice]:
        """What is unpaid is not overdue before its due date has passed."""
        others = invoices.filter(status__in=[each for each in Invoice.Status.values if each != status])
        if status == "overdue":
            return invoices.filter(~Q(status=Invoice.Status.UNPAID) | Q(due_on__gte=timezone.localdate()))
        return others

    def drafted_until(self, invoices: InvoiceQuerySet, name: str, day: datetime.date) -> QuerySet[Invoice]:
        """Drafts that were made on that day or before it."""
        return invoices.drafted_by(day)

    def search(self, invoices: QuerySet[Invoice], name: str, text: str) -> QuerySet[Invoice]:
        """By the number of an invoice, or what a client is searched by."""
        return invoices.filter(invoices_matching(text, everybody=self.client is None, beside=self.sees_clients))


class ReminderFilters(Filters):
    """Of the reminders that are due: by level, number or client, and currency; by links those left out, and why."""

    level = LinksFilter(
        "Level",
        [(str(level), f"Reminder {level}") for level in range(1, REMINDER_LEVELS + 1)],
        method="of_level",
    )
    q = SearchFilter("Number or client")
    currency = ChoiceFilter("Currency", everything="All currencies", least=2, can_be_not=True, every=CURRENCIES)
    left = HiddenFilter("Left out", LeftOut.choices, method="left_out_because")

    def choices(self) -> dict[str, Choices]:
        return {"currency": currency_choices(currencies_in_use(), self.data)}

    def left_out_because(self, invoices: "QuerySet[Any, Any]", name: str, why: str) -> "QuerySet[Any, Any]":
        """Those that are left out for this reason."""
        return invoices.filter(left_out=why)

    def of_level(self, invoices: "QuerySet[Any, Any]", name: str, level: str) -> "QuerySet[Any, Any]":
        """Those that this level is due for."""
        return invoices.filter(reminder_level=int(level))

    def search(self, invoices: "QuerySet[Any, Any]", name: str, text: str) -> "QuerySet[Any, Any]":
        """By the number of an invoice, or what a client is searched by."""
        return invoices.filter(invoices_matching(text, everybody=True, beside=self.sees_clients))


class CreditNoteFilters(Filters):
    """By number or client, and day of issue."""

    q = SearchFilter("Number or client")
    locals().update(_issued())

    def search(self, notes: QuerySet[CreditNote], name: str, text: str) -> QuerySet[CreditNote]:
        """By the number of a credit note or of its invoice, or what a client is searched by."""
        return notes.filter(credit_notes_matching(text, beside=self.sees_clients))


class BillableItemFilters(Filters):
    """By state (what the next run makes of it) and cycle; everybody's also by client."""

    state = LinksFilter("State", [("due", "Due"), ("paused", "Paused"), ("ended", "Ended")], method="in_state")
    q = SearchFilter("Client", "Client")
    cycle = ChoiceFilter("Cycle", BillableItem.Cycle.choices, everything="Every cycle", can_be_not=True)

    def __init__(self, data: Any, queryset: QuerySet[BillableItem], client: Client | None = None) -> None:
        super().__init__(data, queryset, client)
        if client is not None:
            del self.filters["q"]

    def in_state(self, items: QuerySet[BillableItem], name: str, state: str) -> QuerySet[BillableItem]:
        """Due: the next run bills it, if the client is active."""
        if state == "due":
            return items.filter(next_due_on__lte=timezone.localdate(), paused=False)
        return (
            items.filter(paused=True, next_due_on__isnull=False)
            if state == "paused"
            else items.filter(next_due_on=None)
        )

    def search(self, items: QuerySet[BillableItem], name: str, text: str) -> QuerySet[BillableItem]:
        """By what a client is searched by."""
        return items.filter(client__in=Client.objects.ids_matching(text, beside=self.sees_clients))
