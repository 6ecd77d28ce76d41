"""The lists of everybody's credit, declared: who holds it, what expires soon, the ledger, what was given in bulk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.db.pagination import Sorts
from billing_admin.templatetags.format_tags import day, money_in, quantity
from billing_admin.templatetags.ui import cut
from billing_admin.web.addresses import MARKS
from billing_admin.web.columns import DASH, Column, Empty, amount, date, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html, format_html_join
from clients.services.export import recorded
from credits.filters import EntryFilters, HolderFilters
from credits.models import CreditAccount, CreditBatch, CreditEntry, CreditGrant
from credits.selectors.batches import booked_batches, left_of
from credits.selectors.liability import holders
from credits.selectors.lists import expiring, totals_of, with_what_it_belongs_to
from credits.services.ledger import amounts_of

# Their rows lie apart from each other: counting as many as elsewhere would take four times as long as the page.
HOLDERS_COUNTED_UP_TO = 1_000


class HolderList(Listing[CreditAccount]):
    """The accounts with credit on them."""

    label, noun, nouns = "Who holds credit", "balance", "balances"
    filters_class: type[Filters] = HolderFilters
    counted_up_to = HOLDERS_COUNTED_UP_TO
    file_name = "credit-balances"
    page_name, permission = "credits:holders", "credits.view_credit"
    write_down = recorded("credit_holders.exported")
    figures = {"client": "client__sort_name", "number": "client__number", "credit": ("currency", "balance")}

    def every_row(self) -> QuerySet[CreditAccount]:
        return holders()

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        credits = self.row_link("credits:of_client")
        yield Column(
            "Client",
            lambda row: credits(cut(row.client.name), row.client.number),
            td="fill",
            sort="client",
            file=attrgetter("client.name"),
        )
        yield Column("Number", attrgetter("client.number"), "num extra", sort="number")
        yield Column("Client ID", file=attrgetter("client.number"))
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Credit", "balance", sort="credit")

    def nothing_yet(self) -> Empty:
        said = "No client holds credit. Give some from a client’s Summary: Quick Links, Manage Credits."
        return Empty(said, "wallet", "Go to Clients", reverse("clients:list"))


class ExpiringList(Listing[CreditGrant]):
    """What clients lose within 30 days if they do not use it, the soonest first."""

    label, noun, nouns = "Expiring credit", "credit", "credits"
    sorts = {"expires": "expires_on"}
    default_sort = "expires"
    file_name = "expiring-credit"
    page_name, permission = "credits:expiring", "credits.view_credit"
    write_down = recorded("credits.exported")
    figures = {"client": "client__sort_name", "category": "category", "given": ("currency", "amount"),
               "left": ("currency", "remaining")}  # fmt: skip

    def every_row(self) -> QuerySet[CreditGrant]:
        return expiring(timezone.localdate())

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        client = self.link("clients:summary")
        grant = self.row_link("credits:grant", *MARKS, dialog=True)
        yield date("Expires", attrgetter("expires_on"), sort="expires")
        yield Column("Client ID", file=attrgetter("client.number"))
        yield Column(
            "Client",
            lambda row: client(cut(row.client.name), row.client.number),
            td="fill",
            sort="client",
            file=attrgetter("client.name"),
        )
        yield Column(
            "Description",
            lambda row: grant(cut(row.description), row.client.number, row.pk),
            "extra",
            "fill",
            file=attrgetter("description"),
        )
        yield Column(
            "Category",
            lambda row: row.get_category_display(),
            "extra",
            sort="category",
            file=lambda row: row.get_category_display(),
        )
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Given", "amount", css="num extra", with_code=False, sort="given")
        yield amount("Left", "remaining", sort="left")

    def nothing_yet(self) -> Empty:
        return Empty("No credit expires in the next 30 days.", "calendar-check")


# Amounts of several currencies are not compared: those of one come after those of the other.
_BY_AMOUNT = ("currency", "amount")

# The category is the grant's, which is looked up for each entry that is counted.
OF_A_CATEGORY_COUNTED_UP_TO = 200


class EntryList(Listing[CreditEntry]):
    """The ledger of all clients."""

    label, noun, nouns = "Ledger", "entry", "entries"
    filters_class: type[Filters] = EntryFilters
    sorts = {"at": "at"}
    file_name = "credit-entries"
    page_name, permission = "credits:entries", "credits.view_credit"
    write_down = recorded("credit_entries.exported")
    figures = {"at": "at", "kind": "kind", "amount": _BY_AMOUNT}
    default_sort = "-at"
    sums_template = "credits/_totals.html"

    def every_row(self) -> QuerySet[CreditEntry]:
        return CreditEntry.objects.all()

    def with_what_is_shown(self, rows: QuerySet[CreditEntry]) -> QuerySet[CreditEntry]:
        return with_what_it_belongs_to(rows)

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        grant = self.row_link("credits:grant", *MARKS, dialog=True)
        yield date("Date", attrgetter("at"), "extra", sort="at")
        yield Column("Client ID", file=attrgetter("client_number"))
        yield Column("Client", self._client(), td="fill", file=attrgetter("client_name"))
        yield Column(
            "Kind", lambda row: row.get_kind_display(), "extra", sort="kind", file=lambda row: row.get_kind_display()
        )
        yield Column(
            "Description",
            lambda row: grant(cut(row.words), row.client_number, row.grant_id),
            "extra",
            "fill",
            file=attrgetter("words"),
        )
        categories = dict(CreditGrant.Category.choices)
        yield Column(
            "Category", lambda row: categories[row.category], "extra", file=lambda row: categories[row.category]
        )
        yield Column(
            "Invoice",
            invoice_of(self, lambda row: row.invoice_label),
            "extra",
            "code",
            file=attrgetter("invoice_label"),
        )
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Amount", "amount", sort="amount")
        yield text("By", lambda row: row.actor_name, "extra")

    def orders(self) -> tuple[Sorts, str]:
        self.counted_up_to = OF_A_CATEGORY_COUNTED_UP_TO if self.filters.asked("category") else None
        if self.filters.amounts:
            return {"amount": _BY_AMOUNT}, "-amount"
        if self.filters.only_amounts:
            return {**self.sorts, "amount": _BY_AMOUNT}, self.default_sort
        return self.sorts, self.default_sort

    @cached_property
    def totals(self) -> dict[str, Decimal]:
        """What all listed come to, per currency; nothing where they are too many."""
        return totals_of(self.page.listed) if self.page.is_counted else {}

    def nothing_yet(self) -> Empty:
        return Empty("No credit has moved yet.", "wallet")

    def _client(self) -> Callable[[Any], SafeString]:
        link = self.link("clients:summary")
        on_a_phone = '{}<span class="quiet small block sm:hidden">{} {}</span>'
        return lambda row: format_html(
            on_a_phone, link(cut(row.client_name), row.client_number), row.get_kind_display(), day(row.at)
        )


class BatchList(Listing[CreditBatch]):
    """What was given in bulk, the latest first, and what is left of it."""

    label, noun, nouns = "Bulk credit", "batch", "batches"
    sorts = {"at": "created_at"}
    default_sort = "-at"
    figures = {"file": "file_name", "credits": "grant_count"}

    def every_row(self) -> QuerySet[CreditBatch]:
        return booked_batches()

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        link, left = self.row_link("credits:batch", UUID(int=MARKS[0])), left_of(list(rows))
        yield Column("Booked", lambda row: day(row.booked_at), sort="at")
        yield Column("File", lambda row: link(cut(row.file_name), row.pk), td="fill", sort="file")
        yield Column("Credits", lambda row: quantity(row.grant_count), "num extra", sort="credits")
        yield Column("Given", lambda row: _per_currency(amounts_of(row.totals)), "num")
        none = SafeString('<span class="zero">0</span>')
        yield Column("Left", lambda row: _per_currency(left[row.pk]) or none, "num extra")
        yield text("By", lambda row: row.created_by_name, "extra")

    def nothing_yet(self) -> Empty:
        if not self.may("credits.give_bulk_credit"):
            return Empty("No bulk credit yet.", "upload")
        said = "a CSV file with a row for each client, for downtime that hit many of them."
        said = f"No bulk credit yet: {said}"
        return Empty(said, "upload", "Add Bulk Credit", reverse("credits:upload"))


def invoice_of(listing: Listing[Any], label: Callable[[Any], str]) -> Callable[[Any], str]:
    """The invoice of an entry, as a link."""
    link = listing.link("invoices:detail", permission="invoices.view_invoice", css="link")
    return lambda row: link(label(row), row.invoice_id) if row.invoice_id else DASH


def _per_currency(amounts: Mapping[str, Decimal]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((money_in(amounts[code], code),) for code in amounts))
