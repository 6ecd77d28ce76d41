"""Days of other systems' files."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_admin.csv_files.dates import fitting_date_orders, leaves_date_order_open, read_day
from billing_admin.errors import BusinessError

THIRD = datetime.date(2021, 2, 3)


@pytest.mark.parametrize(("text", "order"), [
    ("2021-02-03 13:12", "ymd"), ("2021-02-03T13:12:00Z", "ymd"), ("2/3/21", "mdy"), ("03-02-2021", "dmy"),
    ("3.2.2021", "dmy"), ("20210203", "ymd"), ("3 Feb 2021", "mdy"), ("Feb 3, 2021", "dmy"), ("3. Februar 2021", "ymd"),
    ("03-feb-21", "ymd"), ("3 de febrero de 2021", "dmy"), ("03.02.2021 11:12 PM", "dmy"), ("21-02-03", "ymd"),
])  # fmt: skip
def test_days_are_read_as_they_are_spelled(text, order):
    assert read_day(text, order=order, zone=datetime.UTC) == THIRD


def test_a_zone_counts():
    text = "2021-02-03T23:30:00-05:00"
    assert read_day(text, order="ymd", zone=ZoneInfo("America/New_York")) == THIRD
    assert read_day(text, order="ymd", zone=ZoneInfo("Europe/Berlin")) == THIRD + datetime.timedelta(days=1)


def test_years_of_two_digits_turn_at_seventy():
    assert read_day("03.02.69", order="dmy").year == 2069
    assert read_day("03.02.70", order="dmy").year == 1970


@pytest.mark.parametrize("text", ["2021-02-30", "31/02/2021", "2021-02-03 25:00", "0000-01-01", "9999-12-31T23:59-12:00", "1899-12-31", "9999-01-01", "words", "1" * 1_000_000, "²/2/2021", "44230"])  # fmt: skip # noqa: E501
def test_what_is_no_day_is_refused_as_it_stands(text):
    for order in ("ymd", "dmy", "mdy"):
        with pytest.raises(BusinessError, match=f"“{text[:40]}"):
            read_day(text, order=order, zone=datetime.UTC)


def test_the_column_tells_the_order():
    assert fitting_date_orders(["03/04/2026", "13/04/2026"]) == {"dmy"}
    assert fitting_date_orders(["03/04/2026", "04/13/2026"]) == {"mdy"}
    assert fitting_date_orders(["03/04/2026"]) == {"dmy", "mdy"}
    assert fitting_date_orders(["03/03/2026"]) == {"dmy"}
    assert fitting_date_orders(["13/04/2026", "04/13/2026"]) == set()
    assert fitting_date_orders(["03.04.2026"]) == {"dmy"}  # dots stand after the day
    assert leaves_date_order_open("03/04/2026")
    assert not leaves_date_order_open("3 Feb 2021")


@given(
    st.lists(st.dates(datetime.date(2000, 1, 1), datetime.date(2069, 12, 31)), min_size=1, max_size=5),
    st.sampled_from([("%Y-%m-%d", "ymd"), ("%Y%m%d", "ymd"), ("%d.%m.%Y", "dmy"), ("%d/%m/%Y", "dmy"),
                     ("%m/%d/%y", "mdy"), ("%d-%m-%Y", "dmy"), ("%m/%d/%Y %H:%M", "mdy"),
                     ("%d %B %Y", "dmy"), ("%b %d, %Y", "mdy")]),
)  # fmt: skip
def test_days_written_in_any_dialect_are_read_back_or_asked(days, dialect):
    spelled, order = dialect
    written = [day.strftime(spelled) for day in days]
    assert [read_day(text, order=order) for text in written] == days
    fitting = fitting_date_orders(written)
    if len(fitting) == 1:
        assert [read_day(text, order=next(iter(fitting))) for text in written] == days
    else:
        assert order in fitting
