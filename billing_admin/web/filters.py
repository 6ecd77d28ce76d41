"""What a list is narrowed down to: a form on GET whose fields are named as in the address.

An app's `filters.py` declares one class for each list. A filter that cannot be read is an error beside its field, and
then nothing is listed.
"""

import copy
import datetime
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django_filters import Filter, FilterSet

from billing_admin.db.days import day_asked
from billing_admin.db.pagination import SORTED_UP_TO
from billing_admin.db.positions import counted
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import amount_text, parse_amount
from billing_admin.money.currencies import CURRENCIES

type Choices = Iterable[tuple[Any, str]]


def currency_choices(offered: Iterable[str], asked: Any) -> Choices:
    """The currencies offered, and the one that an address asks for if there is such a currency: a link may be older."""
    chosen = (asked or {}).get("currency", "")
    return [(code, code) for code in dict.fromkeys([*offered, *([chosen] if chosen in CURRENCIES else [])])]


class _SearchField(forms.CharField):
    """Words; the null character, which PostgreSQL's text has not, and what is beyond 200 are left out."""

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\0", "").strip()[:200]


class _DayInput(forms.DateInput):
    """The browser's own picker; it shows nothing that is not a day."""

    input_type = "date"

    def format_value(self, value: Any) -> str:
        return str(value) if day_asked(value) else ""


class _DayField(forms.Field):
    """A day as the picker sends it."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if text and day_asked(text) is None:
            raise ValidationError(f"“{text}” is not a day. Give one as 2026-11-30.")
        return day_asked(text)


class _Links(forms.HiddenInput):
    """A choice drawn as links above the list; the form only carries it on."""


class _Filter(Filter):
    """Each request has filters of its own; what they are made of is shared, and never changed."""

    def __deepcopy__(self, memo: Any) -> "_Filter":
        own = copy.copy(self)
        own.extra = dict(self.extra)
        own.method = self.method  # of this filter's own filters
        return own


class SearchFilter(_Filter):
    """Words to look for, by the method `search` of the filters."""

    field_class = _SearchField

    def __init__(self, placeholder: str, label: str = "Search in the list") -> None:
        super().__init__(label=label, method="search", widget=self._widget(placeholder, label))

    def look_for(self, placeholder: str) -> None:
        """Say something else in the empty field, in this request."""
        self.extra["widget"] = self._widget(placeholder, self.label)

    def _widget(self, placeholder: str, label: str) -> forms.Widget:
        return forms.SearchInput({"class": "input min-w-0", "placeholder": placeholder, "aria-label": label})


class BetweenFilter(_Filter):
    """One end of what a column may be, the lowest (`is_first`) or the highest; `before` is a word before the field.

    `about` says what the column is called: both ends of it are one filter.
    """

    before, about, is_first = "", "", True

    def in_words(self, value: Any) -> str:
        """This end, as a chip says it."""
        raise NotImplementedError


class DayFilter(BetweenFilter):
    """A first or last day; `label` names it to who does not see the word before it."""

    field_class = _DayField

    def __init__(
        self, column: str, lookup: str, label: str, *, before: str = "", method: str | None = None, about: str = "Date"
    ) -> None:
        widget = _DayInput({"class": "input", "aria-label": label, "title": label})
        super().__init__(column, lookup, label=label, method=method, widget=widget)
        self.before, self.about, self.is_first = before, about, lookup.startswith("g")

    def in_words(self, value: datetime.date) -> str:
        return f"{value:%-d %b %Y}"


class AmountFilter(BetweenFilter):
    """A least or largest amount in the one currency of the list; it is offered where that is known."""

    field_class = _SearchField

    def __init__(self, column: str, lookup: str, about: str) -> None:
        self.about, self.is_first = about, lookup.startswith("g")
        label = f"{about} from" if self.is_first else f"{about} up to"
        self.before = about if self.is_first else "to"
        attributes = {"class": "input w-24", "inputmode": "decimal", "aria-label": label, "title": label}
        super().__init__(column, lookup, label=label, widget=forms.TextInput(attributes))

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows that have so much in the one currency."""
        if not value:
            return qs
        of = {"currency": self.parent.currency, f"{self.column}__{self.lookup_expr}": self.read(value)}
        return qs.filter(**of)

    @property
    def column(self) -> str:
        """The column of the amount, in this request."""
        return str(self.field_name)

    def in_words(self, value: str) -> str:
        return amount_text(self.read(value), self.parent.currency)

    def read(self, text: str) -> Decimal:
        """The amount that was typed.

        Raises BusinessError.
        """
        if not self.parent.currency:
            raise BusinessError("Choose a currency too: amounts of several are not compared.")
        return parse_amount(text, self.parent.currency)


class ChoiceFilter(_Filter):
    """One of some values, or all. It is only drawn where there are at least `least` to choose from.

    One that `can_be_not` has an opposite, `?status-not=`, which is asked for as all other values, so that what serves
    the filter serves that too; `every` are all that there are where the choices are not. A method of the filters called
    `negative` says it otherwise.
    """

    field_class = forms.ChoiceField
    widget_class: type[forms.Widget] = forms.Select

    def __init__(
        self,
        label: str,
        choices: Choices = (),
        *,
        everything: str = "All",
        least: int = 1,
        can_be_not: bool = False,
        every: Iterable[Any] | None = None,
        negative: str = "",
        **kwargs: Any,
    ) -> None:
        errors = {"invalid_choice": f"There is no {label.lower()} “%(value)s” here."}
        widget = self.widget_class({"class": "input max-w-60", "aria-label": label})
        super().__init__(label=label, choices=choices, error_messages=errors, widget=widget, **kwargs)
        self.everything, self.least = everything, least
        self.can_be_not, self.every, self.negative = can_be_not or bool(negative), every, negative


class LinksFilter(ChoiceFilter):
    """A choice that is made by a click on its word."""

    widget_class = _Links


class HiddenFilter(ChoiceFilter):
    """A choice for which there is no field: links of other pages carry it in their address."""

    widget_class = forms.HiddenInput


class IsNotFilter(HiddenFilter):
    """Every value but one. Where there is no value, that is another one."""

    def __init__(self, of: ChoiceFilter) -> None:
        super().__init__(of.label, of.extra["choices"], field_name=of.field_name, method=of.negative or None)
        self.every = of.every

    def filter(self, found: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """What has any of the others."""
        if not value:
            return found
        every = self.every or (key for key, _ in self.extra["choices"] if key != "")
        others = Q(**{f"{self.field_name}__in": [key for key in every if str(key) != str(value)]})
        field = found.model._meta.get_field(self.field_name) if "__" not in self.field_name else None
        return found.filter(
            others | Q(**{f"{self.field_name}__isnull": True}) if getattr(field, "null", False) else others
        )


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
        return [each for each in self._drawn() if isinstance(each.field.widget, _Links)]

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
