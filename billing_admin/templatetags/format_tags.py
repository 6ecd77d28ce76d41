"""How amounts, quantities and dates are written on every screen.

`{% load format_tags %}` · `{{ invoice.total|figure }}` · `{{ invoice.total|money }}` ·
`{{ total|figure_in:"USD" }}` · `{{ line.quantity|quantity }}` · `{{ line.tax_rate|percent }}` ·
`{% day invoice.due_on %}`.
Zero is written out (`0.00`); only what is unknown is a dash.
"""

import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from djmoney.money import Money

from billing_admin.countries import country_label
from billing_admin.money import amounts

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
    return format_html(
        '<span class="figure">{}</span> <span class="currency">{}</span>', figure(money), money.currency.code
    )


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
        return format_html(
            '<time class="day" datetime="{}" title="{}">{}</time>',
            value.isoformat(),
            date_format(value, "l, j F Y"),
            date_format(value, "j M Y"),
        )
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = date_format(moment, "H:i")
    return format_html(
        '<time class="day" datetime="{}" title="{}">{}<span class="{}">, {}</span></time>',
        moment.isoformat(timespec="seconds"),
        date_format(moment, "l, j F Y, H:i:s T"),
        date_format(moment, "j M Y"),
        "day-time" if time else "sr-only",
        clock,
    )
