"""Form fields that every screen about money shares."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from djmoney.money import Money

from billing_admin import languages
from billing_admin.countries import country_label, find_country, names
from billing_admin.db.days import FIRST_YEAR, LAST_YEAR
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import parse_amount, plain_amount, smallest_unit, without_groups
from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.markup import format_html_join


class AmountField(forms.CharField):
    """An amount as text; the form's `clean` reads it with the row's currency, by `read_amount`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("error_messages", {"required": "Enter an amount."})
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)


class AmountsField(forms.CharField):
    """Amounts of several currencies, one a line, as `10000.00 USD`. Gives a Decimal per currency.

    None is below the currency's smallest unit, or below `least`.
    """

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, least: Decimal | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least

    def prepare_value(self, value: Any) -> Any:
        """Amounts as they are typed."""
        if isinstance(value, dict):
            return "\n".join(f"{plain_amount(amount, code)} {code}" for code, amount in sorted(value.items()))
        return value

    def clean(self, value: Any) -> dict[str, Decimal]:
        amounts: dict[str, Decimal] = {}
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            amount, _, currency = line.rpartition(" ")
            currency = currency.upper()
            if currency in amounts:
                raise ValidationError(f"{currency} stands there twice.")
            try:
                least = smallest_unit(currency) if self.least is None else self.least
                amounts[currency] = parse_amount(amount, currency, minimum=least)
            except BusinessError as error:
                raise ValidationError(f"“{line[:40]}”: {error}") from error
        return amounts


class CurrencyChoiceField(forms.ChoiceField):
    """A currency in use. `first` come first: those that the client already has."""

    def __init__(self, *, first: Iterable[str] = (), **kwargs: Any) -> None:
        # A function, for each form has a copy of its fields, and copying all currencies takes as long as a query.
        super().__init__(choices=lambda: self.ordered(first), **kwargs)

    def valid_value(self, value: Any) -> bool:
        """Whether it is one of the choices, which are looked up only where they are shown."""
        return value in CURRENCIES or super().valid_value(value)

    @staticmethod
    def ordered(first: Iterable[str]) -> list[tuple[str, str]]:
        """Choices with `first` in front."""
        codes = dict.fromkeys([*first, *CURRENCIES])
        return [(code, code) for code in codes]


class _CountryInput(forms.TextInput):
    """A field to type into, with the list of countries that what is typed narrows down; a browser's own."""

    template_name = "components/country.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["options"] = _country_options()
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs']['id']}_list"
        return context


@cache
def _country_options() -> SafeString:
    return format_html_join("", '<option value="{}"></option>', ((country_label(code),) for code in names()))


class CountryField(forms.CharField):
    """A country of the list, typed as its code or its name. Gives the code; see `find_country`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", _CountryInput(attrs={"autocomplete": "off"}))
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A code as it stands in the list; what is none, as it was typed."""
        return country_label(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        try:
            return find_country(super().clean(value))
        except BusinessError as error:
            raise ValidationError(str(error)) from None


class LanguageField(forms.ChoiceField):
    """A language of the list, or none. One that is stored already stays, though it is none of the list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_languages, **kwargs)

    def keep(self, stored: str) -> None:
        """Offer what is stored, too."""
        if stored and stored not in languages.names():
            self.choices = [*_languages(), (stored, stored)]


def _languages() -> list[tuple[str, str]]:
    return [("", "Not said"), *((code, languages.language_label(code)) for code in languages.names())]


class DateField(forms.DateField):
    """A date with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": "Give a date as 2026-11-30."})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        day = super().to_python(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Give a date from {FIRST_YEAR} to {LAST_YEAR}.")
        return day


class KeyField(forms.CharField):
    """The idempotency key of one rendering of a form: the same form sent twice counts once."""

    def __init__(self) -> None:
        messages = {"required": "This form came without its key. Open it again."}
        super().__init__(widget=forms.HiddenInput, initial=new_key, max_length=64, error_messages=messages)


def new_key() -> str:
    """A key that no other form has."""
    return uuid4().hex


def read_amount(form: forms.Form, name: str, currency: str | None, *, minimum: Decimal | None = None) -> Money | None:
    """The amount in a form's field as Money, or None with an error beside the field. Call it in `clean`."""
    text = form.cleaned_data.get(name)
    if not text or not currency:
        return None
    try:
        return Money(parse_amount(text, currency, minimum=minimum), currency)
    except BusinessError as error:
        form.add_error(name, str(error))
        return None


def add_error(form: forms.BaseForm, error: BusinessError) -> None:
    """Show why a service refused: beside the field that the error names where the form has it, else on top."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


class PlainDecimalField(forms.CharField):
    """A number as plain digits with a point, as for amounts: never 1e5, NaN or 1,5; 1,234.5 is. Gives a Decimal."""

    def __init__(self, *, places: int, largest: Decimal, **kwargs: Any) -> None:
        self.places = places
        self.largest = largest
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A number as it is typed."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        text = without_groups(text)
        match = re.fullmatch(r"[0-9]{1,15}(?:\.([0-9]*[1-9])?0*)?", text, re.ASCII)
        if match is None:
            raise ValidationError(f"“{text[:30]}” is not a number. Use digits and a decimal point, as in 1.5.")
        if len(match[1] or "") > self.places:
            raise ValidationError(f"Up to {self.places} decimal places are kept; {text[:30]} has more.")
        number = Decimal(text)
        if number > self.largest:
            raise ValidationError(f"The largest is {self.largest:,}; {text[:30]} was given.")
        return number
