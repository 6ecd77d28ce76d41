"""The Transactions list, declared."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.db.pagination import Sorts
from billing_admin.money.amounts import money_text
from billing_admin.templatetags.format_tags import day
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.columns import Column, Empty, amount, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from billing_admin.web.row_actions import RowAction
from clients.services.export import recorded
from transactions.filters import TransactionFilters
from transactions.models import Transaction
from transactions.selectors import lists
from transactions.services.importing.evidence import Candidate
from transactions.services.importing.waiting import candidates_of_waiting

# Amounts of several currencies are not compared: those of one come after those of the other.
_AMOUNTS = {"in": ("currency", "amount_in"), "fees": ("currency", "fees"), "out": ("currency", "amount_out")}


class TransactionList(Listing[Transaction]):
    """Money in, fees and money out."""

    label, noun, nouns = "Transactions", "transaction", "transactions"
    filters_class: type[Filters] = TransactionFilters
    sorts = {"date": "date"}
    default_sort = "-date"
    figures = {
        "date": "date", "client": "client_name", "method": "payment_method__name", "reference": "reference",
        **_AMOUNTS,
    }  # fmt: skip
    sums_template = "transactions/_sums.html"
    panel_id, events = "transactions", "paymentsChanged from:body delay:20ms"
    file_name = "transactions"
    page_name, permission = "transactions:list", "transactions.view_transaction"
    page_of_client = "transactions:of_client"

    write_down = recorded("transactions.exported")

    def every_row(self) -> QuerySet[Transaction]:
        rows = Transaction.objects.select_related("payment_method")
        return rows.filter(client=self.client) if self.client else rows

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        detail = self.row_link("transactions:detail")
        yield Column("Date", lambda row: detail(day(row.date), row.pk), "extra", sort="date", file=lambda row: row.date)
        yield Column("Kind", file=lambda row: row.get_kind_display())
        yield Column("Client ID", file=lambda row: row.client_number)
        client = None if self.client else self._dated(self._client())
        description = self._dated(_description) if self.client else _description
        yield Column("Client", client, td="max-w-24 sm:max-w-56", sort="client", file=lambda row: row.client_name)
        yield Column("Invoice", file=lambda row: row.invoice_label)
        yield Column("Description", description, "" if self.client else "extra", "fill min-w-24")
        yield text("Method", lambda row: row.payment_method.name, "extra", "max-w-40", sort="method")
        yield text("Reference", lambda row: row.reference, "extra", "max-w-40", sort="reference")
        yield Column("Description", file=lambda row: row.words)
        yield Column("Currency", file=lambda row: row.currency)
        yield amount("In", "amount_in", sort="in")
        yield amount("Fees", "fees", css="num extra", with_code=False, sort="fees")
        yield amount("Out", "amount_out", sort="out")
        yield Column("By", file=lambda row: row.created_by_name)
        yield Column("Booked At", file=lambda row: timezone.localtime(row.created_at).isoformat(timespec="seconds"))

    def actions(self) -> Iterable[RowAction]:
        """Of one client's: those of several are never deleted at once, because the client's number confirms it."""
        if self.client and self.may("transactions.delete_transaction"):
            yield RowAction("Delete Transactions", "trash-2", self.act_url("delete"), danger=True)

    def name_of(self, row: Transaction) -> str:
        moved = row.amount_in if row.amount_in.amount else row.amount_out
        return f"{row.label} of {money_text(moved)}, {row.date:%-d %b %Y}"

    def orders(self) -> tuple[Sorts, str]:
        """By amount where nothing else narrows everybody's: the index of each has them in order."""
        if self.filters.amounts:
            amount = "out" if self.filters.asked("show") == "out" else "in"
            return {amount: _AMOUNTS[amount]}, f"-{amount}"
        if self.client is None and self.filters.only_amounts:
            return {**self.sorts, **_AMOUNTS}, self.default_sort
        return self.sorts, self.default_sort

    @cached_property
    def sums(self) -> list[lists.CurrencySum]:
        """What all listed come to, per currency; nothing where they are too many."""
        return lists.sums(self.page.listed) if self.page.is_counted else []

    def nothing_yet(self) -> Empty:
        if not self.may("transactions.record_payment"):
            return Empty("No money has come in yet.", "arrow-left-right")
        of_client = reverse("transactions:add_for_client", args=[self.client.number]) if self.client else ""
        url = of_client or reverse("transactions:add")
        return Empty("No money has come in yet.", "arrow-left-right", "Add Transaction", url, dialog=True)

    @cached_property
    def candidates(self) -> dict[int, list[Candidate]]:
        """Whose money the rows of the page may be that nobody owns, for those who may attach them."""
        return candidates_of_waiting(self.page.rows) if self.may("transactions.record_payment") else {}

    def _dated(self, draw: Callable[[Transaction], SafeString | str]) -> Callable[[Transaction], SafeString]:
        """What `draw` makes of a row, on a phone with its date below it, where the column of dates has no room."""
        detail = self.link("transactions:detail", css="link small block sm:hidden")
        return lambda row: format_html("{}{}", draw(row), detail(day(row.date), row.pk))

    def _unattached(self, row: Transaction) -> SafeString:
        """That nobody owns it, and its best candidate one click away."""
        unattached = badge("", label="Unattached", meaning="attention")
        if not (candidates := self.candidates.get(row.pk)):
            return SafeString(unattached)
        best = candidates[0]
        return format_html(
            '<div class="flex min-w-0 flex-wrap items-baseline gap-x-2">{} <a class="link small cut" data-dialog '
            'href="{}?{}" title="{}">Attach to <bdi>{}</bdi>{}</a></div>',
            unattached,
            reverse("transactions:attach", args=[row.pk]),
            best.address_query,
            " ".join(best.speaks_for),
            best.client.name,
            f" or {len(candidates) - 1} other{'s' if len(candidates) > 2 else ''}" if len(candidates) > 1 else "",
        )

    def _client(self) -> Callable[[Transaction], SafeString | str]:
        link = self.link("clients:summary")
        may_see = self.may("clients.view_client")

        def client(row: Transaction) -> SafeString | str:
            if row.is_unattached:
                return self._unattached(row)
            if row.client_id and may_see:
                return link(cut(row.client_name), row.client_number)
            return format_html(
                '<span class="cut" dir="auto" title="{number} {name}, deleted">{name} '
                '<span class="quiet small">{number}, deleted</span></span>',
                name=row.client_name,
                number=row.client_number,
            )

        return client


def _description(row: Transaction) -> SafeString:
    kind = badge(row.kind) if row.kind != Transaction.Kind.PAYMENT else ""
    return format_html('<div class="flex min-w-0 items-baseline gap-2">{} {}</div>', kind, cut(row.words))
