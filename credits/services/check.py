"""Recomputing every invariant from independent sums. It reports and stores what it finds, and never repairs money."""

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from credits.models import LedgerCheck, LedgerFinding

from .invariant import Invariant
from .invariants import INVARIANTS


@db_transaction.atomic
def check_ledger() -> LedgerCheck:
    """Check every invariant; store and return what was found.

    One statement, so that all sums are of the same moment even while others write. Each discrepancy is a LedgerFinding
    with its figures. Nothing is repaired.
    """
    check = LedgerCheck.objects.create()
    parts = [
        f"SELECT {number}, id::bigint, stored::text, computed::text "
        f"FROM ({invariant.sql}) broken (id, stored, computed)"
        for number, invariant in enumerate(INVARIANTS)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1, 2")
        findings = [
            _finding(check, INVARIANTS[number], subject_id, stored, computed)
            for number, subject_id, stored, computed in cursor.fetchall()
        ]
    LedgerFinding.objects.bulk_create(findings)
    check.finding_count = len(findings)
    check.finished_at = timezone.now()
    check.save(update_fields=["finding_count", "finished_at"])
    return check


def _finding(check: LedgerCheck, invariant: Invariant, subject_id: int, stored: str, computed: str) -> LedgerFinding:
    words = invariant.words.format(stored=stored, computed=computed)
    return LedgerFinding(
        check_run=check,
        invariant=invariant.code,
        subject=invariant.subject,
        subject_id=subject_id,
        text=f"{invariant.code}: {invariant.subject} {subject_id} {words}",
    )
