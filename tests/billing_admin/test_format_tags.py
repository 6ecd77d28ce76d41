"""Amounts, quantities and dates as the screens write them."""

import datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone
from djmoney.money import Money

from billing_admin.templatetags import format_tags


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money("1234.5", "USD"), "1,234.50"),
        (Money("0", "USD"), "0.00"),
        (Money("-0.05", "USD"), "−0.05"),
        (Money("1250000", "JPY"), "1,250,000"),
        (Money("98765.432", "KWD"), "98,765.432"),
        (None, "–"),
    ],
)
def test_figure_has_the_places_of_its_currency_and_a_true_minus(money, written):
    assert format_tags.figure(money) == written


def test_money_marks_up_figure_and_currency():
    written = Template("{% load format_tags %}{{ money|money }}").render(Context({"money": Money("-3", "EUR")}))
    assert written == '<span class="figure">−3.00</span> <span class="currency">EUR</span>'
    assert format_tags.money(None) == "–"


def test_figure_in_writes_a_bare_sum_and_keeps_zero_apart_from_unknown():
    assert format_tags.figure_in(Decimal("0.000"), "USD") == "0.00"
    assert format_tags.figure_in(None, "USD") == "–"
    assert format_tags.money_in(Decimal("7"), "JPY") == (
        '<span class="figure">7</span> <span class="currency">JPY</span>'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("2.0000"), "2"),
        (Decimal("1.5000"), "1.5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("-0.2500"), "−0.25"),
        (Decimal("-0.00"), "0"),
        (0, "0"),
        (None, "–"),
    ],
)
def test_quantity_drops_the_zeros_that_say_nothing(value, written):
    assert format_tags.quantity(value) == written


def test_percent_writes_a_rate_kept_in_percent():
    assert format_tags.percent(Decimal("8.2500")) == "8.25%"
    assert format_tags.percent(Decimal("0.00")) == "0%"
    assert format_tags.percent(None) == "–"


def test_day_of_a_date_names_the_weekday_on_hover():
    assert format_tags.day(datetime.date(2026, 11, 22)) == (
        '<time class="day" datetime="2026-11-22" title="Sunday, 22 November 2026">22 Nov 2026</time>'
    )


def test_day_of_a_moment_says_the_time_in_the_requests_zone():
    moment = datetime.datetime(2026, 11, 22, 23, 30, 5, tzinfo=datetime.UTC)
    with timezone.override(datetime.timezone(datetime.timedelta(hours=2), "EET")):
        written = format_tags.day(moment)
    assert written == (
        '<time class="day" datetime="2026-11-23T01:30:05+02:00" title="Monday, 23 November 2026, 01:30:05 EET">'
        '23 Nov 2026<span class="sr-only">, 01:30</span></time>'
    )


def test_day_of_nothing_is_a_dash():
    assert format_tags.day(None) == "–"
