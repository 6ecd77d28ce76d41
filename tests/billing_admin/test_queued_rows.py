"""Acting on more rows than a request can: a worker does, what was previewed, once, and tells what it left out."""

import pytest

from billing_admin.jobs.enqueue import INTERRUPTED
from billing_admin.listing import acting, queued
from billing_admin.listing.results import HALF_WAY
from billing_admin.models import ActedRows, Job
from billing_admin.staff.groups import VIEWER
from clients.models import Activity, Client, ClientNote
from clients.services.close import close_client
from clients.services.delete.delete_client import delete_client
from invoices.models import Invoice
from invoices.services.drafts import delete_draft, edit_draft
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, queries_of

pytestmark = pytest.mark.django_db

ISSUE = "/lists/invoices/act/issue/?all=1&status=draft"
CLOSE = "/lists/clients/act/close/?all=1"
NOTE = "/lists/clients/act/note/?all=1"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(acting, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(queued, "ROWS_AT_A_TIME", 2)


@pytest.fixture
def olga(client):
    olga = make_staff(username="olga")
    client.force_login(olga)
    return olga


def draft(to, amount=10):
    return draft_invoice(client=to, lines=[NewLine("Hosting", usd(amount))], by=None)


def ask(browser, address, **typed):
    """Look at it and have it done; the page of the result."""
    return fill(browser, get_page(browser, address), ".popup form", typed).headers["Location"]


def csv(browser, page):
    return b"".join(browser.post(page).streaming_content).decode("utf-8-sig").splitlines()


def test_what_was_previewed_is_done_and_what_changed_since_is_left_out(client, olga):
    acme = make_client("Acme")
    drafts = [draft(acme, amount) for amount in (1, 2, 3, 4, 5)]
    page = ask(client, ISSUE)
    late = draft(acme, 6)
    edit_draft(invoice=drafts[1], by=None, lines=[NewLine("More", usd(200))], seen=drafts[1].version)
    delete_draft(invoice=drafts[3], by=None)
    assert get_page(client, page).one("#job p").text.startswith("Waiting for its turn")
    do_jobs()
    job = Job.objects.get()
    assert (job.state, job.level, job.outcome) == ("done", "attention", "3 drafts issued, 2 left out.")
    shown = get_page(client, page)
    assert shown.texts("#left-out tbody td") == [
        "Draft of Acme", acting.CHANGED, f"Draft {drafts[3].pk}, deleted", acting.GONE,
    ]  # fmt: skip
    assert csv(client, page) == [
        "ID,Name,Result,Reason",
        f"{drafts[0].pk},INV-000001 of Acme,Done,",
        f"{drafts[1].pk},Draft of Acme,Left out,{acting.CHANGED}",
        f"{drafts[2].pk},INV-000002 of Acme,Done,",
        f'{drafts[3].pk},"Draft {drafts[3].pk}, deleted",Left out,"{acting.GONE}"'.replace(
            f'"{acting.GONE}"', acting.GONE if "," not in acting.GONE else f'"{acting.GONE}"'
        ),
        f"{drafts[4].pk},INV-000003 of Acme,Done,",
    ]
    saved = Activity.objects.get(verb="invoices.exported")
    assert (saved.actor, saved.summary) == (olga, "Result of “Issue Drafts” exported")
    assert Invoice.objects.get(pk=late.pk).status == "draft"
    assert get_page(client, "/acted/").texts("#acted tbody td")[0] == "Issue Drafts"
    assert_invariants()


def test_where_the_preview_has_moved_it_is_shown_again(client, olga):
    acme = make_client()
    for _ in range(3):
        draft(acme)
    popup = get_page(client, ISSUE)
    draft(acme)
    shown = parse(fill(client, popup, ".popup form", {}))
    assert "no longer what this page showed" in shown.one("[role=alert]").text
    assert not Job.objects.exists()
    assert (
        fill(
            client,
            shown,
            ".popup form",
            {},
        )
        .headers["Location"]
        .startswith("/acted/")
    )


def test_a_second_click_asks_for_no_second_job(client, olga):
    for name in ("Acme", "Globex", "Initech"):
        make_client(name)
    popup = get_page(client, NOTE)
    sent = [fill(client, popup, ".popup form", {"text": "Prices rise"}).headers["Location"] for _ in range(2)]
    assert (sent[0] == sent[1], Job.objects.count()) == (True, 1)
    do_jobs()
    assert ClientNote.objects.count() == 3
    answer = fill(client, popup, ".popup form", {"text": "Prices rise"})  # the clients are no longer as they were
    assert (answer.status_code, Job.objects.count()) == (200, 1)


def test_a_second_click_after_it_began_leads_to_the_same_job(client, olga):
    for name in ("Acme", "Globex", "Initech"):
        make_client(name)
    popup = get_page(client, NOTE)
    first = fill(client, popup, ".popup form", {"text": "Prices rise"})
    assert queued._act_on_some(Job.objects.get().pk)
    assert fill(client, popup, ".popup form", {"text": "Prices rise"}).headers["Location"] == first.headers["Location"]
    do_jobs()
    assert (Job.objects.count(), ClientNote.objects.count()) == (1, 3)


def test_who_has_lost_the_right_asks_in_vain_a_second_time(client, olga):
    for name in ("Acme", "Globex", "Initech"):
        make_client(name)
    popup = get_page(client, NOTE)
    olga.groups.clear()
    assert fill(client, popup, ".popup form", {"text": "Prices rise"}).status_code == 403
    assert not Job.objects.exists()


def test_more_of_them_before_ask_the_database_no_more(client, olga):
    make_client("Globex")
    make_client("Initech")
    make_client("Acme")
    ask(client, CLOSE)
    do_jobs()
    of_one = queries_of(client, "/acted/")
    for number in range(3):
        ask(client, NOTE, text=f"Note {number}")
    Job.objects.filter(state="waiting").update(state="failed", outcome=INTERRUPTED)
    assert queries_of(client, "/acted/") == of_one
    assert get_page(client, "/acted/").texts("#acted tbody td")[3] == HALF_WAY


def test_killed_between_two_parts_it_goes_on_where_it_was(client, olga, monkeypatch):
    for number in range(5):
        make_client(f"Client {number}")
    page = ask(client, NOTE, text="Prices rise")
    job = Job.objects.get()
    assert queued._act_on_some(job.pk)
    Job.objects.update(state="running")
    assert (ClientNote.objects.count(), queued.standing(job)) == (2, queued.Standing(2, 0, 5))
    assert get_page(client, page).texts("dl.facts dd")[1:] == ["2", "0", "3"]
    do_jobs()
    assert ClientNote.objects.count() == Client.objects.filter(notes__isnull=False).distinct().count() == 5
    assert Job.objects.get().outcome == "5 clients given the note."


def test_an_error_in_a_part_undoes_that_part_alone(client, olga, monkeypatch):
    for number in range(4):
        make_client(f"Client {number}")
    page = ask(client, CLOSE)
    last = Client.objects.latest("pk")

    def fail(*, client, **details):
        if client.pk == last.pk:
            raise RuntimeError("Broken")
        return close_client(client=client, **details)

    monkeypatch.setattr("clients.rows_actions.close_client", fail)
    with pytest.raises(RuntimeError):
        do_jobs()
    job = Job.objects.get()
    assert (job.state, job.outcome) == (
        "failed",
        "It ended by an error, and the rest was not done. RuntimeError: Broken",
    )
    assert Client.objects.filter(status="closed").count() == 2
    assert [line.split(",")[2] for line in csv(client, page)[1:]] == ["Done", "Done", "Not done", "Not done"]
    assert "What you asked for with many rows failed" in get_page(client, "/").text
    client.force_login(make_staff(username="other"))
    assert "What you asked for with many rows failed" not in get_page(client, "/").text


def test_who_has_lost_the_right_meanwhile_changes_nothing(client, olga):
    for number in range(3):
        make_client(f"Client {number}")
    ask(client, CLOSE)
    olga.groups.clear()
    do_jobs()
    job = Job.objects.get()
    assert (job.state, job.outcome) == ("refused", "Who asked for this may not do it any more: Close Clients.")
    assert not Client.objects.filter(status="closed").exists()


def test_a_result_is_for_who_asked_and_may_still_see_it(client, olga):
    for number in range(3):
        make_client(f"Client {number}")
    page = ask(client, CLOSE)
    do_jobs()
    client.force_login(make_staff(username="other"))
    assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
    assert get_page(client, "/acted/").all("#acted tbody") == []
    client.force_login(olga)
    olga.groups.clear()
    olga.groups.add(*make_staff(VIEWER, username="vera").groups.all())
    assert client.get(page).status_code == 403
    assert get_page(client, "/acted/").all("#acted tbody") == []


def test_reasons_and_notes_that_name_a_deleted_client_go_with_it(client, olga):
    acme = make_client("Acme Limited")
    for number in range(3):
        make_client(f"Client {number}")
    ask(client, NOTE, text="As Acme Limited asked")
    rows = ActedRows.objects.order_by("pk").first()
    rows.left_out, rows.reasons = rows.row_ids, "Acme Limited says no.\nAnother."
    rows.save()
    delete_client(client=acme, by=None)
    rows.refresh_from_db()
    assert rows.reasons.splitlines() == ["Removed: it named a client that was deleted."] * 2
    assert "Acme" not in str(Job.objects.get().arguments)
    do_jobs()
    assert not ClientNote.objects.filter(text__contains="Acme").exists()
    assert "4 left out" in Job.objects.get().outcome


def test_ticked_rows_are_exported_with_the_writer_of_the_list(client, olga):
    acme, _, initech = make_client("Acme"), make_client("Globex"), make_client("Initech")
    popup = get_page(client, f"/lists/clients/act/export/?row={acme.pk}&row={initech.pk}&status=active")
    address = popup.one(".popup form")["action"]
    lines = b"".join(client.post(address).streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines] == ["Name", "Initech", "Acme"]
