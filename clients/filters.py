"""What the lists of clients, of mail and of requests are narrowed down to."""

from typing import Any

from django.db.models import Q, QuerySet

from billing_admin.web.filter_kinds import ChoiceFilter, Choices, HiddenFilter, LinksFilter, SearchFilter
from billing_admin.web.filters import Filters
from clients.models import ApprovalRequest, Client, LimitKind, MailMessage
from clients.models.client_queryset import ClientQuerySet
from clients.models.mail.kinds import MailKind
from clients.selectors import mail
from clients.selectors.lists import groups


class ClientFilters(Filters):
    """By status and group, and what a client is searched by."""

    status = LinksFilter("Status", Client.Status.choices, can_be_not=True)
    q = SearchFilter("Name, company, e-mail, number")
    group = ChoiceFilter("Group", everything="All groups", can_be_not=True)

    def choices(self) -> dict[str, Choices]:
        return {"group": groups().values_list("pk", "name")}

    def search(self, clients: ClientQuerySet, name: str, text: str) -> Any:
        """Clients that somebody typing `text` looks for."""
        return clients.matching(text)


# What of it waits for somebody, as Home names it.
_OPEN = {
    "perhaps": ("Perhaps sent, and nobody decided", mail.perhaps_sent),
    "failed": ("Failed, and not sent again", mail.failed),
    "address": ("Client without an address", mail.without_address),
    "sender": ("Withheld as the sender changed", mail.held_by_sender),
}
_STATES = [choice for choice in MailMessage.State.choices if choice[0] != MailMessage.State.SENDING]


class MailFilters(Filters):
    """By state and kind, by number of the invoice or client; by links of Home also what waits for somebody."""

    state = LinksFilter("State", _STATES, can_be_not=True, every=MailMessage.State.values)
    q = SearchFilter("Invoice number or client")
    kind = ChoiceFilter("Kind", MailKind.choices, everything="Every kind", can_be_not=True)
    open = HiddenFilter("Open", [(name, words) for name, (words, _read) in _OPEN.items()], method="still_open")

    def __init__(self, data: Any, queryset: QuerySet[MailMessage], client: Client | None = None) -> None:
        super().__init__(data, queryset, client)
        if client is not None:
            self.filters["q"].look_for("Invoice number")

    def still_open(self, messages: QuerySet[MailMessage], name: str, which: str) -> QuerySet[MailMessage]:
        """Exactly the rows that Home counts."""
        return messages.filter(pk__in=_OPEN[which][1]().values("pk"))

    def search(self, messages: QuerySet[MailMessage], name: str, text: str) -> QuerySet[MailMessage]:
        """By the number of the invoice it is about, or what a client is searched by."""
        found = mail.about_matching(text)
        if self.client is None:
            found |= Q(client__in=Client.objects.ids_matching(text, beside=self.sees_clients))
        return messages.filter(found)


class ApprovalFilters(Filters):
    """By state, and by what was asked for."""

    state = LinksFilter("State", ApprovalRequest.State.choices, can_be_not=True)
    kind = ChoiceFilter("Kind", LimitKind.choices, everything="Every kind", can_be_not=True)
