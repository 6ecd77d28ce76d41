"""The list of activity, of everything and of one client, declared."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.db.pagination import Sorts
from billing_admin.templatetags.format_tags import day
from billing_admin.templatetags.ui import cut
from billing_admin.web.columns import DASH, Column, Empty, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from clients.filters import ActivityFilters
from clients.models import Activity, Client
from clients.models.activity_words import words_of
from clients.selectors.activity import all_activity, deleted_numbers, from_where
from clients.services.export import recorded


class ActivityList(Listing[Activity]):
    """Who did what, when and from where, as far as the person may see it; of a client that alone."""

    label, noun, nouns = "Activity", "action", "actions"
    filters_class: type[Filters] = ActivityFilters
    file_name = "activity"
    page_name, permission, page_of_client = "activity", "clients.view_activity", "clients:activity"
    write_down = recorded("activity.exported")

    def every_row(self) -> QuerySet[Activity]:
        rows = all_activity(self.person)
        return rows.filter(client=self.client) if self.client else rows

    def orders(self) -> tuple[Sorts, str]:
        # Of one client an index has them by id, of all by day; the order is the same.
        return ({"id": "id"}, "-id") if self.client else ({"at": "at"}, "-at")

    def with_what_is_shown(self, rows: QuerySet[Activity]) -> QuerySet[Activity]:
        # No join: Django would make it one that leaves out the rows of deleted clients.
        return rows if self.client else rows.prefetch_related(Prefetch("client", Client.objects.only("number", "name")))

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        yield Column("When", lambda row: day(row.at, time=True), sort="at", file=lambda row: _moment(row.at))
        yield text("Who", lambda row: row.actor_name, "extra", "max-w-40")
        yield Column("Action", lambda row: words_of(row.verb), "extra", waits=True, file=lambda row: words_of(row.verb))
        yield Column("What", self._what(), td="fill", file=lambda row: row.words)
        if self.client:
            return
        gone = deleted_numbers(rows)
        yield Column("Client ID", file=lambda row: row.client.number if row.client else gone.get(row.client_id, ""))
        yield Column(
            "Client", self._client(gone), "extra", "max-w-56", file=lambda row: getattr(row.client, "name", "")
        )
        yield text("From", lambda row: from_where(row.source), "extra", "max-w-40")
        yield Column("Session", file=lambda row: (row.source or {}).get("session", ""))
        yield Column("Request", file=lambda row: (row.source or {}).get("request", ""))

    def name_of(self, row: Activity) -> str:
        return row.words

    def nothing_yet(self) -> Empty:
        if self.client:
            return Empty("Nothing has happened yet. Whatever is done to this client is written down here.", "history")
        return Empty("Nothing has happened yet. Whatever anybody does is written down here.", "history")

    def _what(self) -> Callable[[Activity], SafeString]:
        link = self.row_link("activity_row", dialog=True)
        on_a_phone = '{}<span class="quiet small block sm:hidden">{}</span>'
        return lambda row: format_html(on_a_phone, link(cut(row.words), row.pk), cut(row.actor_name))

    def _client(self, gone: dict[int, int]) -> Callable[[Activity], Any]:
        link = self.link("clients:summary", permission="clients.view_client")

        def client(row: Activity) -> Any:
            if row.client:
                return link(cut(row.client.name), row.client.number)
            return f"No. {gone[row.client_id]}, deleted" if row.client_id in gone else DASH

        return client


def _moment(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
