"""The list of reminders that are due, declared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from billing_admin.db.pagination import Sorts
from billing_admin.money.amounts import plain_amount
from billing_admin.templatetags.format_tags import figure, money, quantity
from billing_admin.templatetags.ui import cut
from billing_admin.web.columns import DASH, Column, Empty, date, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from billing_admin.web.row_actions import RowAction
from clients.services.export import recorded
from invoices.filters import ReminderFilters
from invoices.models import Invoice, ReminderLevel
from invoices.selectors.reminder_pages import due_with_clients, left_out_with_clients, reminder_recipients
from invoices.selectors.reminders import reminder_fee
from invoices.services.reminders.send import why_no_reminders


class ReminderList(Listing[Invoice]):
    """What would go out today: each row begins ticked, and is sent unless somebody unticks it."""

    label, noun, nouns = "Reminders due", "reminder", "reminders"
    filters_class: type[Filters] = ReminderFilters
    figures = {"level": "reminder_level", "left": ("currency", "balance_due")}
    sorts: Sorts = {"due": "due_on", "id": "id"}
    default_sort = "due"
    panel_id, events = "reminders-due", "invoicesChanged from:body"
    file_name = "reminders-due"
    page_name, permission = "invoices:reminders_due", "invoices.view_invoice"
    begins_ticked = True
    links_in_rows = False
    write_down = recorded("reminders.exported")

    def every_row(self) -> QuerySet[Invoice]:
        read = left_out_with_clients if self._is_of_left_out else due_with_clients
        return read(timezone.localdate())

    @property
    def _is_of_left_out(self) -> bool:
        return bool(self.parameters.get("left"))

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        today = timezone.localdate()
        invoice = self.row_link("invoices:detail")
        client = self.link("clients:summary", permission="clients.view_client")
        yield Column(
            "Invoice",
            lambda row: format_html(
                '{}<span class="quiet small block sm:hidden">Reminder {}</span>',
                invoice(row.label, row.pk),
                row.reminder_level,
            ),
            td="figure",
            sort="id",
            file=lambda row: row.label,
        )
        yield Column("Client ID", file=lambda row: row.client.number)
        yield Column(
            "Client",
            lambda row: client(cut(row.client.name), row.client.number),
            td="fill min-w-24",
            file=lambda row: row.client.name,
        )
        yield Column(
            "Level", lambda row: row.reminder_level, "num extra", sort="level", file=lambda row: row.reminder_level
        )
        yield date("Due on", lambda row: row.due_on, "extra", sort="due")
        yield Column(
            "Days overdue",
            lambda row: quantity((today - row.due_on).days),
            "num extra",
            file=lambda row: (today - row.due_on).days,
        )
        yield Column("Currency", file=lambda row: row.currency)
        yield Column(
            "Due",
            lambda row: money(row.due),
            "num",
            sort="left",
            file=lambda row: plain_amount(row.balance_due, row.currency),
            is_amount=True,
        )
        yield Column(
            "Fee",
            lambda row: figure(fee) if (fee := self._fee(row)).amount else DASH,
            "num extra",
            zero=lambda row: not self._fee(row).amount,
            file=lambda row: plain_amount(self._fee(row).amount, row.currency),
            is_amount=True,
        )
        to = _recipients(rows)
        yield text("To", lambda row: ", ".join(to[row.client_id]), "extra", "max-w-64")

    def actions(self) -> Iterable[RowAction]:
        if self._is_of_left_out or not self.may("clients.send_mailmessage"):
            return
        if not why_no_reminders(timezone.localdate()):
            yield RowAction("Send Reminders", "send", self.act_url("send"))

    def name_of(self, row: Invoice) -> str:
        return f"{row.label} of {row.client.name}"

    def nothing_yet(self) -> Empty:
        said = "No reminder is due. One is, once an invoice is overdue for as many days as its level says."
        return Empty(said, "bell", "Overdue Invoices", f"{reverse('invoices:list')}?status=overdue")

    @cached_property
    def _levels(self) -> list[ReminderLevel]:
        return ReminderLevel.objects.in_force()

    def _fee(self, row: Any) -> Any:
        return reminder_fee(self._levels[row.reminder_level - 1], row, row.client).amount


def _recipients(rows: Sequence[Any]) -> dict[int, list[str]]:
    """Client id → the addresses that a reminder goes to. One statement for all rows."""
    return reminder_recipients({row.client for row in rows}) if rows else defaultdict(list)
