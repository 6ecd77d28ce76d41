"""Book the expiry of credit."""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from billing_admin.csv_files.cells import day
from billing_admin.errors import BusinessError
from billing_admin.management.staff_command import StaffCommand
from billing_admin.money.amounts import totals_text
from credits.services.expire import expire_credit


class Command(StaffCommand):
    help = "Book what has expired before a day and was not used. Run again, it books nothing twice."
    required_permission = "credits.add_credit"
    kept = "What was booked so far stays; run it again to book the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day that counts as today (default: today)")

    def act(self, *, by: User | None, **options: Any) -> None:
        as_of = _day(options["as_of"])
        expired = expire_credit(as_of=as_of, by=by)
        if expired:
            self.say(f"Expired before {as_of:%-d %b %Y}: {totals_text(expired)}.")
        else:
            self.say(f"No credit has expired before {as_of:%-d %b %Y} that was not booked; nothing was changed.")


def _day(text: str | None) -> datetime.date:
    """The day asked for; one to come is refused, because credit that expires then can still be used until then."""
    today = timezone.localdate()
    try:
        as_of = day(text) if text else today
    except BusinessError as error:
        raise CommandError(f"--as-of: {error}") from None
    if as_of > today:
        raise CommandError(f"{as_of:%-d %b %Y} is yet to come; credit that expires until then can still be used.")
    return as_of
