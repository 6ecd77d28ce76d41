"""The filters in force as chips: in words, each with a link that takes it away, some with one to their opposite."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from billing_admin.db.pagination import PLACE
from billing_admin.web.filter_kinds import AmountFilter, BetweenFilter, ChoiceFilter, IsNotFilter, SearchFilter
from billing_admin.web.filters import Filters

NOT = "-not"
CONTAINS = "contains"


@dataclass(frozen=True)
class Chip:
    """One filter: `Status is Unpaid`. `remove` is the query of the list without it, `opposite` that of its opposite."""

    label: str
    operator: str
    value: str
    remove: str
    opposite: str = ""

    @property
    def words(self) -> str:
        """`Status is Unpaid`."""
        return f"{self.label} {self.operator} {self.value}"

    @property
    def other_operator(self) -> str:
        """What the opposite says."""
        return "is" if self.operator == "is not" else "is not"


def chips(filters: Filters, parameters: QueryDict) -> list[Chip]:
    """Every filter that is set and can be read, in the order of the form."""
    return list(_chips(filters, parameters))


def in_words(filters: Filters, parameters: QueryDict) -> str:
    """What narrows down the rows: `Status is Paid; Search is set`.

    What was searched for is left out: it may be of a client, and where this is written down it is kept longer than one.
    """
    told = chips(filters, parameters)
    return "; ".join(f"{each.label} is set" if each.operator == CONTAINS else each.words for each in told)


def _chips(filters: Filters, parameters: QueryDict) -> Iterator[Chip]:
    told: set[str] = set()
    for name, each in filters.filters.items():
        value = filters.form.cleaned_data.get(name)
        if not value:
            continue
        remove = _without(parameters, name)
        if isinstance(each, SearchFilter):
            yield Chip(each.about, CONTAINS, f"“{value}”", remove.urlencode())
        elif isinstance(each, BetweenFilter):
            if each.about not in told:
                told.add(each.about)
                yield _between(filters, each, parameters)
        elif isinstance(each, ChoiceFilter):
            operator, opposite = "is", ""
            if isinstance(each, IsNotFilter) or f"{name}{NOT}" in filters.filters:
                operator = "is not" if isinstance(each, IsNotFilter) else "is"
                turned = remove.copy()
                turned[name.removesuffix(NOT) if isinstance(each, IsNotFilter) else f"{name}{NOT}"] = value
                opposite = turned.urlencode()
            words = {str(key): str(label) for key, label in each.flat_choices}
            yield Chip(str(each.label), operator, words.get(str(value), str(value)), remove.urlencode(), opposite)


def _between(filters: Filters, one: BetweenFilter, parameters: QueryDict) -> Chip:
    """Both ends of a column are one filter."""
    values = filters.form.cleaned_data
    both = {
        each.is_first: (name, each.in_words(values[name]) if values.get(name) else "")
        for name, each in filters.filters.items()
        if isinstance(each, BetweenFilter) and each.about == one.about
    }
    remove = _without(parameters, *(name for name, _ in both.values())).urlencode()
    first, last = (both.get(is_first, ("", ""))[1] for is_first in (True, False))
    of = f" {filters.currency}" if isinstance(one, AmountFilter) else ""
    if first and last:
        return Chip(one.about, "between", f"{first} and {last}{of}", remove)
    until = "up to" if of else "until"
    return Chip(one.about, "from" if first else until, f"{first or last}{of}", remove)


def _without(parameters: QueryDict, *names: str) -> QueryDict:
    """The query of the list without these, from its first page."""
    query = parameters.copy()
    for name in (*names, *PLACE):
        query.pop(name, None)
    return query
