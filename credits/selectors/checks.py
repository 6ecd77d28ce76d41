"""What the checks of the ledger found."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from credits.models import CreditAccount, CreditGrant, LedgerCheck, LedgerFinding
from invoices.models import Invoice

# How many checks, and how many findings of one, a page shows.
CHECKS_SHOWN = 30
FINDINGS_SHOWN = 1_000


def latest_checks() -> QuerySet[LedgerCheck]:
    """The last checks, the latest first."""
    return LedgerCheck.objects.order_by("-id")[:CHECKS_SHOWN]


def findings_of(check: LedgerCheck) -> QuerySet[LedgerFinding]:
    """What one check found, rule by rule."""
    return LedgerFinding.objects.filter(check_run=check).order_by("id")[:FINDINGS_SHOWN]


@dataclass(frozen=True)
class ShownFinding:
    """A discrepancy as staff read it: what it is about, by the name that pages have for it, and where that is."""

    about: str
    words: str
    url: str = ""


def shown_findings(findings: Iterable[LedgerFinding]) -> list[ShownFinding]:
    """The same discrepancies with the names of their rows: a query for each kind of row."""
    findings = list(findings)
    ids = {subject: [each.subject_id for each in findings if each.subject == subject] for subject in _NAMED}
    names = {subject: name(ids[subject]) if ids[subject] else {} for subject, name in _NAMED.items()}
    return [_shown(finding, names.get(finding.subject, {})) for finding in findings]


def _shown(finding: LedgerFinding, names: dict[int, tuple[str, str]]) -> ShownFinding:
    plain = f"{finding.subject} {finding.subject_id}"
    words = finding.text.removeprefix(f"{finding.invariant}: ").removeprefix(plain).strip()
    about, url = names.get(finding.subject_id, (plain.capitalize(), ""))
    return ShownFinding(about, words, url)


def _balances(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = CreditAccount.objects.filter(pk__in=ids).values_list("pk", "currency", "client__name", "client__number")
    return {
        pk: (f"Credit balance of {name} in {currency}", reverse("credits:of_client", args=[number]))
        for pk, currency, name, number in rows
    }


def _grants(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = CreditGrant.objects.filter(pk__in=ids).values_list("pk", "description", "client__name", "client__number")
    return {
        pk: (f"Credit “{description}” of {name}", reverse("credits:grant", args=[number, pk]))
        for pk, description, name, number in rows
    }


def _invoices(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = Invoice.objects.filter(pk__in=ids).values_list("pk", "label")
    return {pk: (f"Invoice {label}", reverse("invoices:detail", args=[pk])) for pk, label in rows}


_NAMED = {"credit account": _balances, "credit grant": _grants, "invoice": _invoices}
