"""The list of invoice runs, declared."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from billing_admin.templatetags.format_tags import day, money_in, quantity
from billing_admin.templatetags.ui import badge
from billing_admin.web.columns import DASH, Column, Empty, text
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html, format_html_join
from invoices.models import InvoiceRun
from invoices.selectors.runs import ShownRun, runs_list, shown_runs


class RunList(Listing[InvoiceRun]):
    """Every run, the latest first, each with its state as it is."""

    label, noun, nouns = "Invoice runs", "run", "runs"

    def every_row(self) -> QuerySet[InvoiceRun]:
        return runs_list()

    def drawn_rows(self, rows: list[InvoiceRun]) -> list[ShownRun]:
        return shown_runs(rows)

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        link = self.row_link("invoices:run")
        yield Column("As of", lambda row: link(day(row.run.as_of), row.run.pk))
        yield Column("State", _run_state)
        yield Column("Invoices", lambda row: quantity(row.run.invoice_count), "num")
        yield Column("Total", _billed, "num extra")
        yield Column("Not billed", _not_billed, "num extra", zero=lambda row: not row.run.failed_count)
        yield Column("Started", lambda row: day(row.run.started_at, time=True), "extra")
        yield Column("Took", lambda row: row.took, "num extra")
        yield text("By", lambda row: row.run.started_by_name, "extra")

    def nothing_yet(self) -> Empty:
        said = "No invoice run yet. A run bills every billable item that is due."
        if not self.may("invoices.generate_invoices"):
            return Empty(said, "play")
        return Empty(said, "play", "Run Invoices", reverse("invoices:start_run"), dialog=True)


def _run_state(row: ShownRun) -> SafeString:
    dry = badge("", label="Dry run") if row.run.dry_run else ""
    return format_html("{} {}", badge(row.state, label=row.state_label), dry)


def _billed(row: ShownRun) -> SafeString | str:
    each = [(money_in(part.total, part.currency),) for part in row.totals]
    return format_html_join(SafeString("<br>"), "{}", each) or DASH


def _not_billed(row: ShownRun) -> SafeString | str:
    count = row.run.failed_count
    return format_html('<span class="danger">{}</span>', quantity(count)) if count else "0"
