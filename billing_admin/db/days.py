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


def day_asked(text: str | None) -> datetime.date | None:
    """A day out of an address, `2026-11-22`; None where it says nothing or nothing that can be read."""
    try:
        day = datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
