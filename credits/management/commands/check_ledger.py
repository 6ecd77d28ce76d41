"""Recompute every invariant of the ledger."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from credits.services.check import check_ledger
from credits.services.invariants import INVARIANTS


class Command(StaffCommand):
    help = "Recompute all balances from independent sums and name each discrepancy. Never repairs; exits 1 on any."
    required_permission = "credits.check_ledger"

    def act(self, *, by: User | None, **options: Any) -> None:
        check = check_ledger()
        for text in check.findings.order_by("id").values_list("text", flat=True):
            self.say(text)
        if check.finding_count:
            raise CommandError(f"{pluralize(check.finding_count, 'discrepancy', 'discrepancies')} found.")
        self.say(f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found.")
