"""Pictures: what is drawn of which numbers."""

import datetime
from decimal import Decimal

import lxml.html
import pytest

from billing_admin.charts import Chart, Point, Series
from billing_admin.charts.scale import Scale, short

MONTHS = ["Nov 2025", "Dec 2025", *(f"{datetime.date(2026, month, 1):%b %Y}" for month in range(1, 12))]


def series(name, *amounts):
    return Series(
        name, [Point(month, Decimal(amount), f"/rows/{month}/") for month, amount in zip(MONTHS, amounts, strict=False)]
    )


def chart(shape="columns", *more):
    return Chart("flow", shape, "USD", more or (series("Invoiced", *range(100, 1400, 100)),))


def drawn(svg):
    return lxml.html.fragment_fromstring(svg)


@pytest.mark.parametrize(
    ("amounts", "marks"),
    [
        ((), [0, 1]),
        ((0, 0), [0, 1]),
        ((3,), [0, 1, 2, 3]),
        ((980, 40), [0, 250, 500, 750, 1000]),
        (("0.03",), [0, "0.01", "0.02", "0.03"]),
        ((-120, 300), [-200, -100 + 0, 0, 100, 200, 300]),
        ((-5,), [-6, -4, -2, 0]),
    ],
)
def test_the_axis_has_zero_and_holds_every_amount(amounts, marks):
    scale = Scale.of([Decimal(amount) for amount in amounts])
    assert Decimal(0) in scale.marks
    assert all(0 <= scale.part(Decimal(amount)) <= 1 for amount in amounts)
    assert len(scale.marks) <= 6
    if min(map(Decimal, amounts), default=0) >= 0:
        assert scale.marks == [Decimal(mark) for mark in marks]


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0", "0"), ("0.25", "0.25"), ("2500", "2,500"), ("25000", "25k"), ("2500000", "2.5m"), ("-3e9", "−3bn")],
)
def test_marks_are_short(amount, written):
    assert short(Decimal(amount)) == written


@pytest.mark.parametrize("shape", ["columns", "line"])
def test_every_amount_leads_to_its_rows_and_says_itself(shape):
    svg = drawn(chart(shape).wide)
    links = svg.cssselect("a")
    assert [link.get("href") for link in links] == [f"/rows/{month}/" for month in MONTHS]
    assert links[0].cssselect("title")[0].text == "Invoiced, Nov 2025: 100.00 USD"
    assert {link.get("tabindex") for link in links} == {"-1"}


def test_a_phone_gets_fewer_months_in_a_drawing_of_its_own():
    svg = drawn(chart().narrow)
    assert [link.get("href") for link in svg.cssselect("a")] == [f"/rows/{month}/" for month in MONTHS[-6:]]
    assert svg.get("viewbox").split()[2] == "340"


@pytest.mark.parametrize("shape", ["columns", "line"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_last_amount_of_each_series_is_written_out(shape, size):
    two = chart(shape, series("Invoiced", *[1] * 12, 1234), series("Collected", *[2] * 12, 999))
    svg = drawn(getattr(two, size))
    assert [text.text for text in svg.cssselect(".chart-last")] == ["1,234.00", "999.00"]
    assert two.words == "Nov 2026: Invoiced 1,234.00 USD, Collected 999.00 USD."


def test_series_are_told_apart_without_colours():
    two = [series("Invoiced", *[1] * 13), series("Collected", *[2] * 13)]
    columns, lines = drawn(chart("columns", *two).wide), drawn(chart("line", *two).wide)
    (stripes,) = columns.cssselect("pattern")
    assert {column.get("fill") for column in columns.cssselect("rect.chart-b")} == {f"url(#{stripes.get('id')})"}
    assert (
        len(lines.cssselect(".chart-line-a")) == len(lines.cssselect(".chart-line-b")) == 2
    )  # and what they are called


def test_both_drawings_on_one_page_have_patterns_of_their_own():
    two = chart("columns", series("Invoiced", *[1] * 13), series("Collected", *[2] * 13))
    ids = [drawn(svg).cssselect("pattern")[0].get("id") for svg in (two.wide, two.narrow)]
    assert len(set(ids)) == 2


def test_columns_stand_on_zero_and_hang_from_it():
    svg = drawn(chart("columns", series("Collected", *[100] * 12, -50)).wide)
    (zero,) = {float(line.get("y1")) for line in svg.cssselect(".chart-zero")}
    columns = svg.cssselect("a rect.chart-a")
    assert float(columns[0].get("y")) + float(columns[0].get("height")) == pytest.approx(zero, abs=0.2)
    assert float(columns[-1].get("y")) == pytest.approx(zero, abs=0.2)
    assert float(columns[-1].get("height")) > 0


def test_bars_are_as_long_as_their_amounts_and_nothing_is_nothing():
    parts = Series(
        "Overdue", [Point(name, Decimal(amount)) for name, amount in [("New", 0), ("Old", 50), ("Oldest", 100)]]
    )
    svg = drawn(Chart("age", "bars", "JPY", [parts]).wide)
    none, half, whole = (float(bar.get("width")) for bar in svg.cssselect("rect.chart-a"))
    assert none == 0
    assert whole == pytest.approx(2 * half, abs=0.2)
    assert [text.text for text in svg.cssselect(".chart-last")] == ["0", "50", "100"]


def test_nothing_at_all_is_drawn_too():
    for shape in ("columns", "line"):
        assert drawn(chart(shape, series("Invoiced", *[0] * 13)).wide).cssselect(".chart-zero")


@pytest.mark.parametrize("shape", ["columns", "line", "bars"])
def test_no_colour_and_no_style_is_in_the_drawing(shape):
    for svg in (chart(shape).wide, chart(shape).narrow):
        for node in drawn(svg).iter():
            assert "style" not in node.attrib
            assert all("url(#" in node.get(name, "url(#") for name in ("fill", "stroke"))
        assert drawn(svg).get("aria-hidden") == "true"


def test_what_was_typed_is_escaped():
    odd = Chart("x", "columns", "USD", [Series("<b>&", [Point('"<i>', Decimal(1), '/?q="<')])])
    assert "<b>" not in odd.wide
    assert drawn(odd.wide).cssselect("a title")[0].text == '<b>&, "<i>: 1.00 USD'
