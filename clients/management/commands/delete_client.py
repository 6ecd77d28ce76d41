"""Delete a client."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.management.staff_command import StaffCommand
from clients.management.client_number import client_numbered
from clients.management.confirmation import confirm
from clients.selectors.deletion import deletion_preview
from clients.services.delete.delete_client import delete_client, what_became_of_transactions

WITH_TRANSACTIONS = "clients.delete_transactions"


class Command(StaffCommand):
    help = "Delete client NUMBER and everything held about it except its transactions. There is no way back."
    required_permission = "clients.delete_client"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, metavar="NUMBER", help="the client’s number")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
        parser.add_argument("--no-input", action="store_true", help="do not ask")
        parser.add_argument("--with-transactions", action="store_true", help="delete the transactions too")

    def act(self, *, by: User | None, **options: Any) -> None:
        with_transactions: bool = options["with_transactions"]
        if with_transactions and by is not None and not by.has_perm(WITH_TRANSACTIONS):
            raise CommandError(
                f"{by.get_username()} may not do this: the permission {WITH_TRANSACTIONS} is missing. "
                "Nothing was changed."
            )
        client = client_numbered(options["number"])
        preview = deletion_preview(client)
        self.say(f"{client} would go, with:" if options["dry_run"] else f"{client} goes, with:")
        for name, number in preview.going(with_transactions=with_transactions):
            self.say(f"  {name}: {number:,}")
        if preview.transactions and not with_transactions:
            self.say(f"  transactions: {preview.transactions:,} stay ({preview.money_in})")
        if preview.activities:
            self.say(f"  activity entries: {preview.activities:,} stay, with what is personal in them emptied")
        for sentence in preview.warnings:
            self.say(f"  {sentence}")
        if options["dry_run"]:
            self.say("Nothing was changed: this was a dry run.")
            return
        if not options["no_input"]:
            confirm("There is no way back.", str(client.number))
        deletion = delete_client(client=client, by=by, with_transactions=with_transactions)
        self.say(f"Client {client.number} deleted; {what_became_of_transactions(deletion)}.")
