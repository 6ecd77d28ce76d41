"""What the checks of the ledger found."""

from django.db.models import QuerySet

from credits.models import LedgerCheck, LedgerFinding

# How many checks, and how many findings of one, a page shows.
CHECKS_SHOWN = 30
FINDINGS_SHOWN = 1_000


def latest_checks() -> QuerySet[LedgerCheck]:
    """The last checks, the latest first."""
    return LedgerCheck.objects.order_by("-id")[:CHECKS_SHOWN]


def findings_of(check: LedgerCheck) -> QuerySet[LedgerFinding]:
    """What one check found, rule by rule."""
    return LedgerFinding.objects.filter(check_run=check).order_by("id")[:FINDINGS_SHOWN]
