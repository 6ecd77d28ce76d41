"""What the Clients List is narrowed down to."""

from typing import Any

from billing_admin.web.filter_kinds import ChoiceFilter, Choices, LinksFilter, SearchFilter
from billing_admin.web.filters import Filters
from clients.models import Client
from clients.models.client_queryset import ClientQuerySet
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
