"""How amounts, quantities and dates are written on every screen.

`{% load format_tags %}` · `{{ invoice.total|figure }}` · `{{ invoice.total|money }}` ·
`{{ total|figure_in:"USD" }}` · `{{ line.quantity|quantity }}` · `{{ line.tax_rate|percent }}` ·
`{% day invoice.due_on %}`.
Zero is written out (`0.00`); only what is unknown is a dash.
"""

import datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.dateformat import DateFormat
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from djmoney.money import Money

from billing_admin.countries import country_label
from billing_admin.money import amounts
from billing_admin.web.markup import escaped

register = template.Library()

DASH = "–"
MINUS = "−"


@register.filter
def figure(money: Money | None) -> str:
    """`1,234.50`, with as many places as the currency has. For columns where every row has one currency."""
    if not isinstance(money, Money):
        return DASH
    return amounts.amount_text(money.amount, money.currency.code)


@register.filter
def figure_in(amount: Decimal | None, currency: str) -> str:
    """`1,234.50` for a bare sum out of SQL, whose currency stands in another column."""
    return DASH if amount is None else amounts.amount_text(Decimal(amount), currency)


@register.filter
def money(money: Money | None) -> SafeString | str:
    """`1,234.50 USD`, wherever currencies can mix."""
    if not isinstance(money, Money):
        return DASH
    code = money.currency.code
    return SafeString(f'<span class="figure">{figure(money)}</span> <span class="currency">{code}</span>')


@register.filter
def money_in(amount: Decimal | None, currency: str) -> SafeString | str:
    """`1,234.50 USD` for a bare sum out of SQL."""
    return DASH if amount is None else money(Money(amount, currency))


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """`1.5`, not `1.5000`: the trailing zeros of a column say nothing about the thing counted."""
    if value is None:
        return DASH
    text = f"{Decimal(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", MINUS)


@register.filter
def percent(value: Decimal | int | None) -> str:
    """`8.25%` of a rate kept in percent (20 means 20%)."""
    return DASH if value is None else f"{quantity(value)}%"


@register.filter
def country(code: str) -> str:
    """`Austria (AT)`."""
    return country_label(code)


@register.simple_tag
def day(value: datetime.date | datetime.datetime | None, *, time: bool = False) -> SafeString | str:
    """`22 Nov 2026`; a moment shows its exact time on hover and says it to screen readers, or to all with `time=True`.

    Both are given in the time zone of the request, so that a day never differs from the one in the exact time.
    """
    if not isinstance(value, datetime.date):
        return DASH
    if not isinstance(value, datetime.datetime):
        whole, short = _words(value)
        return SafeString(f'<time class="day" datetime="{value.isoformat()}" title="{whole}">{short}</time>')
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    whole, short = _words(moment.date())
    clock = moment.time().isoformat(timespec="seconds")
    return SafeString(
        f'<time class="day" datetime="{moment.isoformat(timespec="seconds")}" '
        f'title="{whole}, {clock} {escaped(DateFormat(moment).T())}">{short}'
        f'<span class="{"day-time" if time else "sr-only"}">, {clock[:5]}</span></time>'
    )


@lru_cache(maxsize=4096)
def _words(day: datetime.date) -> tuple[str, str]:
    """`Sunday, 22 November 2026` and `22 Nov 2026`. Kept, because Django takes long for them."""
    return date_format(day, "l, j F Y"), date_format(day, "j M Y")
