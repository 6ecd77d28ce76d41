"""What staff decide about staged invoices, and how each of their statuses is read."""

from typing import Any

from django.db import connection

from billing_admin.importing.questions import LEAVE_OUT, Question
from billing_admin.models import SystemImport

WAIT, JOIN, PAID = "wait", "join", "paid"
NEGATIVE_LINES, NOTHING_DUE, STATUS = "negative lines", "nothing due", "status:"

# What a status there is here, in small letters. `unpaid` is open: it goes on under our rules.
KNOWN = {
    "unpaid": "unpaid", "payment pending": "unpaid", "collections": "unpaid", "overdue": "unpaid", "open": "unpaid",
    "paid": "paid", "cancelled": "cancelled", "void": "cancelled", "refunded": "refunded", "draft": "draft",
}  # fmt: skip

_BECOMES = (
    ("paid", "Paid"),
    ("cancelled", "Cancelled"),
    ("refunded", "Refunded"),
    ("unpaid", "Unpaid: open, and goes on here"),
    ("draft", "Draft"),
    (LEAVE_OUT, "Leave them out"),
)

_STATUSES = """
    SELECT lower(btrim(status)), min(btrim(status)), count(*) FROM billing_admin_stagedinvoice
    WHERE of_id = %s GROUP BY 1 ORDER BY 1
"""
_NEGATIVE = """
    SELECT count(*) FROM billing_admin_stagedinvoice invoice
    WHERE of_id = %(run)s AND lower(btrim(status)) = ANY(%(open)s) AND EXISTS (
        SELECT FROM billing_admin_stagedline line
        WHERE line.of_id = %(run)s AND line.invoice_source_id = invoice.source_id AND line.amount < 0)
"""
_SETTLED = """
    SELECT count(*) FROM billing_admin_stagedinvoice
    WHERE of_id = %(run)s AND lower(btrim(status)) = ANY(%(open)s)
      AND paid >= total + CASE WHEN is_gross THEN -credit ELSE 0 END
"""


def questions(run: SystemImport) -> list[Question]:
    """Statuses that are not known; open invoices with a line below zero, or on which nothing is due."""
    asked = []
    with connection.cursor() as cursor:
        cursor.execute(_STATUSES, [run.pk])
        for word, shown, rows in cursor.fetchall():
            if word not in KNOWN:
                said = f"the status “{shown}”" if shown else "no status"
                asked.append(Question(f"{STATUS}{word}", f"What are invoices with {said}?", LEAVE_OUT, _BECOMES, rows))
        parameters: dict[str, Any] = {
            "run": run.pk,
            "open": [word for word, status in statuses(run).items() if status == "unpaid"],
        }
        cursor.execute(_NEGATIVE, parameters)
        (negative,) = cursor.fetchone()
        cursor.execute(_SETTLED, parameters)
        (settled,) = cursor.fetchone()
    if negative:
        choices = (
            (WAIT, "Do not bring them"),
            (JOIN, "Put each such line together with the one before it"),
            (LEAVE_OUT, "Leave them out"),
        )
        text = "Lines of ours are never below zero. What becomes of open invoices that have a negative line?"
        asked.append(Question(NEGATIVE_LINES, text, WAIT, choices, negative))
    if settled:
        choices = ((WAIT, "Do not bring them"), (PAID, "They come as paid"), (LEAVE_OUT, "Leave them out"))
        text = "What becomes of invoices that are open there although nothing is due on them any more?"
        asked.append(Question(NOTHING_DUE, text, WAIT, choices, settled))
    return asked


def statuses(run: SystemImport) -> dict[str, str]:
    """Status there, in small letters → what it is here, with what was answered; without those that still ask."""
    answered = {key.removeprefix(STATUS): str(answer) for key, answer in run.answers.items() if key.startswith(STATUS)}
    return answered | KNOWN
