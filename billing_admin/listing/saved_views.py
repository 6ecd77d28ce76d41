"""Views of a list that people save: filters and order under a name; and for each person columns and a first view."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.db.pagination import PLACE
from billing_admin.errors import BusinessError, require_length
from billing_admin.models import SavedView
from billing_admin.text import Names

# What of an address no view keeps.
_NOT_KEPT = {*PLACE, "row", "all", "job", "view"}
MOST_VIEWS = 50
LONGEST_QUERY = 2_000

type ViewQuery = dict[str, list[str]]


def query_of(parameters: QueryDict) -> ViewQuery:
    """What a view keeps of an address: its filters and its order."""
    told = {name: values for name, values in parameters.lists() if name not in _NOT_KEPT and values[-1]}
    # PostgreSQL's text has no null character.
    return {name: [value.replace("\0", "") for value in values if value] for name, values in told.items()}


def address_of_view(query: Mapping[str, Sequence[str]]) -> str:
    """The query string that a view leads to; where it keeps nothing, the one that shows all."""
    return urlencode(dict(query), doseq=True) or "view=all"


@dataclass(frozen=True)
class ViewsOfList:
    """The views of a list that a person may choose from, and what is that person's own."""

    listing: str
    person: User

    @cached_property
    def _rows(self) -> list[SavedView]:
        mine = Q(owner=self.person) | Q(shared=True)
        return list(SavedView.objects.filter(mine, listing=self.listing).select_related("owner").order_by("name", "pk"))

    @property
    def views(self) -> list[dict[str, Any]]:
        """Each view: what it is called, where it leads, whose it is where that is somebody else."""
        return [
            {
                "view": view,
                "address": address_of_view(view.query),
                "by": "" if view.owner_id == self.person.pk else view.owner.get_username(),
                "opens": bool(view.query) and view.query == self.opens_with,
            }
            for view in self._rows
            if view.name
        ]

    def for_one_client(self, told: Container[str]) -> list[dict[str, Any]]:
        """Those that say only what is `told` of one client's rows too."""
        return [each for each in self.views if all(name in told for name in each["view"].query)]

    @property
    def own(self) -> SavedView | None:
        """The person's row without a name."""
        return next((view for view in self._rows if not view.name and view.owner_id == self.person.pk), None)

    @property
    def opens_with(self) -> ViewQuery:
        """What the list opens with where the address says nothing."""
        return self.own.query if self.own else {}

    @property
    def columns(self) -> list[str]:
        """By what the columns are named that the person chose; none where they are as they come."""
        return self.own.columns if self.own else []


def own_views(listing: str, person: User) -> QuerySet[SavedView]:
    """What somebody saved of a list, by name."""
    return SavedView.objects.filter(listing=listing, owner=person).exclude(name="").order_by("name")


@db_transaction.atomic
def save_view(
    *, listing: str, name: str, query: ViewQuery, by: User, shared: bool = False, opens: bool = False
) -> SavedView:
    """Keep a view under a name; one of the same name is what it was saved as last. `opens` makes it the first view.

    Raises BusinessError.
    """
    name = " ".join(name.split())
    require_length(name, "name", 60)
    if not name:
        raise BusinessError("Give the view a name.", field="name")
    if not query:
        raise BusinessError("Nothing is filtered or sorted: there is nothing to save.")
    if sum(map(len, (text for values in query.values() for text in values))) > LONGEST_QUERY:
        raise BusinessError("These filters are too long to be saved.")
    lock_typed_words()
    lock_key(f"views of {listing} of {by.pk}")
    others = own_views(listing, by).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        raise BusinessError(f"You have {MOST_VIEWS} views of this list. Delete one first.")
    view, _ = SavedView.objects.update_or_create(
        owner=by, listing=listing, name=name, defaults={"query": query, "shared": shared}
    )
    if opens:
        _own(listing, by, query=query)
    return view


@db_transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    """Delete a view of one's own; the list no longer opens with it.

    Raises BusinessError for somebody else's.
    """
    if view.owner_id != by.pk:
        raise BusinessError("This view is somebody else’s.")
    SavedView.objects.filter(owner=by, listing=view.listing, name="", query=view.query).update(query={})
    SavedView.objects.filter(pk=view.pk).delete()


def open_unfiltered(*, listing: str, by: User) -> None:
    """Let the list open with all rows again."""
    _own(listing, by, query={})


def choose_columns(*, listing: str, columns: Iterable[str], by: User) -> None:
    """Show these columns of a list to this person; all where none is named."""
    _own(listing, by, columns=list(columns))


def forget_views_naming(names: Names, said: Iterable[str], is_found_by: Callable[[str], bool]) -> None:
    """Forget the views that name a client that is deleted, or say any of what was `said` of it, as its phone.

    A search for a part of it, by which it `is_found`, names it too.
    """
    told = [text.casefold() for text in said if len(text) > 3]
    naming = []
    for view in SavedView.objects.only("name", "query"):
        text = "\n".join([view.name, *(value for values in view.query.values() for value in values)])
        sought = view.query.get("q", [])
        if names.in_text(text) or any(each in text.casefold() for each in told) or any(map(is_found_by, sought)):
            naming.append(view.pk)
    found = SavedView.objects.filter(pk__in=naming)
    found.filter(name="").update(query={})
    found.exclude(name="").delete()


def _own(listing: str, person: User, **what: Any) -> None:
    SavedView.objects.update_or_create(owner=person, listing=listing, name="", defaults=what)
