"""The lists of invoices and credit notes, declared."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.db.pagination import Sorts
from billing_admin.money.amounts import plain_amount
from billing_admin.templatetags.format_tags import day, money
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.columns import DASH, Column, Empty, amount, date, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from billing_admin.web.row_actions import RowAction
from clients.services.export import recorded
from invoices.filters import STATUSES, CreditNoteFilters, InvoiceFilters
from invoices.models import CreditNote, Invoice
from invoices.models.imported import says_more
from invoices.selectors import lists
from invoices.selectors.credit_notes import credit_notes_list

# Amounts of several currencies are not compared: those of one come after those of the other.
BY_TOTAL = ("currency", "total")

# Nothing is due of these.
_NOTHING_DUE = (Invoice.Status.CANCELLED, Invoice.Status.DRAFT, Invoice.Status.REFUNDED)


class InvoiceList(Listing[Invoice]):
    """Invoices, each with its credit notes below it."""

    label, noun, nouns = "Invoices", "invoice", "invoices"
    filters_class: type[Filters] = InvoiceFilters
    figures = {
        "id": "id", "issued": "issued_on", "due": "due_on", "status": "status", "total": BY_TOTAL,
        "credit": "credit_applied", "paid": "amount_paid", "off": "amount_written_off", "left": "balance_due",
    }  # fmt: skip
    sums_template = "invoices/_sums.html"
    file_name = "invoices"
    page_name, permission = "invoices:list", "invoices.view_invoice"
    page_of_client = "invoices:of_client"
    has_documents = True

    write_down = recorded("invoices.exported")

    def every_row(self) -> QuerySet[Invoice]:
        invoices = lists.invoices_list()
        return invoices.filter(client=self.client) if self.client else invoices

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        invoice, note = self.row_link("invoices:detail"), self.row_link("invoices:credit_note")
        today = timezone.localdate()
        there = lists.statuses_there(rows)
        yield Column(
            "Number",
            lambda row: invoice(cut(row.label) if row.origin else row.label, row.pk),
            td="figure w-full" if self.client else "figure",
            sort="id",
            sub_cell=lambda row: note(row.label, row.pk),
            file=attrgetter("label"),
            sub_file=attrgetter("label"),
        )
        yield Column("Client ID", file=lambda row: row.client.number, sub_file=lambda note: note.invoice.client.number)
        yield Column(
            "Client",
            None if self.client else _billed_to(self),
            td="fill min-w-24",
            sub_cell=lambda row: cut(row.reason),
            file=lambda row: row.bill_to_name or row.client.name,
            sub_file=attrgetter("bill_to_name"),
        )
        yield Column(
            "Issued",
            _issued_on,
            "extra",
            sort="issued",
            sub_cell=_issued_on,
            file=attrgetter("issued_on"),
            sub_file=attrgetter("issued_on"),
        )
        yield Column("Due on", lambda row: day(row.due_on), "extra", sort="due", file=lambda row: row.due_on)
        yield Column(
            "Status",
            lambda row: _status(row, today, there.get(row.pk, "")),
            "" if self.client else "extra",
            sort="status",
            sub_cell=lambda note: badge("", label="Credit note", meaning="accent"),
            file=lambda row: STATUSES[_status_shown(row, today)],
            sub_file=lambda note: "Credit note",
        )
        yield Column("Currency", file=lambda row: row.currency, sub_file=lambda note: note.currency)
        yield replace(
            amount("Total", "total", css="num extra", sort="total"),
            sub_cell=lambda note: format_html("−{}", money(note.total)),
            sub_file=lambda note: plain_amount(-note.total.amount, note.currency),
        )
        yield amount("Credit", "credit_applied", css="num extra", with_code=False, sort="credit")
        yield amount("Paid", "amount_paid", css="num extra", with_code=False, sort="paid")
        off = amount("Written off", "amount_written_off", css="num extra", with_code=False, sort="off")
        yield replace(off, waits=self.filters.asked("status") != "writtenoff")
        yield Column(
            "Due", _due, "num", sort="left", zero=lambda row: not row.balance_due, file=_due_amount, is_amount=True
        )

    def sub_rows(self, rows: Sequence[Any]) -> Mapping[int, Iterable[CreditNote]]:
        return lists.notes_below(rows)

    def orders(self) -> tuple[Sorts, str]:
        """The sorts that meet no empty date (drafts have none).

        Of everybody's invoices only those that an index serves together with the filter: the rows of a page are then
        the first that are read, however many there are.
        """
        status = self.filters.asked("status")
        by_days = bool(self.filters.asked("from") or self.filters.asked("to"))
        dated = by_days or status not in (None, "", "draft")
        every: dict[str, str | tuple[str, ...]] = {"id": "id"}
        if dated:
            every["issued"] = "issued_on"
        if status in ("unpaid", "overdue"):
            every["due"] = "due_on"
        if self.client:
            return every, "-id"
        if self.filters.amounts:
            return {"total": BY_TOTAL}, "-total"
        if self.filters.only_amounts:
            return every | {"total": BY_TOTAL}, "-id"
        if status == "overdue":
            # Of some days the oldest first: among the newest many are not due yet.
            return ({"issued": "issued_on"}, "issued") if by_days else ({"due": "due_on"}, "-due")
        if not dated:
            return every, "-id"
        del every["id"]
        return every, "-issued"

    def actions(self) -> Iterable[RowAction]:
        """Where the filter leaves rows of the kind that something can be done with."""
        status = self.filters.asked("status")
        if status == "draft" and self.may("invoices.issue_invoice"):
            yield RowAction("Issue Drafts", "send", self.act_url("issue"))
            yield RowAction("Delete Drafts", "trash-2", self.act_url("delete"), danger=True)
        if status in ("unpaid", "overdue") and self.may("invoices.write_off_invoice"):
            yield RowAction("Write Off", "eraser", self.act_url("write-off"), danger=True)
        if status in ("unpaid", "overdue") and self.may("invoices.cancel_invoice"):
            yield RowAction("Cancel Invoices", "ban", self.act_url("cancel"), danger=True)

    def name_of(self, row: Invoice) -> str:
        return f"{row.label} of {row.bill_to_name or row.client.name}"

    @cached_property
    def sums(self) -> list[lists.CurrencySum]:
        """What all listed come to, per currency; nothing where they are too many."""
        return lists.sums(self.page.listed) if self.page.is_counted else []

    def nothing_yet(self) -> Empty:
        if not self.may("invoices.issue_invoice"):
            return Empty("No invoices yet.", "receipt")
        said, label = "No invoices yet. They come from an invoice run, or one is made by hand.", "Create Invoice"
        if not self.client:
            return Empty(said, "receipt", label, reverse("invoices:create_for"), dialog=True)
        return Empty(said, "receipt", label, reverse("invoices:create", args=[self.client.number]))


class CreditNoteList(Listing[CreditNote]):
    """Everybody's credit notes."""

    label, noun, nouns = "Credit notes", "credit note", "credit notes"
    filters_class: type[Filters] = CreditNoteFilters
    file_name = "credit-notes"
    page_name, permission = "invoices:credit_notes", "invoices.view_invoice"
    has_documents = True
    write_down = recorded("credit_notes.exported")
    figures = {"client": "bill_to_name", "invoice": "invoice"}
    sorts = {"id": "id", "issued": "issued_on", "total": BY_TOTAL}

    def every_row(self) -> QuerySet[CreditNote]:
        return credit_notes_list()

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        note, invoice = self.row_link("invoices:credit_note"), self.link("invoices:detail")
        yield Column("Number", lambda row: note(row.label, row.pk), td="figure", sort="id", file=attrgetter("label"))
        yield Column("Client ID", file=lambda row: row.client.number)
        yield Column("Client", _billed_to(self), td="fill min-w-24", sort="client", file=attrgetter("bill_to_name"))
        yield date("Issued", attrgetter("issued_on"), "extra", sort="issued")
        yield Column(
            "Invoice",
            lambda row: invoice(row.invoice.label, row.invoice_id),
            "extra",
            "figure",
            sort="invoice",
            file=attrgetter("invoice.label"),
        )
        yield text("Reason", lambda row: row.reason, "extra")
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Total", "total", sort="total")

    def nothing_yet(self) -> Empty:
        said = "No credit notes yet. One is issued from the invoice that it corrects."
        return Empty(said, "file-minus", "Go to Invoices", reverse("invoices:list"))


def _billed_to(listing: Listing[Any]) -> Callable[[Any], str]:
    """The client under the name that the document was issued to; a draft has today's."""
    client = listing.link("clients:summary", permission="clients.view_client")
    return lambda row: client(cut(row.bill_to_name or row.client.name), row.client.number)


def _issued_on(document: Any) -> SafeString | str:
    return day(document.issued_on)


def _status_shown(invoice: Invoice, today: datetime.date) -> str:
    """The status, with Overdue split off Unpaid."""
    return "overdue" if invoice.is_overdue(today) else invoice.status


def _status(invoice: Invoice, today: datetime.date, there: str) -> SafeString | str:
    """The status, and beside it what else is to be known: that it was credited, or what it was where it came from."""
    shown = badge(_status_shown(invoice, today))
    if invoice.is_credited:
        shown = format_html("{} {}", shown, badge("", label="Credited", meaning="accent"))
    if invoice.status == Invoice.Status.UNPAID and says_more(there):
        shown = format_html("{} {}", shown, badge("", label=there, meaning="quiet"))
    return shown


def _due(invoice: Invoice) -> str:
    return DASH if invoice.status in _NOTHING_DUE else money(invoice.due)


def _due_amount(invoice: Invoice) -> str:
    return "" if invoice.status in _NOTHING_DUE else plain_amount(invoice.balance_due, invoice.currency)
