"""Undo a merge."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.management.staff_command import StaffCommand
from clients.models import ClientMerge
from clients.services.merge.merge_clients import what_moved
from clients.services.merge.undo import undo_merge


class Command(StaffCommand):
    help = "Undo the latest merge of the client that had NUMBER: it is there again, with what it brought."
    required_permission = "clients.undo_merge"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, metavar="NUMBER", help="the number that was discarded")

    def act(self, *, by: User | None, **options: Any) -> None:
        number: int = options["number"]
        known = number < 2**63
        merge = ClientMerge.objects.filter(discarded_number=number).order_by("-pk").first() if known else None
        if merge is None:
            raise CommandError(f"No client {number} was merged into another; nothing was changed.")
        restored = undo_merge(merge=merge, by=by)
        self.say(f"Client {restored.number} is there again: {what_moved(merge.counts)} given back.")
