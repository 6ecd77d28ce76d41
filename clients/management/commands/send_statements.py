"""Send statements of account to many clients."""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from clients.models import ClientGroup
from clients.selectors.statements import clients_for_statements, last_month
from clients.services.mail.statements import send_statements, why_no_statements


class Command(StaffCommand):
    help = (
        "Send each client a statement of account by mail, for the last month unless a period is named. Run again for "
        "the same period, it sends to nobody twice. Statements have to be switched on in Settings → Mail."
    )
    required_permission = "clients.send_mailmessage"
    kept = "What was put in so far is sent; run it again for the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--group", metavar="NAME", help="only clients of this group")
        parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="the first day, as 2026-11-01")
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="the last day")
        parser.add_argument("--only-who-owes", action="store_true", help="only clients with an unpaid invoice")
        parser.add_argument("--dry-run", action="store_true", help="say how many, and send none")

    def act(self, *, by: User | None, **options: Any) -> None:
        first, last = last_month()
        first, last = options["first"] or first, options["last"] or last
        clients = clients_for_statements(group=_group(options["group"]), only_owing=options["only_who_owes"])
        ids = list(clients.values_list("pk", flat=True))
        if options["dry_run"]:
            if why := why_no_statements(first, last):
                raise CommandError(why)
            self.say(f"{pluralize(len(ids), 'client')} would be sent a statement. Nothing was sent: a dry run.")
            return
        queued = send_statements(ids=ids, first=first, last=last, by=by)
        again = f"; {len(ids) - queued:,} had theirs already" if queued < len(ids) else ""
        self.say(f"{pluralize(queued, 'statement')} from {first} to {last} put in to be sent{again}.")


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _group(name: str | None) -> ClientGroup | None:
    if name is None:
        return None
    group = ClientGroup.objects.filter(name=name).first()
    if group is None:
        raise CommandError(f"There is no group “{name}”.")
    return group
