"""What Home says needs attention, with links to exactly those rows, and what it says where it cannot tell."""

import datetime

import psycopg
import pytest
from django.db import OperationalError
from django.utils import timezone

from billing_admin.db import pagination
from billing_admin.home import attention, selectors
from billing_admin.models import Job
from credits.models import CreditBatch, LedgerCheck
from invoices.models import Invoice, InvoiceRun, RunLimits
from invoices.services.runs.generate import generate_invoices
from invoices.services.runs.join import JOIN_RUN
from invoices.services.runs.start import DO_RUN
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, person_with, usd
from tests.pages import get_page, queries_of
from tests.transactions.popups import unattached

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def matters(browser):
    """Words → where they lead."""
    return {text: url for panel in get_page(browser, "/").all("#attention") for text, url in panel.links().items()}


def rows(browser, url, selector="tbody tr"):
    return get_page(browser, url.partition("#")[0]).all(selector)


def park_two(today):
    for name in ("Acme", "Globex"):
        make_item(make_client(name), usd("1000.00"), due=today)
    RunLimits.objects.create(largest_totals={"USD": "1.00"})
    return generate_invoices(as_of=today, by=None)


def old_draft(days, acme=None):
    draft = Invoice.objects.create(client=acme or make_client(), currency="USD")
    Invoice.objects.filter(pk=draft.pk).update(created_at=timezone.now() - days * DAY)


def failed_job(kind="credits.check_ledger", state="failed", days=0):
    at = timezone.now() - days * DAY
    return Job.objects.create(kind=kind, state=state, outcome="It ended by an error.", asked_at=at, finished_at=at)


def test_nothing_waits_and_nothing_is_said(signed_in):
    make_invoice(make_client(), usd(10))
    give_credit(make_client(), usd(5))
    page = get_page(signed_in, "/")
    assert page.all("#attention") == []
    assert page.all("#outstanding tbody tr") != []


def test_overdue_invoices(signed_in):
    acme = make_client()
    make_invoice(acme, usd(10), due_on=TODAY() - DAY)
    make_invoice(acme, usd(20), due_on=TODAY())
    assert matters(signed_in) == {"1 invoice overdue": "/invoices/?status=overdue"}
    assert len(rows(signed_in, "/invoices/?status=overdue")) == 1


def test_payments_that_belong_to_nobody(signed_in):
    unattached()
    found = matters(signed_in)
    assert found == {"1 payment that belongs to no client yet": "/transactions/?show=unattached"}
    (url,) = found.values()
    assert len(rows(signed_in, url, "tbody .row-link")) == 1


def test_credit_about_to_expire(signed_in):
    acme = make_client()
    give_credit(acme, usd(5), expires_on=TODAY() + 29 * DAY)
    give_credit(acme, usd(5), expires_on=TODAY() + 31 * DAY)
    found = matters(signed_in)
    assert found == {"1 credit about to expire within 30 days": "/credits/expiring/"}
    assert len(rows(signed_in, *found.values())) == 1


def test_drafts_that_were_left_lying(signed_in):
    for days in (0, 6, 7, 30):
        old_draft(days)
    ((words, url),) = matters(signed_in).items()
    assert words == "2 drafts older than 7 days"
    assert len(rows(signed_in, url)) == 2
    assert get_page(signed_in, url).one(".filters input[name=drafted_by]")["value"] == str(TODAY() - 7 * DAY)
    assert get_page(signed_in, "/invoices/").all(".filters input[name=drafted_by]") == []


def test_counting_stops_at_a_thousand(signed_in, monkeypatch):
    acme = make_client()
    for _ in range(3):
        old_draft(8, acme)
    monkeypatch.setattr(pagination, "COUNTED_UP_TO", 2)
    assert list(matters(signed_in)) == ["More than 2 drafts older than 7 days"]


def test_clients_that_the_last_run_parked(signed_in):
    today = TODAY()
    run = park_two(today)
    words = f"2 clients not billed by the invoice run as of {today:%-d %b %Y}"
    found = matters(signed_in)
    assert get_page(signed_in, "/").texts("#attention .urgent") == [words]
    assert found == {words: f"/invoices/runs/{run.pk}/?unbilled=1#errors"}
    assert len(rows(signed_in, found[words], "#errors tbody tr")) == 2


def test_a_parked_client_is_told_of_once_and_only_while_it_is_due(signed_in):
    today = TODAY()
    first = park_two(today)
    acme, globex = (error.client for error in first.errors.order_by("client"))
    globex.billable_items.update(paused=True)
    again = generate_invoices(as_of=today, by=None)
    ((words, url),) = matters(signed_in).items()
    assert words == f"1 client not billed by the invoice run as of {today:%-d %b %Y}"
    assert url.startswith(f"/invoices/runs/{again.pk}/")
    assert [row.links() for row in rows(signed_in, url, "#errors tbody tr td:first-child")] == [
        {"Acme": f"/clients/{acme.number}/"}
    ]
    earlier = get_page(signed_in, f"/invoices/runs/{first.pk}/?unbilled=1")
    assert earlier.one("#errors .empty p").text == "All of them were billed meanwhile, or are not due any more."
    assert len(rows(signed_in, f"/invoices/runs/{first.pk}/", "#errors tbody tr")) == 2
    acme.billable_items.update(paused=True)
    assert matters(signed_in) == {}


@pytest.mark.parametrize(("state", "ended"), [("failed", "failed"), ("running", "was interrupted")])
def test_a_run_that_did_not_end_as_it_should_until_another_did_the_rest(signed_in, state, ended):
    make_client()
    day = datetime.date(2026, 3, 1)

    def run(state, due, done):
        return InvoiceRun.objects.create(
            as_of=day, state=state, clients_due=due, clients_done=done, started_by_name="System"
        )

    lost = run(state, 10, 4)
    told = {f"The invoice run as of 1 Mar 2026 {ended}": f"/invoices/runs/{lost.pk}/"}
    assert matters(signed_in) == told
    run("finished", 1, 1)  # one of its clients was tried again
    assert matters(signed_in) == told
    run("finished", 6, 6)
    assert matters(signed_in) == {}


def test_what_the_ledger_check_found(signed_in):
    make_client()
    check = LedgerCheck.objects.create(finding_count=2)
    assert matters(signed_in) == {"2 discrepancies in the ledger": f"/credits/checks/?check={check.pk}"}
    LedgerCheck.objects.create(finding_count=0)
    assert matters(signed_in) == {}


def test_a_job_that_failed_until_the_same_is_done_or_a_week_is_over(signed_in):
    make_client()
    failed = failed_job()
    assert matters(signed_in) == {"Check of the ledger failed": f"/credits/checks/?job={failed.pk}"}
    get_page(signed_in, f"/credits/checks/?job={failed.pk}")
    failed_job(state="done")
    assert matters(signed_in) == {}
    Job.objects.all().delete()
    failed_job(days=8)
    assert matters(signed_in) == {}


def test_daily_work_that_did_not_go_well(signed_in):
    make_client()
    failed_job("daily.expire_credit")
    assert matters(signed_in) == {"Daily work did not go well: Book expired credit": "/invoices/runs/#daily"}
    assert get_page(signed_in, "/invoices/runs/").one("#daily").texts(".badge") == ["Failed"]


def test_every_kind_of_job_has_a_page_where_it_is_told():
    from procrastinate.contrib.django import app

    app.perform_import_paths()
    of_runs = {DO_RUN, JOIN_RUN}
    one_by_one = {name for name in app.tasks if not name.startswith(("procrastinate.", "builtin:"))} - of_runs
    of_whoever_asked = {"lists.sheet", "invoices.zip", "clients.statements"}  # a file that only they can save
    of_mail = {"clients.send_mail"}  # each message says for itself what became of it
    of_nobody = {"clients.reset_passwords"}  # asked for by somebody who is signed out, and asks again
    assert one_by_one - of_whoever_asked - of_mail - of_nobody == set(attention._JOBS)


def test_each_matter_only_for_those_who_may_see_its_rows(client):
    acme = make_client()
    make_invoice(acme, usd(10), due_on=TODAY() - DAY)
    give_credit(make_client(), usd(5), expires_on=TODAY())
    unattached()
    LedgerCheck.objects.create(finding_count=1)
    failed_job()
    client.force_login(person_with("view_client"))
    assert matters(client) == {}
    client.force_login(person_with("view_client", "view_transaction"))
    assert list(matters(client)) == ["1 payment that belongs to no client yet"]
    client.force_login(make_staff())
    assert list(matters(client)) == [
        "1 discrepancy in the ledger",
        "Check of the ledger failed",
        "1 invoice overdue",
        "1 payment that belongs to no client yet",
        "1 credit about to expire within 30 days",
    ]


def test_a_file_of_credit_that_failed_is_told_to_who_may_open_it(client):
    make_client()
    batch = CreditBatch.objects.create(file_name="downtime.csv", created_by_name="Ann")
    job = Job.objects.create(kind="credits.book_batch", subject=str(batch.pk), state="failed", asked_at=timezone.now())
    client.force_login(person_with("view_client", "view_credit"))
    assert matters(client) == {}
    client.force_login(person_with("view_client", "view_credit", "give_bulk_credit"))
    address = f"/credits/batches/{batch.pk}/?job={job.pk}"
    assert matters(client) == {"Booking a file of credit failed": address}
    assert client.get(address).status_code == 200


def test_the_same_number_of_queries_for_one_matter_and_for_many(signed_in):
    old_draft(8)
    queries_of(signed_in, "/")
    at_one = queries_of(signed_in, "/")
    for days in range(8, 58):
        old_draft(days)
        failed_job()
    assert queries_of(signed_in, "/") == at_one


def test_a_part_that_fails_says_so_and_the_others_are_shown(signed_in, monkeypatch, caplog):
    acme = make_client()
    give_credit(acme, usd("5.00"))

    def stumble(*_):
        raise ValueError("a bug")

    monkeypatch.setattr(selectors, "outstanding", stumble)
    monkeypatch.setattr(attention, "expiring", stumble)
    page = get_page(signed_in, "/")
    failed = "This could not be read because of an error, which is in the log. The rest of the page is complete."
    assert page.one("#outstanding .panel-failed").text == failed
    assert page.all("#outstanding td") == []
    assert page.texts("#attention .danger") == [f"Expiring credit: {failed}"]
    assert page.texts("#credit-held td") == ["1", "5.00"]
    assert [record.exc_info[0] for record in caplog.records] == [ValueError, ValueError]


def test_an_outage_stays_an_outage(signed_in, monkeypatch):
    def gone(*_):
        raise OperationalError from psycopg.OperationalError("server closed the connection unexpectedly")

    make_client()
    monkeypatch.setattr(selectors, "outstanding", gone)
    signed_in.raise_request_exception = False
    assert signed_in.get("/").status_code == 503
