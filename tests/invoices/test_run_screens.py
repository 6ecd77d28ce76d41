"""The Runs page: history, one run, starting, cancelling, trying again, and the limits."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing_admin.jobs.daily import daily_lock
from billing_admin.models import Job
from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from invoices.models import Invoice, InvoiceRun, InvoiceRunError, RunLimits
from invoices.run_locks import present_on_run
from invoices.selectors.runs import shown_runs
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

RUNS, START, LIMITS = "/invoices/runs/", "/invoices/runs/start/", "/settings/invoice-runs/"
TODAY = datetime.date(2026, 3, 31)


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff(OWNER))
    return client


def toast(answer):
    return parse(answer).one("#toasts p").text


def a_run_that_parks(name="Globex"):
    acme, globex = make_client(), make_client(name)
    give_credit(acme, usd("4.00"))
    make_item(acme, usd("10.00"), due=TODAY)
    make_item(globex, usd("1000.00"), due=TODAY)
    RunLimits.objects.create(largest_totals={"USD": "100.00"})
    return generate_invoices(as_of=TODAY, by=None)


def test_before_the_first_run_the_page_offers_one(owner):
    page = get_page(owner, RUNS)
    assert page.texts(".empty p") == [
        "No invoice run yet. A run bills every billable item that is due.",
        (
            "Nothing ran yet. Once a day expired credit is booked, what is due is billed and the ledger is checked, as "
            "soon as whoever looks after the server has it done each day."
        ),
    ]
    assert page.links()["Run Invoices"] == START
    assert get_page(owner, "/invoices/").links()["Runs"] == RUNS


def test_the_history_and_a_run_show_what_was_billed_and_what_was_not(owner):
    run = a_run_that_parks()
    cells = get_page(owner, RUNS).texts("tbody td")
    assert (cells[0], cells[1], cells[2], cells[3], cells[4]) == ("31 Mar 2026", "Finished", "1", "10.00 USD", "1")
    page = get_page(owner, f"{RUNS}{run.pk}/")
    assert page.one("h1").text == "Invoice run as of 31 Mar 2026"
    assert page.texts("#totals tbody tr") == ["USD 1 10.00 4.00 0"]
    assert page.texts("#errors tbody tr") == [
        "Globex Try again The invoice would be 1,000.00 USD; the limit is 100.00 USD."
    ]
    assert page.all("#run[hx-get]") == []


def test_trying_again_bills_just_that_client_where_it_is_meant(owner):
    run = a_run_that_parks()
    url = f"{RUNS}errors/{InvoiceRunError.objects.get().pk}/"
    form = f'form[action="{url}"]'
    answer = fill(owner, get_page(owner, url), form)
    assert answer.status_code == 422
    assert (
        "The invoice would be 1,000.00 USD; the limit is 100.00 USD." in parse(answer).one("[data-error-summary]").text
    )
    answer = fill(owner, get_page(owner, url), form, {"beyond_limits": "on"}, follow=True)
    assert toast(answer) == "1 invoice issued to Globex."
    assert parse(answer).texts("#errors tbody tr") == [
        "Globex Nothing due any more The invoice would be 1,000.00 USD; the limit is 100.00 USD."
    ]
    assert parse(answer).one("h1").text == f"Invoice run as of {run.as_of:%-d %b %Y}"
    assert Invoice.objects.filter(total=1000).count() == 1
    with nothing_changes():
        again = fill(owner, get_page(owner, url), form, {"beyond_limits": "on"})
    assert "is due by 31 Mar 2026; no invoice was made." in parse(again).one("[data-error-summary]").text
    assert_invariants()


def test_exceeding_a_limit_needs_the_right_to_set_it(client):
    a_run_that_parks()
    client.force_login(make_staff(BILLING))
    url = f"{RUNS}errors/{InvoiceRunError.objects.get().pk}/"
    page = get_page(client, url)
    assert page.all("[name=beyond_limits]") == []
    assert "needs the right “Set the limits of invoice runs”" in page.one(f'form[action="{url}"]').text
    with nothing_changes():
        assert client.post(url, {"beyond_limits": "on"}).status_code == 403
    assert fill(client, page, f'form[action="{url}"]').status_code == 422  # without it, the limit refuses as ever


def test_a_run_is_asked_for_and_waits_for_a_worker(owner):
    make_item(make_client(), usd("10.00"), due=TODAY)
    page = get_page(owner, START)
    assert page.one("#id_as_of")["value"] == str(timezone.localdate())
    answer = fill(owner, page, f'form[action="{START}"]', {"as_of": "2026-03-31"}, follow=True)
    run = InvoiceRun.objects.get()
    assert (run.state, run.dry_run, run.as_of, run.clients_due) == ("waiting", True, TODAY, 1)
    shown = parse(answer)
    assert shown.one("h1").text == "Dry run as of 31 Mar 2026"
    assert shown.one("#run")["hx-get"] == f"{RUNS}{run.pk}/"
    assert shown.one("dl.facts .badge").text == "Waiting"
    assert shown.one("#run [role=status]").text == "Waiting for its turn."
    with nothing_changes():
        again = fill(owner, get_page(owner, START), f'form[action="{START}"]', {"as_of": "2026-03-31"})
    assert (again.status_code, parse(again).one("[data-error-summary]").text) == (
        422,
        "The run as of 31 Mar 2026 is at work; wait for it or cancel it.",
    )


def test_nothing_due_is_said_and_no_run_is_made(owner):
    with nothing_changes():
        answer = fill(owner, get_page(owner, START), f'form[action="{START}"]', {"as_of": "2026-03-31"})
    assert parse(answer).one("[data-error-summary]").text == "Nothing is due by 31 Mar 2026; no run was started."


def test_a_finished_dry_run_leads_to_billing_the_same_day(owner):
    run = InvoiceRun.objects.create(as_of=TODAY, state="finished", dry_run=True, started_by_name="Anna")
    url = get_page(owner, f"{RUNS}{run.pk}/").links()["Run Invoices"]
    page = get_page(owner, url)
    assert page.one("#id_as_of")["value"] == "2026-03-31"
    assert "checked" not in page.one("#id_dry_run").attributes


def test_progress_is_a_part_of_the_page_that_asks_for_itself(owner):
    run = InvoiceRun.objects.create(
        as_of=TODAY, state="waiting", clients_due=10, clients_done=4, started_by_name="Anna"
    )
    part = parse(owner.get(f"{RUNS}{run.pk}/", headers={"HX-Request": "true"}))
    assert part.all("h1") == []
    assert (part.one("#run")["hx-trigger"], part.one("progress")["value"], part.one("progress")["max"]) == (
        "load delay:500ms",
        "4",
        "10",
    )


def test_without_a_worker_the_run_says_so_and_is_cancelled_at_once(owner):
    make_item(make_client(), usd("10.00"), due=TODAY)
    fill(owner, get_page(owner, START), f'form[action="{START}"]', {"as_of": "2026-03-31", "dry_run": None})
    run = InvoiceRun.objects.get()
    InvoiceRun.objects.update(started_at=timezone.now() - datetime.timedelta(hours=1))
    url = f"{RUNS}{run.pk}/"
    said = get_page(owner, url).one("#run [role=status]").text
    assert said.startswith("This waits, because nothing is there")
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
    assert get_page(owner, url).one("#run [role=status]").text == (
        "Waiting for its turn: other work is done at this moment, and this comes next."
    )
    answer = fill(owner, get_page(owner, url), f'form[action="{url}cancel/"]', follow=True)
    assert toast(answer) == "The run was cancelled before it began."
    assert parse(answer).one("dl.facts .badge").text == "Cancelled"
    assert do_jobs() == 1
    assert Invoice.objects.count() == 0


def test_a_worker_does_the_run_that_was_asked_for(owner):
    make_item(make_client(), usd("10.00"), due=TODAY)
    typed = {"as_of": "2026-03-31", "dry_run": None}
    answer = fill(owner, get_page(owner, START), f'form[action="{START}"]', typed, follow=True)
    assert do_jobs() == 1
    page = get_page(owner, answer.request["PATH_INFO"])
    assert (page.one("dl.facts .badge").text, page.texts("#totals tbody tr")) == ("Finished", ["USD 1 10.00 0.00 0"])
    assert page.all("#run[hx-get]") == []


def test_cancelling_asks_the_run_to_end_and_says_when_it_had_ended(owner):
    run = InvoiceRun.objects.create(as_of=TODAY, state="running", started_by_name="Anna")
    url = f"{RUNS}{run.pk}/cancel/"
    with present_on_run(run.pk):
        answer = fill(owner, get_page(owner, f"{RUNS}{run.pk}/"), f'form[action="{url}"]', follow=True)
    assert toast(answer) == "The run ends after the clients at hand. What it has billed stays."
    run.refresh_from_db()
    assert run.cancel_asked
    with nothing_changes():
        assert toast(owner.post(url, follow=True)) == (
            "The run as of 31 Mar 2026 is being cancelled already; nothing was done."
        )


def test_a_run_whose_process_is_gone_is_shown_as_interrupted(owner):
    run = InvoiceRun.objects.create(as_of=TODAY, state="running", started_by_name="Anna")
    assert get_page(owner, RUNS).texts("tbody td")[1] == "Interrupted"
    page = get_page(owner, f"{RUNS}{run.pk}/")
    assert page.one("dl.facts .badge").text == "Interrupted"
    assert page.all("progress, #run[hx-get]") == []


def test_the_limits_are_set_and_shown(owner):
    page = get_page(owner, LIMITS)
    assert page.one("#id_largest_totals").text == ""
    assert page.one("#id_most_lines")["value"] == "1000"
    typed = {"largest_totals": "2500.50 usd\n\n300000 JPY", "most_lines": "", "oldest_days": "400"}
    answer = fill(owner, page, f'form[action="{LIMITS}"]', typed, follow=True)
    assert toast(answer) == "Runs that start from now on keep to these limits."
    limits = RunLimits.objects.get()
    assert limits.largest_totals == {"USD": "2500.50", "JPY": "300000"}
    assert (limits.most_lines, limits.oldest_days) == (None, 400)
    assert get_page(owner, LIMITS).one("#id_largest_totals").text == "300000 JPY 2500.50 USD"
    with nothing_changes():
        answer = fill(owner, get_page(owner, LIMITS), f'form[action="{LIMITS}"]', follow=True)
    assert toast(answer) == "These are the limits already; nothing was changed."
    with nothing_changes():
        answer = fill(owner, get_page(owner, LIMITS), f'form[action="{LIMITS}"]', {"most_lines": "0"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("2500", "“2500”: “2500” is not a currency in use. Give an ISO code such as USD."),
        ("5 XXX", "“5 XXX”: “XXX” is not a currency in use. Give an ISO code such as USD."),
        ("5.5 JPY", "“5.5 JPY”: JPY has no decimal places; 5.5 has more."),
        ("0 USD", "“0 USD”: The amount must be at least 0.01."),
        ("5 USD\n6 usd", "USD stands there twice."),
        ("1,000 USD", "“1,000 USD”: “1,000” is not an amount: is 1000.00 or 1.000 meant? Type that."),
    ],
)
def test_a_largest_total_that_cannot_be_read_is_named(owner, typed, error):
    with nothing_changes():
        answer = fill(owner, get_page(owner, LIMITS), f'form[action="{LIMITS}"]', {"largest_totals": typed})
    assert answer.status_code == 422
    assert error in [shown.text for shown in parse(answer).all(".field-error")]


def test_who_may_only_see_starts_cancels_and_changes_nothing(client):
    run = a_run_that_parks()
    client.force_login(make_staff(VIEWER))
    links = get_page(client, f"{RUNS}{run.pk}/").links() | get_page(client, RUNS).links()
    assert not {"Try again", "Run Invoices"} & set(links)
    assert get_page(client, LIMITS).all("main button[type=submit]") == []
    client.force_login(make_staff(BILLING))
    with nothing_changes():
        assert client.post(LIMITS, {"most_lines": "5"}).status_code == 403


def test_a_run_that_ends_while_its_page_is_made_is_not_called_interrupted():
    run = InvoiceRun.objects.create(as_of=TODAY, state="running", started_by_name="System")
    InvoiceRun.objects.update(state="finished", finished_at=timezone.now())
    assert [row.state for row in shown_runs([run])] == ["finished"]


def test_what_was_done_daily_is_shown(owner):
    at = timezone.now()
    for outcome in ("1.00 USD expired.", "Nothing has expired."):
        Job.objects.create(kind="daily.expire_credit", state="done", started_at=at, outcome=outcome)
    name, state, _, outcome = get_page(owner, RUNS).texts("#daily tbody td")
    assert (name, state, outcome) == ("Book expired credit", "Done", "Nothing has expired.")


def test_a_daily_task_whose_process_is_gone_is_shown_as_interrupted(owner):
    with daily_lock():
        Job.objects.create(kind="daily.expire_credit", state="running", started_at=timezone.now())
        assert get_page(owner, RUNS).texts("#daily tbody td")[:2] == ["Book expired credit", "Running"]
    assert get_page(owner, RUNS).texts("#daily tbody td")[:2] == ["Book expired credit", "Interrupted"]


@pytest.mark.parametrize("url", [RUNS, "/"])
def test_how_many_could_not_be_billed_is_shown_without_reading_them(owner, url):
    """There may be many thousands of them, of runs long past. What Home looks for, it looks for among the latest."""
    a_run_that_parks()
    with CaptureQueriesContext(connection) as seen:
        assert get_page(owner, url).one("main .danger").text[0] == "1"
    read = [query["sql"] for query in seen if "invoices_invoicerunerror" in query["sql"]]
    assert len(read) == (1 if url == "/" else 0)
    assert all('ORDER BY "U0"."id" DESC LIMIT 1000)' in sql for sql in read)


def test_the_pages_cost_the_same_whatever_there_is(owner):
    run = a_run_that_parks()
    one, of_one = queries_of(owner, RUNS), queries_of(owner, f"{RUNS}{run.pk}/")
    for number in range(49):
        InvoiceRun.objects.create(as_of=TODAY, state="finished", started_by_name="Anna")
        InvoiceRunError.objects.create(run=run, client=make_client(f"Client {number}"), reason="A reason")
    assert (queries_of(owner, RUNS), queries_of(owner, f"{RUNS}{run.pk}/")) == (one, of_one)


def test_a_run_that_failed_says_why(owner):
    make_item(make_client(), usd("10.00"), due=TODAY)

    def fail(clients: int, due: int) -> None:
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        generate_invoices(as_of=TODAY, by=None, progress=fail)
    run = InvoiceRun.objects.get()
    assert (run.state, run.invoice_count, run.cancel_asked) == ("failed", 1, False)
    assert run.failure.startswith("OSError: No space left on device (test_run_screens.py, line ")
    said = get_page(owner, f"{RUNS}{run.pk}/").texts("#run p")
    assert (
        "It ended by an error. The invoices issued so far are complete and stay; the next run bills the rest." in said
    )
    assert run.failure in said
