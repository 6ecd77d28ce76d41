"""What waits for somebody: each a count that stops at a thousand, with a link to exactly its rows.

A matter that there is nothing of is not listed, nor one that the person may not see.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from billing_admin.db import pagination
from billing_admin.db.over_rows import over_rows
from billing_admin.jobs.daily import PREFIX, last_daily_tasks
from billing_admin.jobs.pages import address_of
from billing_admin.listing.queued import ACT_ON_ROWS
from billing_admin.models import Job
from billing_admin.text import pluralize
from billing_admin.web.parts import part
from clients.models import ApprovalRequest, IssuedDocument, MailSettings
from clients.models.mail.kinds import MailKind
from clients.selectors import mail
from clients.selectors.limits import APPROVE
from clients.tasks import APPROVE_REQUEST, BOOK_IMPORT, JUDGE_IMPORT
from credits.models import LedgerCheck
from credits.selectors.lists import expiring
from invoices.models import Invoice, InvoiceRun
from invoices.selectors.reminders import LeftOut, reminders_left_out
from invoices.selectors.runs import latest_unbilled, shown_runs
from invoices.services.documents import DRAW
from transactions.models import Transaction

# A draft that nobody issued for so long was probably forgotten.
DRAFT_LIES = datetime.timedelta(days=7)
# So long a job that failed is told of, unless the same was asked for again and done; and so many at most.
JOB_IS_NEWS = datetime.timedelta(days=7)
JOBS_SHOWN = 3
# Among so many of the latest jobs those that failed are looked for.
_LOOKED_AT = 200
_RUNS_LOOKED_AT = 10

_NOT_WELL = (InvoiceRun.State.FAILED, InvoiceRun.State.INTERRUPTED)


@dataclass(frozen=True)
class Matter:
    """Something that waits, in words, and where its rows are; `failed` where it could not be found out."""

    words: str
    url: str = ""
    is_urgent: bool = False
    failed: bool = False


def matters(person: User, today: datetime.date) -> list[Matter]:
    """What waits for this person, what is wrong before what is merely open."""
    found: list[Matter] = []
    for name, permission, read in _KINDS:
        if person.has_perm(permission):
            answer = part(name, lambda read=read: list(read(today)))  # type: ignore[misc]
            found += [Matter(f"{name}: {answer.failed}", failed=True)] if answer.found is None else answer.found
    if person.has_perm(APPROVE):
        approvals = part("Requests for approval", lambda: list(_to_decide(person)))
        found += (
            approvals.found
            if approvals.found is not None
            else [Matter(f"Requests for approval: {approvals.failed}", failed=True)]
        )
    found += [matter for permission, matter in _failed_jobs(person) if person.has_perm(permission)][:JOBS_SHOWN]
    return sorted(found, key=lambda matter: not (matter.is_urgent or matter.failed))


def _counted(rows: QuerySet[Any], one: str, many: str) -> str:
    """`12 drafts`, `More than 1,000 drafts`, or nothing where there are none; counted in the order of an index."""
    up_to = pagination.COUNTED_UP_TO
    ((count,),) = over_rows(rows.values_list("pk")[: up_to + 1], "count(*)") or [(0,)]
    if count > up_to:
        return f"More than {up_to:,} {many}"
    return pluralize(count, one, many) if count else ""


def _list(words: str, url_name: str, *, urgent: bool = False, **asked: Any) -> Iterable[Matter]:
    if words:
        yield Matter(words, reverse(url_name, query=asked), urgent)


def _to_decide(person: User) -> Iterable[Matter]:
    """What others asked for."""
    others = ApprovalRequest.objects.filter(state=ApprovalRequest.State.WAITING)
    others = others.exclude(requester=person).exclude(uploader=person)
    words = _counted(others.order_by("-pk"), "request waits for approval", "requests wait for approval")
    yield from _list(words, "approvals", state=ApprovalRequest.State.WAITING.value)


def _findings(today: datetime.date) -> Iterable[Matter]:
    check = LedgerCheck.objects.order_by("-id").first()
    if check and check.finding_count:
        words = pluralize(check.finding_count, "discrepancy in the ledger", "discrepancies in the ledger")
        yield from _list(words, "credits:checks", urgent=True, check=check.pk)


def _failed_run(today: datetime.date) -> Iterable[Matter]:
    """The last run that did not end as it should, unless one that came after it did what it left."""
    done_since = -1
    for shown in shown_runs(InvoiceRun.objects.filter(dry_run=False).order_by("-id")[:_RUNS_LOOKED_AT]):
        run = shown.run
        if shown.state in _NOT_WELL and run.clients_due - run.clients_done > done_since:
            ended = "failed" if shown.state == InvoiceRun.State.FAILED else "was interrupted"
            words = f"The invoice run as of {run.as_of:%-d %b %Y} {ended}"
            yield Matter(words, reverse("invoices:run", args=[run.pk]), is_urgent=True)
            return
        if shown.state == InvoiceRun.State.FINISHED:
            done_since = max(done_since, run.clients_done)


def _failed_daily(today: datetime.date) -> Iterable[Matter]:
    names = [task.label for task in last_daily_tasks() if task.state in (Job.State.FAILED, "interrupted")]
    if names:
        yield Matter(f"Daily work did not go well: {', '.join(names)}", reverse("invoices:runs") + "#daily", True)


def _unbilled(today: datetime.date) -> Iterable[Matter]:
    for run in latest_unbilled():
        words = f"{pluralize(run.clients, 'client')} not billed by the invoice run as of {run.as_of:%-d %b %Y}"
        yield Matter(words, reverse("invoices:run", args=[run.pk], query={"unbilled": 1}) + "#errors", True)


def _overdue(today: datetime.date) -> Iterable[Matter]:
    rows = Invoice.objects.overdue(today).order_by("due_on")
    yield from _list(_counted(rows, "invoice overdue", "invoices overdue"), "invoices:list", status="overdue")


def _unattached(today: datetime.date) -> Iterable[Matter]:
    rows = Transaction.objects.filter(client_number=None).order_by("date")
    words = _counted(rows, "payment that belongs to no client yet", "payments that belong to no client yet")
    yield from _list(words, "transactions:list", show="unattached")


def _expiring(today: datetime.date) -> Iterable[Matter]:
    words = _counted(expiring(today).order_by("expires_on"), "credit about to expire", "credits about to expire")
    yield from _list(f"{words} within 30 days" if words else "", "credits:expiring")


def _drafts(today: datetime.date) -> Iterable[Matter]:
    last = today - DRAFT_LIES
    rows = Invoice.objects.drafted_by(last).order_by("-id")
    words = _counted(rows, "draft", "drafts")
    said = f"{words} older than {DRAFT_LIES.days} days" if words else ""
    yield from _list(said, "invoices:list", status="draft", drafted_by=last)


def _mail_server(today: datetime.date) -> Iterable[Matter]:
    settings = MailSettings.objects.current()
    if settings.stopped_why:
        yield Matter(f"Nothing is sent: {settings.stopped_why}", reverse("mail:list"), is_urgent=True)


def _perhaps_sent(today: datetime.date) -> Iterable[Matter]:
    words = _counted(mail.perhaps_sent(), "message perhaps sent", "messages perhaps sent")
    yield from _list(words, "mail:list", urgent=True, open="perhaps")


def _failed_mail(today: datetime.date) -> Iterable[Matter]:
    words = _counted(mail.failed(), "message could not be sent", "messages could not be sent")
    yield from _list(words, "mail:list", urgent=True, open="failed")


def _without_address(today: datetime.date) -> Iterable[Matter]:
    words = _counted(mail.without_address(), "message without an address", "messages without an address")
    yield from _list(words, "mail:list", open="address")


def _held_mail(today: datetime.date) -> Iterable[Matter]:
    words = _counted(mail.held_by_sender(), "message withheld", "messages withheld")
    yield from _list(f"{words} as the sender changed" if words else "", "mail:list", open="sender")


def _not_reminded(today: datetime.date) -> Iterable[Matter]:
    """What would be reminded of, if there were an address."""
    if MailSettings.objects.current().sends(MailKind.REMINDER):
        of_clients_without = reminders_left_out(today).alias(address=Upper("client__email")).filter(address="")
        rows = of_clients_without.filter(left_out=LeftOut.NO_ADDRESS)  # few, found by an index before the rule is asked
        words = _counted(rows, "invoice overdue", "invoices overdue")
        said = f"{words} of clients without an address for reminders" if words else ""
        yield from _list(said, "invoices:reminders_due", left=LeftOut.NO_ADDRESS.value)


# What each is called where it cannot be read, what one must be allowed to see, and who reads it.
_KINDS: tuple[tuple[str, str, Callable[[datetime.date], Iterable[Matter]]], ...] = (
    ("Discrepancies in the ledger", "credits.view_credit", _findings),
    ("The last invoice run", "invoices.view_invoice", _failed_run),
    ("Daily work", "invoices.view_invoice", _failed_daily),
    ("Clients not billed", "invoices.view_invoice", _unbilled),
    ("Overdue invoices", "invoices.view_invoice", _overdue),
    ("Payments of nobody", "transactions.view_transaction", _unattached),
    ("Expiring credit", "credits.view_credit", _expiring),
    ("Drafts", "invoices.view_invoice", _drafts),
    ("The mail server", "clients.view_mailmessage", _mail_server),
    ("Mail perhaps sent", "clients.view_mailmessage", _perhaps_sent),
    ("Mail that failed", "clients.view_mailmessage", _failed_mail),
    ("Mail without an address", "clients.view_mailmessage", _without_address),
    ("Mail withheld as the sender changed", "clients.view_mailmessage", _held_mail),
    ("Reminders without an address", "invoices.view_invoice", _not_reminded),
)

# Kind of a job → what it is called, who may see its page, and where that is.
_IMPORT = "billing_admin.import_system"
_JOBS: dict[str, tuple[str, str, Callable[[Job], str]]] = {
    "credits.check_ledger": ("Check of the ledger", "credits.view_credit", lambda job: reverse("credits:checks")),
    "credits.verify_activity": (
        "Verifying the activity",
        "clients.view_activity",
        lambda job: reverse("credits:activity_chain"),
    ),
    "credits.read_batch": ("Reading a file of credit", "credits.give_bulk_credit", lambda job: _batch(job)),
    "credits.book_batch": ("Booking a file of credit", "credits.give_bulk_credit", lambda job: _batch(job)),
    "credits.reverse_batch": ("Taking back a file of credit", "credits.view_credit", lambda job: _batch(job)),
    ACT_ON_ROWS: (
        "What you asked for with many rows",
        "clients.view_client",
        lambda job: reverse("acted", args=[job.pk]),
    ),
    DRAW: ("Drawing a document", "invoices.view_invoice", lambda job: _document(job)),
    APPROVE_REQUEST: ("Booking what was approved", APPROVE, lambda job: reverse("approval", args=[job.subject])),
    JUDGE_IMPORT: ("Looking at an import again", _IMPORT, lambda job: reverse("system_import", args=[job.subject])),
    BOOK_IMPORT: ("Booking an import", _IMPORT, lambda job: reverse("system_import", args=[job.subject])),
    "transactions.take_back_file": (
        "Taking back a file of payments",
        "transactions.view_transaction",
        lambda job: reverse("transactions:import"),
    ),
}


def _document(job: Job) -> str:
    is_note = job.arguments["document"] == IssuedDocument.Kind.CREDIT_NOTE
    return reverse("invoices:note_document" if is_note else "invoices:document", args=[job.arguments["pk"]])


def _batch(job: Job) -> str:
    return reverse("credits:batch", args=[job.subject])


def _failed_jobs(person: User) -> list[tuple[str, Matter]]:
    """Jobs that failed of late, each with the permission that its page needs."""
    answer = part("Jobs that failed", lambda: _read_failed_jobs(person))
    if answer.found is None:
        return [("clients.view_client", Matter(f"Jobs that failed: {answer.failed}", failed=True))]
    return answer.found


def _read_failed_jobs(person: User) -> list[tuple[str, Matter]]:
    since = timezone.now() - JOB_IS_NEWS
    latest = Job.objects.exclude(kind__startswith=PREFIX).order_by("-pk")[:_LOOKED_AT]
    told: set[tuple[str, str]] = set()
    found = []
    for job in latest:
        if (job.kind, job.subject) in told:
            continue
        told.add((job.kind, job.subject))
        if job.state != Job.State.FAILED or job.asked_at < since or job.kind not in _JOBS:
            continue
        if job.kind == ACT_ON_ROWS and job.asked_by_id != person.pk:
            continue  # its page is for who asked
        label, permission, page = _JOBS[job.kind]
        found.append((permission, Matter(f"{label} failed", address_of(page(job), job), is_urgent=True)))
    return found
