"""Recomputing every invariant from independent sums. It reports and stores what it finds, and never repairs money."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.db import DataError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from clients.models import ActivitySeal
from credits.models import LedgerCheck, LedgerFinding

from .chain import chain_rules, kept_elsewhere
from .invariant import Invariant, Row
from .invariants import INVARIANTS


def check_ledger() -> LedgerCheck:
    """Check every invariant; store and return what was found.

    One statement, so that all sums are of the same moment even while others write; what was signed off is compared
    after it. Each discrepancy is a LedgerFinding with its figures. Nothing is repaired.
    """
    ActivitySeal.objects.seal()
    with db_transaction.atomic():
        check = LedgerCheck.objects.create()
        findings = [_finding(invariant, *row) for invariant, row in _found(INVARIANTS)]
        for finding in findings:
            finding.check_run = check
        LedgerFinding.objects.bulk_create(findings)
        check.finding_count = len(findings)
        check.finished_at = timezone.now()
        check.save(update_fields=["finding_count", "finished_at"])
    return check


def verify_activity(*, since: datetime.date | None = None, kept: Sequence[str] | None = None) -> list[str]:
    """Check the chain of activity alone, or what was sealed `since` that day; the sentences of what was found.

    `kept` are the lines of sign-offs that were kept elsewhere: the chain is compared with them too.
    """
    ActivitySeal.objects.seal()
    rules = chain_rules(since)
    if kept is not None:
        rules += (Invariant("I12", "line", "{stored}", find=partial(kept_elsewhere, kept)),)
    with db_transaction.atomic():
        return [_finding(invariant, *row).text for invariant, row in _found(rules)]


def _found(rules: Sequence[Invariant]) -> list[tuple[Invariant, Row]]:
    """What breaks each of the rules, in their order.

    Where something is stored that no rule can reckon with, as an infinite date, each rule is asked alone.
    """
    try:
        return _broken(rules)
    except DataError:
        return [found for invariant in rules for found in _broken_or_unreadable(invariant)]


@db_transaction.atomic
def _broken(rules: Sequence[Invariant]) -> list[tuple[Invariant, Row]]:
    parts = [
        f"SELECT {number}, id::bigint, stored::text, computed::text "
        f"FROM ({invariant.sql}) broken (id, stored, computed)"
        for number, invariant in enumerate(rules)
        if invariant.sql
    ]
    found: list[tuple[Invariant, Row]] = []
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1, 2")
            found = [(rules[number], (pk, stored, computed)) for number, pk, stored, computed in cursor.fetchall()]
    return found + [(invariant, row) for invariant in rules for row in (invariant.find() if invariant.find else ())]


def _broken_or_unreadable(invariant: Invariant) -> list[tuple[Invariant, Row]]:
    try:
        return _broken([invariant])
    except DataError as error:
        said = replace(invariant, words="cannot be verified, for something stored there is no value: {stored}")
        return [(said, (0, str(error).splitlines()[0], ""))]


def _finding(invariant: Invariant, subject_id: int, stored: str, computed: str) -> LedgerFinding:
    words = invariant.words.format(stored=stored, computed=computed)
    return LedgerFinding(
        invariant=invariant.code,
        subject=invariant.subject,
        subject_id=subject_id,
        text=f"{invariant.code}: {invariant.subject} {subject_id} {words}",
    )
