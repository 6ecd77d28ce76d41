"""Send the reminders that are due."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.utils import timezone

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from invoices.selectors.reminders import LeftOut, reminders_in_parts
from invoices.services.reminders.send import send_reminders, why_no_reminders


class Command(StaffCommand):
    help = (
        "Send a reminder by mail of each invoice that one is due for: of the lowest level that was not sent yet, one a "
        "day at most. Run again, it sends none twice. Reminders have to be switched on in Settings → Mail."
    )
    required_permission = "clients.send_mailmessage"
    kept = "What was put in so far is sent; run it again for the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--as-of", type=datetime.date.fromisoformat, metavar="DATE", help="as of this day (default: today)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say which would go out, and send none")

    def act(self, *, by: User | None, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        if options["dry_run"]:
            self._look(as_of)
            return
        outcome = send_reminders(as_of=as_of, by=by)
        for part in outcome.parts:
            self.say(f"Reminder {part.level}, {part.currency}: {pluralize(part.number, 'invoice')}")
        self.say(f"{pluralize(outcome.number, 'reminder')} put in to be sent.")
        self._say_left_out(outcome.left_out)

    def _look(self, as_of: datetime.date) -> None:
        parts, left_out = reminders_in_parts(as_of)
        for part in parts:
            self.say(f"Reminder {part.level}, {part.currency}: {pluralize(part.number, 'invoice')}")
        number = sum(part.number for part in parts)
        self.say(f"{pluralize(number, 'reminder')} would be sent. Nothing was sent: a dry run.")
        self._say_left_out(left_out)
        if why := why_no_reminders(as_of):
            self.say(f"None can go out: {why}")

    def _say_left_out(self, left_out: Mapping[LeftOut, int]) -> None:
        for why in LeftOut:
            if number := left_out.get(why):
                self.say(f"{pluralize(number, 'invoice')} left out. {why.label}.")
