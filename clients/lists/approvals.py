"""The list of what waits for approval, and of what was decided, declared."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from billing_admin.templatetags.format_tags import day, money
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.columns import Column, Empty, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from clients.filters import ApprovalFilters
from clients.models import ApprovalRequest
from clients.selectors.limits import APPROVE
from clients.services.approvals.actions import label_of


class ApprovalList(Listing[ApprovalRequest]):
    """Every request, to who may approve; to others their own."""

    label, noun, nouns = "Requests for approval", "request", "requests"
    filters_class: type[Filters] = ApprovalFilters
    sorts = {"asked": "asked_at"}
    default_sort = "-asked"

    def every_row(self) -> QuerySet[ApprovalRequest]:
        rows = ApprovalRequest.objects.all()
        return rows if self.may(APPROVE) else rows.filter(requester=self.person)

    def with_what_is_shown(self, rows: QuerySet[ApprovalRequest]) -> QuerySet[ApprovalRequest]:
        return rows.select_related("client")

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        yield Column("Asked", lambda row: day(row.asked_at, time=True), "extra", sort="asked")
        yield Column("What", self._what(), td="fill")
        client = self.link("clients:summary", permission="clients.view_client")
        yield Column(
            "Client",
            lambda row: client(cut(row.client.name), row.client.number) if row.client else cut(row.subject),
            "extra",
            "max-w-56",
        )
        yield text("By", lambda row: row.requester_name, "extra")
        yield Column("State", lambda row: badge(row.state, label=row.get_state_display()))
        yield Column("Amount", lambda row: money(row.amount), "num")

    def nothing_yet(self) -> Empty:
        return Empty("Nothing was asked for yet: what is above somebody’s limit waits here.", "hand-coins")

    def _what(self) -> Callable[[ApprovalRequest], SafeString | str]:
        link = self.row_link("approval")
        on_a_phone = '{}<span class="quiet small block sm:hidden">{}</span>'

        def what(row: ApprovalRequest) -> SafeString:
            about = row.client.name if row.client else row.subject
            return format_html(on_a_phone, link(label_of(row), row.pk), cut(f"{about} · {row.requester_name}"))

        return what
