"""The lists of one client's credit, declared: what was given, and the ledger."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.money.amounts import plain_amount
from billing_admin.templatetags.format_tags import day, figure
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.addresses import MARKS
from billing_admin.web.columns import Column, Empty, amount, date, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from clients.services.export import recorded
from credits.filters import LedgerFilters, TabFilters
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_after
from credits.selectors.lists import credits_list, ledger

from .of_everybody import invoice_of


class GrantList(Listing[CreditGrant]):
    """What a client was given; with `?adjustments=1`, for those who make them, also what is not on the Credits List."""

    label, noun, nouns = "Credits List", "credit", "credits"
    filters_class: type[Filters] = TabFilters
    figures = {"category": "category", "amount": "amount", "left": "remaining", "expires": "expires_on"}
    panel_id, events = "credits", "creditsChanged from:body"
    file_name = "credits"
    write_down = recorded("credits.exported")

    def every_row(self) -> QuerySet[CreditGrant]:
        adjustments = self.may("credits.adjust_balance") and self.parameters.get("adjustments") == "1"
        return credits_list(self.client, adjustments=adjustments)

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        grant = self.row_link("credits:grant", *MARKS, dialog=True)
        yield date("Date", attrgetter("created_at"), "extra", sort="id")
        yield Column(
            "Description",
            lambda row: format_html(
                '{}<span class="quiet small block sm:hidden">{}{}{}</span>',
                grant(cut(row.description), self.client.number, row.pk),
                day(row.created_at),
                ", until " if row.expires_on else "",
                day(row.expires_on) if row.expires_on else "",
            ),
            td="fill",
            file=attrgetter("description"),
        )
        yield Column(
            "Category", _category, "extra", "code", sort="category", file=lambda row: row.get_category_display()
        )
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Amount", "amount", sort="amount")
        yield amount("Left", "remaining", with_code=False, sort="left")
        yield Column("Expires", _expires, "extra", "code", sort="expires", file=attrgetter("expires_on"))
        yield text("By", lambda row: row.created_by_name, "extra")

    def nothing_yet(self) -> Empty:
        if not self.may("credits.add_credit"):
            return Empty("No credit has been given yet.", "wallet")
        url = reverse("credits:manage", args=[self.client.number])
        return Empty("No credit has been given yet.", "wallet", "Add Credit", url, dialog=True)


class LedgerList(Listing[CreditEntry]):
    """Everything that moved a client's credit, with the balance after it."""

    label, noun, nouns = "Ledger", "entry", "entries"
    filters_class: type[Filters] = LedgerFilters
    panel_id, events = "credits", "creditsChanged from:body"
    file_name = "ledger"
    write_down = recorded("credit_entries.exported")

    def every_row(self) -> QuerySet[CreditEntry]:
        return ledger(self.client)

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        grant = self.row_link("credits:grant", *MARKS, dialog=True)
        on_a_phone = '{}<span class="quiet small block sm:hidden">{} {}</span>'
        after = balances_after(rows)
        yield date("Date", attrgetter("at"), "extra", sort="id")
        yield Column(
            "Kind",
            lambda row: format_html(
                on_a_phone, row.get_kind_display(), row.invoice.label if row.invoice else "", day(row.at)
            ),
            file=lambda row: row.get_kind_display(),
        )
        yield text("Description", lambda row: row.words, "extra", "fill")
        yield Column(
            "Credit",
            lambda row: grant(cut(row.grant.description), self.client.number, row.grant_id),
            "extra",
            "fill",
            file=attrgetter("grant.description"),
        )
        yield Column(
            "Invoice",
            invoice_of(self, lambda row: row.invoice.label),
            "extra",
            "code",
            file=lambda row: row.invoice.label if row.invoice else "",
        )
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Amount", "amount")
        yield Column(
            "Balance",
            lambda row: figure(after[row.pk]),
            "num",
            zero=lambda row: not after[row.pk].amount,
            file=lambda row: plain_amount(after[row.pk].amount, row.currency),
            is_amount=True,
        )
        yield text("By", lambda row: row.actor_name, "extra")

    def nothing_yet(self) -> Empty:
        return Empty("No credit has moved yet.", "wallet")


def _category(grant: CreditGrant) -> SafeString:
    kind = "" if grant.kind == CreditGrant.Kind.CREDIT else grant.get_kind_display()
    word = kind if grant.listed else "Adjustment"
    return format_html("{} {}", grant.get_category_display(), badge("", label=word, meaning="quiet") if word else "")


def _expires(grant: CreditGrant) -> SafeString | str:
    expired = grant.is_open and grant.expires_on is not None and grant.expires_on < timezone.localdate()
    mark = badge("", label="Expired", meaning="attention") if expired else ""
    return format_html("{} {}", day(grant.expires_on), mark)
