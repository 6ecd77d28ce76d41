"""What staff decide about the credit of another system."""

from billing_admin.importing.questions import LEAVE_OUT, Question
from billing_admin.models import StagedClient, StagedCredit, SystemImport
from credits.models import CreditGrant

CATEGORY = "credit category"
NEGATIVE = "negative balance"
BRING = "bring"


def questions(run: SystemImport) -> list[Question]:
    """Which category it has, and what becomes of credit that is below zero there."""
    rows = StagedCredit.objects.filter(of=run)
    asked = []
    if rows.exists() or StagedClient.objects.filter(of=run, balance__gt=0).exists():
        asked.append(category_asked(rows.count()))
    below = StagedClient.objects.filter(of=run, balance__lt=0)
    if below.exists():
        asked.append(negative_asked(rows.filter(client_source_id__in=below.values("source_id")).count()))
    return asked


def category_asked(rows: int = 0) -> Question:
    """What the credit was: one category for all of it, so that it is drawn in the order of time."""
    return Question(
        CATEGORY,
        "What is the credit that clients have there?",
        CreditGrant.Category.PAID.value,
        (("paid", "Paid by the clients"), ("promotional", "Promotional: given to them")),
        rows,
    )


def negative_asked(rows: int = 0) -> Question:
    """What becomes of credit rows of a client who owes there, for a balance of ours is never below zero."""
    return Question(
        NEGATIVE,
        "What becomes of the credit of clients whose balance there is below zero?",
        LEAVE_OUT,
        ((BRING, "Bring the rows and end at zero; the debt is listed"), (LEAVE_OUT, "Leave their credit out")),
        rows,
    )
