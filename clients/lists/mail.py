"""The list of mail, of everybody and of one client, declared."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.templatetags.format_tags import day
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.columns import Column, Empty, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.markup import format_html
from billing_admin.web.row_actions import RowAction
from clients.filters import MailFilters
from clients.models import MailMessage
from clients.selectors.mail import messages
from clients.services.export import recorded


class MailList(Listing[MailMessage]):
    """Every message, with what became of it."""

    label, noun, nouns = "Mail", "message", "messages"
    filters_class: type[Filters] = MailFilters
    file_name = "mail"
    page_name, permission, page_of_client = "mail:list", "clients.view_mailmessage", "clients:mail"
    panel_id, events = "mail", "mailChanged from:body"
    links_in_rows = False
    write_down = recorded("mail.exported")

    def every_row(self) -> QuerySet[MailMessage]:
        return messages().filter(client=self.client) if self.client else messages()

    def with_what_is_shown(self, rows: QuerySet[MailMessage]) -> QuerySet[MailMessage]:
        return rows.select_related("client")

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        yield Column("Mail", self._what(), td="fill", file=str)
        if not self.client:
            yield Column("Client ID", file=lambda row: row.client.number if row.client else "")
            client = self.link("clients:summary", permission="clients.view_client")
            yield Column(
                "Client",
                lambda row: client(cut(row.client.name), row.client.number) if row.client else "–",
                "extra",
                "max-w-56",
                file=lambda row: row.client.name if row.client else "",
            )
        yield text("To", lambda row: row.address, "extra", "max-w-64")
        yield Column("State", _state, file=lambda row: row.get_state_display())
        yield Column("Why", file=lambda row: row.why)
        yield Column("When", lambda row: day(_when(row), time=True), "extra", file=lambda row: _moment(_when(row)))
        yield Column("Asked for by", lambda row: cut(row.queued_by_name), "extra", "max-w-40", waits=True,
                     file=lambda row: row.queued_by_name)  # fmt: skip

    def name_of(self, row: MailMessage) -> str:
        return f"{row} to {row.address}" if row.address else str(row)

    def actions(self) -> Iterable[RowAction]:
        if self.may("clients.send_mailmessage"):
            yield RowAction("Send Again", "send", self.act_url("again"))
            if self.filters.asked("state") in (None, "", MailMessage.State.PERHAPS_SENT):
                yield RowAction("It Arrived", "mail-check", self.act_url("arrived"))

    def nothing_yet(self) -> Empty:
        if self.client:
            return Empty("No mail to this client yet.", "mail")
        return Empty("No mail yet. What goes out, and from whom, is set in Settings → Mail.", "mail")

    def _what(self) -> Callable[[MailMessage], SafeString | str]:
        link = self.link("mail:message", css="row-link min-w-0")
        if self.client:
            return lambda row: link(cut(str(row)), row.pk)
        on_a_phone = '{}<span class="quiet small block sm:hidden">{}</span>'

        def what(row: MailMessage) -> SafeString:
            below = ", ".join(filter(None, [row.about, row.client.name if row.client else row.address]))
            return format_html(on_a_phone, link(cut(str(row)), row.pk), cut(below))

        return what


def _state(row: MailMessage) -> SafeString | str:
    shown = badge(row.state)
    return format_html('<span title="{}">{}</span>', row.why, shown) if row.why else shown


def _when(row: MailMessage) -> Any:
    return row.sent_at or row.claimed_at or row.queued_at


def _moment(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
