"""Delete clients that were closed long ago."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from clients.management.confirmation import confirm
from clients.models.client_queryset import ClientGone
from clients.selectors.idle import idle_clients, months_ago
from clients.services.delete.delete_closed import delete_if_idle


class Command(StaffCommand):
    help = (
        "List the closed clients without credit, unpaid invoices, drafts or activity for N months, and after a "
        "confirmation delete them. Their transactions stay."
    )
    required_permission = "clients.delete_client"
    kept = "Who was deleted so far is deleted; run it again for the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--inactive-months", type=int, required=True, metavar="N", help="at least 1")
        parser.add_argument("--dry-run", action="store_true", help="list them, and change nothing")
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def act(self, *, by: User | None, **options: Any) -> None:
        months: int = options["inactive_months"]
        if not 1 <= months <= 1200:
            raise CommandError(f"--inactive-months goes from 1 to 1200; {months} was given.")
        since = months_ago(months, timezone.localdate())
        clients = list(idle_clients(since))
        if not clients:
            self.say(f"No closed client has been without activity since {since:%-d %b %Y}; nothing was changed.")
            return
        for client in clients:
            self.say(str(client))
        found = f"{pluralize(len(clients), 'closed client')} without activity since {since:%-d %b %Y}."
        if options["dry_run"]:
            self.say(f"{found} Nothing was changed: this was a dry run.")
            return
        if not options["no_input"]:
            confirm(f"{found} There is no way back.", str(len(clients)))
        deleted = 0
        for client in clients:
            try:
                deleted += delete_if_idle(client=client, since=since, by=by) is not None
            except ClientGone:
                continue
        left = len(clients) - deleted
        rest = f" {pluralize(left, 'other')} stayed, because something happened to them meanwhile." if left else ""
        self.say(f"{pluralize(deleted, 'client')} deleted; their transactions stay.{rest}")
