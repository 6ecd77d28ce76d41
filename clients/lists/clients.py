"""The Clients List, declared."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from djmoney.money import Money

from billing_admin.db.days import day_asked
from billing_admin.db.pagination import Sorts
from billing_admin.money.amounts import plain_amount, totals_text
from billing_admin.templatetags.format_tags import day, money
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.columns import Column, Empty, date, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from billing_admin.web.row_actions import RowAction
from clients.filters import ClientFilters
from clients.models import Client, CustomField
from clients.selectors.custom_fields import custom_fields
from clients.selectors.lists import BY_CREDIT, BY_UNPAID, credit_of, unpaid_of
from clients.services.export import recorded

# What a search finds is looked for row by row in the order of the list, and counting would go on and on.
FOUND_COUNTED_UP_TO = 200


# What the list shows, and what it is sorted by.
_SHOWN = (
    "number", "name", "first_name", "last_name", "company_name", "email", "status", "currency", "created_at",
    "sort_name", "po_number", "custom", "buyer_reference", "exemption", "e_invoice",
)  # fmt: skip


class ClientList(Listing[Client]):
    """Every client, with what is unpaid and what credit there is."""

    label, noun, nouns = "Clients", "client", "clients"
    filters_class: type[Filters] = ClientFilters
    sorts = {"number": "number", "name": "sort_name", "since": "created_at"}
    default_sort = "-number"
    file_name = "clients"
    page_name, permission = "clients:list", "clients.view_client"
    write_down = recorded("clients.exported")

    def every_row(self) -> QuerySet[Client]:
        return Client.objects.only(*_SHOWN)

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        yield Column("Number", lambda client: client.number, "num extra", sort="number")
        yield Column("Client ID", file=lambda client: client.number)
        yield Column("Name", self._name(), td="fill", sort="name", file=lambda client: client.name)
        yield Column("First Name", file=lambda client: client.first_name)
        yield Column("Last Name", file=lambda client: client.last_name)
        yield Column("Company", file=lambda client: client.company_name)
        yield text("E-mail", lambda client: client.email, "extra", "max-w-72", sort="email")
        yield Column(
            "Status",
            lambda client: badge(client.status),
            "extra",
            sort="status",
            file=lambda client: client.get_status_display(),
        )
        yield Column("Currency", file=lambda client: client.currency)
        if self.may("invoices.view_invoice"):
            yield from _sums("Unpaid", unpaid_of(rows), "unpaid")
        if self.may("credits.view_credit"):
            yield from _sums("Credit", credit_of(rows), "credit")
        yield date("Since", lambda client: client.created_at, "extra", sort="since")
        yield text("Purchase Order", lambda client: client.po_number, "extra", "max-w-40", waits=True)
        yield text("Buyer Reference", lambda client: client.buyer_reference, "extra", "max-w-40", waits=True)
        yield text("Exemption", lambda client: client.get_exemption_display(), "extra", waits=True)
        yield text("E-invoice", lambda client: client.get_e_invoice_display(), "extra", waits=True)
        yield from map(_column_of, self._custom_fields)

    @cached_property
    def _custom_fields(self) -> list[CustomField]:
        return list(custom_fields())

    # What is done with one client stands on its own page.
    links_in_rows = False

    def actions(self) -> Iterable[RowAction]:
        if self.may("credits.give_bulk_credit") and self.may("credits.view_credit"):
            yield RowAction("Add Credit", "wallet", reverse("credits:give_to_many"))
        if self.may("clients.change_client") and len(self.filters.filters["group"].extra["choices"]) > 1:
            yield RowAction("Set Group", "users", self.act_url("group"))
        if self.may("clients.add_clientnote"):
            yield RowAction("Write Notes", "notebook-pen", self.act_url("note"))
        if self.may("clients.send_mailmessage"):
            yield RowAction("Send Statements", "mail", self.act_url("statements"))
        if self.may("clients.close_client"):
            status = self.filters.asked("status")
            if status == Client.Status.CLOSED:
                yield RowAction("Open Again", "lock-open", self.act_url("reopen"))
            else:
                yield RowAction("Close Clients", "lock", self.act_url("close"), danger=True)

    def nothing_yet(self) -> Empty:
        if not self.may("clients.add_client"):
            return Empty("No clients yet.", "users")
        said = "No clients yet. Add the first one here, or bring in a file with Import Clients."
        return Empty(said, "users", "Add Client", reverse("clients:add"), dialog=True)

    def nothing_found(self) -> str:
        search, status = self.filters.asked("q"), self.filters.asked("status")
        which = f"{status} client" if status else "client"
        where = " in this group" if self.filters.asked("group") else ""
        return f"No {which}{where} matches “{search}”." if search else f"There is no {which}{where}."

    def orders(self) -> tuple[Sorts, str]:
        self.counted_up_to = FOUND_COUNTED_UP_TO if self.filters.asked("q") else None
        self.figures = {"email": "email", "status": "status"}
        if self.may("invoices.view_invoice"):
            self.figures["unpaid"] = BY_UNPAID
        if self.may("credits.view_credit"):
            self.figures["credit"] = BY_CREDIT
        return self.sorts, self.default_sort

    def _name(self) -> Callable[[Client], str]:
        link = self.link("clients:summary", css="row-link min-w-0")

        def name(client: Client) -> str:
            person = client.person if client.company_name else ""
            also = format_html('<span class="extra quiet small min-w-16 shrink-[4]">{}</span>', cut(person))
            named = link(cut(client.name), client.number)
            return format_html('<div class="flex items-baseline gap-2">{} {}</div>', named, also if person else "")

        return name


def _column_of(field: CustomField) -> Column:
    """A field that the installation defines, for those who chose it; in the file a day is one, and a number too."""
    is_number, key = field.kind == CustomField.Kind.NUMBER, str(field.pk)

    def words(client: Client) -> str:
        return field.words(client.custom.get(key, ""))

    def typed(client: Client) -> Any:
        value = words(client)
        return day_asked(value) if field.kind == CustomField.Kind.DATE else value

    def cell(client: Client) -> Any:
        return day(typed(client)) if field.kind == CustomField.Kind.DATE else cut(words(client))

    css = "num extra" if is_number else "extra"
    return Column(field.name, cell, css, "max-w-56", file=typed, is_amount=is_number, waits=True, key=field.field_name)


# Of a client that has so many currencies the row stays low.
_DRAWN = 3


def _sums(heading: str, sums: dict[int, list[Money]], sort: str) -> Iterator[Column]:
    """Amounts per currency, or zero in the client's own; in the file that one, and others beside it."""

    def cell(client: Client) -> SafeString:
        each = sums.get(client.pk) or [Money(Decimal(0), client.currency)]
        more = f'<div class="quiet small">and {len(each) - _DRAWN} more</div>' if len(each) > _DRAWN else ""
        return SafeString("".join(f"<div>{money(amount)}</div>" for amount in each[:_DRAWN]) + more)

    def own(client: Client) -> str:
        amounts = {each.currency.code: each.amount for each in sums.get(client.pk, ())}
        return plain_amount(amounts.get(client.currency, Decimal(0)), client.currency)

    def others(client: Client) -> str:
        amounts = [(each.currency.code, each.amount) for each in sums.get(client.pk, ())]
        return totals_text([each for each in amounts if each[0] != client.currency]).replace(",", "").removeprefix("0")

    yield Column(heading, cell, "num", sort=sort, zero=lambda client: client.pk not in sums, file=own, is_amount=True)
    yield Column(f"{heading} in Other Currencies", file=others)
