"""Days as staff mean them: in the time zone of the installation, from midnight to midnight."""

import datetime

from django.utils import timezone

# Days of these years can be reckoned with: a period, a time zone or a due date leads to no day that there is not.
FIRST_YEAR, LAST_YEAR = 1900, 9998


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def end_of(day: datetime.date) -> datetime.datetime:
    """The first moment after a day: what is earlier belongs to it or to a day before."""
    return start_of(day + datetime.timedelta(days=1))


def last_of_month(day: datetime.date) -> datetime.date:
    """The last day of the month that a day is in."""
    return (day.replace(day=1) + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def months_shown(last: datetime.date) -> list[datetime.date]:
    """The first days of the months that pictures show: that of the last day, and a year of months before it."""
    months = [last.replace(day=1)]
    while len(months) <= 12:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months[::-1]


def ends_shown(last: datetime.date) -> list[datetime.date]:
    """The last days of the months before, and the last day itself: when a balance is shown."""
    return [*(last_of_month(month) for month in months_shown(last)[:-1]), last]


def day_asked(text: str | None) -> datetime.date | None:
    """A day out of an address, `2026-11-22`; None where it says nothing or nothing that can be read."""
    try:
        day = datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
