"""Delete the transactions of a client."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from clients.management.client_number import client_numbered
from clients.management.confirmation import confirm
from transactions.models import Transaction
from transactions.selectors.deletion import transactions_deletion
from transactions.services.delete import delete_transactions, why_nothing_goes


class Command(StaffCommand):
    help = (
        "Delete the transactions of client NUMBER, as before the client is deleted. A payment of which credit is used "
        "stays and is named with the way out. There is no way back; a mistake is better reversed."
    )
    required_permission = "transactions.delete_transaction"
    kept = "Nothing was deleted."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, metavar="NUMBER", help="the client’s number")
        parser.add_argument("--dry-run", action="store_true", help="say what would go and what stays, change nothing")
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def act(self, *, by: User | None, **options: Any) -> None:
        client = client_numbered(options["number"])
        chosen = list(Transaction.objects.filter(client=client).values_list("pk", flat=True))
        if not chosen:
            self.say(f"{client} has no transactions; nothing was changed.")
            return
        looked_at = transactions_deletion(client, chosen)
        if looked_at.rows:
            would = "would go" if options["dry_run"] else "go"
            self.say(f"Of {client}, {looked_at.how_many} {would}: {looked_at.in_and_out}.")
        for sentence in looked_at.effects:
            self.say(f"  {sentence}")
        if looked_at.stay:
            self.say(f"{pluralize(looked_at.stay, 'payment')} {'stays' if looked_at.stay == 1 else 'stay'}:")
        for each in looked_at.staying:
            self.say(f"  {each.payment.label}, {each.payment.date:%-d %b %Y}: {each.why}")
        if looked_at.more_staying:
            self.say(f"  And {looked_at.more_staying:,} more.")
        if options["dry_run"]:
            self.say("Nothing was changed: this was a dry run.")
            return
        if not looked_at.rows:
            raise CommandError(why_nothing_goes(looked_at))
        if not options["no_input"]:
            confirm("There is no way back.", str(client.number))
        deleted = delete_transactions(client=client, chosen=chosen, by=by, seen=looked_at.seen)
        self.say(f"{deleted.activity.summary}.")
