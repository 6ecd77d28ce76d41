"""What a list is narrowed down to: a form on GET whose fields are named as in the address.

An app's `filters.py` declares one class for each list. A filter that cannot be read is an error beside its field, and
then nothing is listed.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django_filters import FilterSet

from billing_admin.db.pagination import SORTED_UP_TO
from billing_admin.db.positions import counted
from billing_admin.errors import BusinessError
from billing_admin.web.filter_kinds import AmountFilter, ChoiceFilter, Choices, IsNotFilter, LinksInput


class _Form(forms.Form):
    """Its ids begin with a word of their own: a popup's form may be on the same page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", **kwargs})


class Filters(FilterSet):
    """The filters of a list, of everybody's rows or of one client's."""

    # Whether those in force are listed as chips.
    has_chips = True
    # Those that the index of an amount serves as well.
    beside_amounts: frozenset[str] = frozenset({"currency"})
    # Whether who asks may see clients, and so may find what they have by the contacts and notes beside them.
    sees_clients = False

    def __init__(self, data: Any, queryset: QuerySet[Any], client: Any = None) -> None:
        super().__init__(data, queryset)
        self.client = client
        for name, choices in self.choices().items():
            self.filters[name].extra["choices"] = list(choices)
        for name, each in list(self.filters.items()):
            if isinstance(each, ChoiceFilter) and each.can_be_not:
                self.filters[f"{name}-not"] = opposite = IsNotFilter(each)
                opposite.parent, opposite.model = self, queryset.model
        for each in self.filters.values():
            if isinstance(each, ChoiceFilter):
                each.extra["choices"] = [("", each.everything), *each.extra["choices"]]

    @cached_property
    def form(self) -> Any:
        """The fields of this request: made once, where django-filter makes a class of them and copies them again."""
        form = _Form(self.data if self.is_bound else None)
        form.fields = {name: each.field for name, each in self.filters.items()}
        return form

    def choices(self) -> dict[str, Choices]:
        """Filter → its choices, where the database has them."""
        return {}

    @cached_property
    def found(self) -> QuerySet[Any]:
        """What matches all filters; nothing where one cannot be read, or would read too much."""
        if self.form.is_valid() and self._amounts_are_read():
            try:
                self._require_few_amounts()
                return self.qs
            except BusinessError as error:
                self.form.add_error(None, str(error))
        return self.queryset.none()

    @cached_property
    def currency(self) -> str:
        """The one currency that is listed: the one asked for, or the only one that there is."""
        if asked := self.form.cleaned_data.get("currency"):
            return str(asked)
        offered = [code for code, _ in self.filters["currency"].extra["choices"] if code]
        return str(offered[0]) if len(offered) == 1 else ""

    @property
    def amounts(self) -> dict[str, AmountFilter]:
        """The amounts that are set."""
        told = {name: self.filters[name] for name, value in self.form.cleaned_data.items() if value}
        return {name: each for name, each in told.items() if isinstance(each, AmountFilter)}

    @property
    def only_amounts(self) -> bool:
        """Whether nothing is set but what an index of amounts serves as well."""
        told = {name for name, value in self.form.cleaned_data.items() if value}
        return not self.form.errors and told <= {*self.beside_amounts, *self.amounts}

    def _amounts_are_read(self) -> bool:
        for name, each in self.amounts.items():
            try:
                each.read(self.form.cleaned_data[name])
            except BusinessError as error:
                self.form.add_error(name, str(error))
        return not self.form.errors

    def _require_few_amounts(self) -> None:
        """Beside other filters no index has the order of amounts: then those of few enough rows are looked through."""
        if not self.amounts or self.only_amounts:
            return
        rows = self.queryset
        for name, each in self.amounts.items():
            rows = each.filter(rows, self.form.cleaned_data[name])
        if counted(rows.values_list("pk"), SORTED_UP_TO) is None:
            raise BusinessError(
                f"More than {SORTED_UP_TO:,} have such an amount: narrow it, or take the other filters away."
            )

    def asked(self, name: str) -> Any:
        """The value of a filter as it was read, or nothing."""
        return None if self.form.errors else self.form.cleaned_data.get(name)

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set: an empty list then says that nothing matches, not that there is nothing yet."""
        return any(self.form.cleaned_data.values())

    @property
    def has_opposite(self) -> bool:
        """Whether something is asked for by what it is not."""
        return any(self.asked(name) for name, each in self.filters.items() if isinstance(each, IsNotFilter))

    @property
    def problem(self) -> str:
        """Why nothing is listed, in words."""
        return " ".join(error for errors in self.form.errors.values() for error in errors)

    @property
    def links(self) -> list[BoundField]:
        """The choices drawn as links."""
        return [each for each in self._drawn() if isinstance(each.field.widget, LinksInput)]

    @property
    def fields(self) -> list[tuple[str, BoundField]]:
        """What the form shows: each field, and the word in front of it (empty where there is none)."""
        fields = [each for each in self._drawn() if not each.is_hidden]
        return [(getattr(self.filters[each.name], "before", ""), each) for each in fields]

    @property
    def kept(self) -> list[BoundField]:
        """The hidden fields that have a value: filters set by a link, which the form must not lose when it is sent."""
        return [each for each in self.form.hidden_fields() if each.value() and not each.errors]

    @property
    def unseen_errors(self) -> list[str]:
        """What is wrong with a filter that has no field of its own."""
        return [error for each in self.form.hidden_fields() for error in each.errors if each not in self.links]

    def _drawn(self) -> list[BoundField]:
        return [each for each in self.form if each.errors or each.value() or self._offers(each)]

    def _offers(self, each: BoundField) -> bool:
        if isinstance(self.filters[each.name], AmountFilter):
            return bool(self.form.is_valid() and self.currency)
        return len(getattr(each.field, "choices", "..")) > getattr(self.filters[each.name], "least", 1)
