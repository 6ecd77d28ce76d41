"""Take a batch of credit back, as far as it is unspent."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.management.base import CommandParser

from billing_admin.management.staff_command import StaffCommand
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from credits.services.bulk.reverse import reverse_credit_batch


class Command(StaffCommand):
    help = "Take back what is left of every credit that a batch gave. What was spent stays spent."
    required_permission = "credits.remove_credit"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=UUID, metavar="BATCH", help="the batch's id, as grant_credit named it")
        parser.add_argument("--reason", default="", help="why; it stands on the ledger")

    def act(self, *, by: User | None, **options: Any) -> None:
        back = reverse_credit_batch(batch_id=options["batch"], by=by, reason=options["reason"])
        self.say(f"{totals_text(back.totals)} of {pluralize(back.grants, 'credit')} taken back.")
        if back.kept:
            self.say(f"{totals_text(back.kept)} had been used, removed or expired before and stays so.")
