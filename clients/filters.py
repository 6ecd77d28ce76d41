"""What the lists of clients, of mail, of activity and of requests are narrowed down to."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from billing_admin.db.days import end_of, start_of
from billing_admin.web.filter_kinds import (
    ChoiceFilter,
    Choices,
    DayFilter,
    HiddenFilter,
    LinksFilter,
    SearchFilter,
)
from billing_admin.web.filters import Filters
from clients.models import Activity, ApprovalRequest, Client, LimitKind, MailMessage
from clients.models.activity_words import SUBJECTS, verbs_by_subject, words_of
from clients.models.client_queryset import ClientQuerySet
from clients.models.mail.kinds import MailKind
from clients.selectors import activity, mail
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


def _actions() -> Iterator[tuple[Any, Any]]:
    """Each subject, with the verbs of it below: all that was done to it, and each thing for itself."""
    for subject, verbs in verbs_by_subject():
        every = [(subject, f"{SUBJECTS[subject]}: everything")] if len(verbs) > 1 else []
        yield SUBJECTS[subject], [*every, *((verb, words_of(verb)) for verb in verbs)]


class ActivityFilters(Filters):
    """By who did it, what was done, on which days; of everything also by client and from where."""

    who = ChoiceFilter("Who", everything="Everybody", method="by_person")
    action = ChoiceFilter("Action", list(_actions()), everything="Every action", method="with_action")
    locals()["from"] = DayFilter("at", "gte", "From", before="From", method="since")
    to = DayFilter("at", "lt", "To", before="to", method="until")
    client = SearchFilter("Client number or name", "Client")
    place = SearchFilter("Address", "From where")

    def __init__(self, data: Any, queryset: QuerySet[Activity], client: Client | None = None) -> None:
        super().__init__(data, queryset, client)
        if client is not None:
            del self.filters["client"], self.filters["place"]

    def choices(self) -> dict[str, Choices]:
        return {"who": activity.people()}

    def by_person(self, rows: QuerySet[Activity], name: str, who: str) -> QuerySet[Activity]:
        """What one person did, or nobody who was signed in."""
        return activity.of_person(rows, who)

    def with_action(self, rows: QuerySet[Activity], name: str, action: str) -> QuerySet[Activity]:
        """One verb, or all of a subject."""
        verbs = dict(verbs_by_subject()).get(action)
        return rows.filter(verb__in=verbs) if verbs else rows.filter(verb=action)

    def since(self, rows: QuerySet[Activity], name: str, day: datetime.date) -> QuerySet[Activity]:
        """From the first moment of a day."""
        return rows.filter(at__gte=start_of(day))

    def until(self, rows: QuerySet[Activity], name: str, day: datetime.date) -> QuerySet[Activity]:
        """To the last moment of a day."""
        return rows.filter(at__lt=end_of(day))

    def search(self, rows: QuerySet[Activity], name: str, text: str) -> QuerySet[Activity]:
        """By the client that it was done to, or by the address that it came from."""
        if name == "place":
            return activity.from_address(rows, text)
        return activity.of_client(rows, text, beside=self.sees_clients)


class ApprovalFilters(Filters):
    """By state, and by what was asked for."""

    state = LinksFilter("State", ApprovalRequest.State.choices, can_be_not=True)
    kind = ChoiceFilter("Kind", LimitKind.choices, everything="Every kind", can_be_not=True)
