"""The kinds of filters that a list may have: a search, a day, an amount, a choice."""

import copy
import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django_filters import Filter

from billing_admin.db.days import day_asked
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


class LinksInput(forms.HiddenInput):
    """A choice drawn as links above the list; the form only carries it on."""


class _Filter(Filter):
    """Each request has filters of its own; what they are made of is shared, and never changed."""

    def __deepcopy__(self, memo: Any) -> "_Filter":
        own = copy.copy(self)
        own.extra = dict(self.extra)
        own.method = self.method  # of this filter's own filters
        return own


class SearchFilter(_Filter):
    """Words to look for, by the method `search` of the filters; of several each says what it is `about`."""

    field_class = _SearchField

    def __init__(self, placeholder: str, about: str = "") -> None:
        label = about or "Search in the list"
        super().__init__(label=label, method="search", widget=self._widget(placeholder, label))
        self.about = about or "Search"

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

    @property
    def flat_choices(self) -> Iterator[tuple[Any, str]]:
        """Each choice, of a group those in it."""
        for key, label in self.extra["choices"]:
            yield from [(key, label)] if isinstance(label, str) else label


class LinksFilter(ChoiceFilter):
    """A choice that is made by a click on its word."""

    widget_class = LinksInput


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
