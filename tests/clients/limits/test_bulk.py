"""A file of credit above a limit waits; its uploader never approves it; jobs look at rights again when they run."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.models import Job
from billing_admin.staff.groups import BILLING, MANAGER, OWNER
from clients.models import ApprovalRequest
from credits.models import CreditBatch, CreditGrant
from credits.services.bulk.preview import preview_credit_file
from credits.tasks import BOOK_BATCH, REVERSE_BATCH
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.limits import limit, switch_on
from tests.pages import fill, get_page, parse
from transactions.tasks import TAKE_BACK_FILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    """Of Billing, above its limit; two clients get 60.00 USD each."""
    limit(BILLING, {"bulk entry USD": 100})
    switch_on()
    rows = "".join(f"{make_client(name).number},60,USD,Downtime\n" for name in ("Acme", "Globex"))
    content = f"Client ID,Amount,Currency,Description\n{rows}".encode()
    return preview_credit_file(path="credit.csv", content=content, by=make_staff(BILLING, username="sam"))


def browser_of(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def ask(batch: CreditBatch, person: User | None = None) -> ApprovalRequest:
    browser, url = browser_of(person or batch.created_by), reverse("credits:batch", args=[batch.pk])
    offered = parse(fill(browser, get_page(browser, url), "form.panel"))
    assert "120.00 USD is more than the 100.00 USD that you may give in bulk at once." in offered.text
    tick = offered.one("[name=ask_approval]")["value"]
    fill(browser, offered, "form.panel", {"ask_approval": tick, "ask_reason": "The outage"})
    return ApprovalRequest.objects.get()


def decide(person: User, asked: ApprovalRequest, decision: str = "approve") -> str:
    url = reverse("decide_approval", args=[asked.pk])
    answer = browser_of(person).post(url, {"decision": decision, "reason": "Fine"}, follow=True)
    return parse(answer).text


def test_a_file_above_the_limit_waits_and_is_booked_once_approved(batch):
    asked = ask(batch)
    assert (asked.amount, asked.uploader, asked.subject) == (usd(120), batch.created_by, "credit.csv")
    page = get_page(browser_of(batch.created_by), reverse("credits:batch", args=[batch.pk]))
    assert "This file waits for approval" in page.text
    robin = make_staff(MANAGER, username="robin")
    decide(robin, asked)
    assert not CreditGrant.objects.exists()
    do_jobs()
    assert [grant.created_by_name for grant in CreditGrant.objects.all()] == ["sam, approved by robin"] * 2
    asked.refresh_from_db()
    assert asked.state == "approved"
    assert_invariants()


def test_the_uploader_never_approves_what_another_asked_for(batch):
    robin, sam = make_staff(MANAGER), batch.created_by
    limit(MANAGER, {"bulk entry USD": 100})
    asked = ask(batch, robin)
    sam.groups.add(Group.objects.get(name=OWNER))
    assert "You uploaded this file yourself" in decide(User.objects.get(pk=sam.pk), asked)
    assert do_jobs() == 0


def test_a_preview_that_waits_is_kept_and_not_discarded(batch):
    asked = ask(batch)
    browser = browser_of(batch.created_by)
    answer = parse(browser.post(reverse("credits:discard_batch", args=[batch.pk]), follow=True))
    assert "This file waits for approval; withdraw the request first." in answer.text
    CreditBatch.objects.update(created_at="2020-01-01T00:00Z")
    preview_credit_file(path="b.csv", content=b"Client ID,Amount,Currency,Description\n1,1,USD,x\n", by=None)
    assert CreditBatch.objects.filter(pk=batch.pk).exists()
    decide(make_staff(MANAGER), asked, "refuse")
    browser.post(reverse("credits:discard_batch", args=[batch.pk]))
    assert not CreditBatch.objects.filter(pk=batch.pk).exists()


def test_a_file_that_gives_something_else_by_now_is_not_booked(batch):
    asked = ask(batch)
    batch.rows.filter(line=3).update(amount=61)
    decide(make_staff(MANAGER), asked)
    do_jobs()
    assert "121.00 USD by now, and 120.00 USD was asked for" in Job.objects.latest("pk").outcome
    assert not CreditGrant.objects.exists()


@pytest.mark.parametrize("kind", [BOOK_BATCH, REVERSE_BATCH, TAKE_BACK_FILE])
def test_a_job_of_somebody_who_left_is_refused(kind):
    robin = make_staff(OWNER, username="robin")
    job = enqueue_job(kind=kind, subject="00000000-0000-0000-0000-000000000000", by=robin)
    User.objects.update(is_active=False)
    do_jobs()
    job.refresh_from_db()
    assert (job.state, job.outcome) == (
        "refused", "Who asked for it was deactivated meanwhile; nothing was done."
    )  # fmt: skip


@pytest.mark.parametrize("kind", [BOOK_BATCH, REVERSE_BATCH, TAKE_BACK_FILE])
def test_a_job_of_somebody_who_lost_the_right_is_refused(kind):
    robin = make_staff(OWNER, username="robin")
    job = enqueue_job(kind=kind, subject="00000000-0000-0000-0000-000000000000", by=robin)
    robin.groups.clear()
    do_jobs()
    job.refresh_from_db()
    assert "no longer has the right" in job.outcome
