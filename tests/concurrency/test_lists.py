"""Many rows of a list acted on by two at once; a view and a file that name a client as it is deleted."""

import io
import zipfile
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from billing_admin.listing import queued, saved_views, sheets
from billing_admin.listing.acting import CHANGED, RowsAction, act_on_rows, preview
from billing_admin.models import Job, SavedFile, SavedView
from clients import rows_actions as notes
from clients import tasks
from clients.lists import ClientList
from clients.models import Client, ClientNote
from clients.services.delete import delete_client as deletion
from invoices import rows_actions
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import ended, queue_worker
from tests.waiting import wait_for

ISSUE = rows_actions.issue(None)
AT_THE_NUMBERS = ["INSERT INTO invoices_numberseries"]


def draft(to):
    return draft_invoice(client=to, lines=[NewLine("Hosting", usd(10))], by=None).pk


def act(action: RowsAction[Any], *ids: int) -> partial[Any]:
    seen = [(pk, mark, "") for pk, mark in preview(action, ids).marks.items()]
    return partial(act_on_rows, action, seen, by=None)


def test_two_who_issue_the_same_drafts_issue_each_once():
    acme = make_client()
    ids = [draft(acme), draft(acme)]
    one, other = race(act(ISSUE, *ids), act(ISSUE, *ids), meet_before=AT_THE_NUMBERS)
    assert sorted([one.count, other.count]) == [0, 2]
    assert [each.reason for each in (one.left_out or other.left_out)] == [CHANGED, CHANGED]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]
    assert_invariants()


def crossing(action: RowsAction[Any]) -> list[Any]:
    """Two with drafts of the same two clients, the one in this order and the other in that."""
    acme, globex = make_client("Acme"), make_client("Globex")
    here = [draft(acme), draft(globex)]
    there = [draft(globex), draft(acme)]
    return race(act(action, *here), act(action, *there), meet_before=AT_THE_NUMBERS)


def test_drafts_of_the_same_clients_in_any_order_are_all_issued():
    assert [done.count for done in crossing(ISSUE)] == [2, 2]
    assert_invariants()


def test_control_without_all_locks_first_they_wait_for_each_other():
    outcomes = crossing(replace(ISSUE, lock=lambda ids: None))
    assert kinds(outcomes) == {"done": 1, "OperationalError": 1}


def save_while_deleted() -> list[Any]:
    """A view that names Acme is about to be saved when Acme is deleted."""
    acme, ann = make_client("Acme Ltd"), make_staff()
    save = partial(saved_views.save_view, listing="clients", name="Acme Ltd", query={"q": ["x"]}, by=ann)
    return race(
        partial(deletion.delete_client, client=acme, by=None),
        save,
        meet_before=["pg_advisory_xact_lock(hash", "FROM billing_admin_savedview"],
        in_turn=True,
    )


def test_a_view_that_names_a_client_as_it_is_deleted_goes_with_it():
    assert kinds(save_while_deleted()) == {"done": 2}
    assert SavedView.objects.count() == 0


def test_control_without_the_lock_the_view_stays(monkeypatch):
    for module in (saved_views, deletion):
        monkeypatch.setattr(module, "lock_typed_words", lambda **forgetting: None)
    save_while_deleted()
    assert SavedView.objects.get().name == "Acme Ltd"


def make_while_deleted(*, asked_before: bool) -> list[Any]:
    """A file is made of the Clients List while Acme is being deleted, and the deletion has looked for files by then."""
    acme, ann = make_client("Acme Ltd"), make_staff()
    make_client("Globex")

    def ask() -> Job:
        return sheets.ask_for_sheet(ClientList(ann, QueryDict("")), by=ann)

    asked = ask() if asked_before else None

    def make() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'now'")
        tasks.make_sheet(asked or ask(), lambda doing, done, total: None)

    # The file goes on as far as it can before the deletion ends.
    return race(
        make,
        partial(deletion.delete_client, client=acme, by=None),
        meet_before=["SELECT 'now'", "DELETE FROM clients_client WHERE"],
        in_turn=True,
    )


def clients_in_file() -> list[str]:
    """The names in the file that was made."""
    (file,) = SavedFile.objects.exclude(content=None)
    with zipfile.ZipFile(io.BytesIO(bytes(file.content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    return [name for name in ("Acme", "Globex") if name in sheet]


def test_a_file_that_was_asked_for_before_a_client_went_is_not_kept():
    said = "A client was deleted while the file was made, which may name it. Ask for it again."
    assert kinds(make_while_deleted(asked_before=True)) == {"done": 1, said: 1}
    assert SavedFile.objects.count() == 0


def test_a_file_that_is_begun_while_a_client_goes_is_made_without_it():
    assert kinds(make_while_deleted(asked_before=False)) == {"done": 2}
    assert clients_in_file() == ["Globex"]


def test_control_without_waiting_the_file_names_who_is_gone(monkeypatch):
    monkeypatch.setattr(tasks, "begin_sheet", lambda: None)
    monkeypatch.setattr(sheets, "lock_typed_words", lambda: None)
    make_while_deleted(asked_before=False)
    assert clients_in_file() == ["Acme", "Globex"]


def asked_to_note(monkeypatch, *, clients: int, at_a_time: int, said: str = "Prices rise") -> Job:
    """A job that writes a note about each of so many clients, some at a time."""
    monkeypatch.setattr(queued, "ROWS_AT_A_TIME", at_a_time)
    ids = [make_client(f"Client {number}").pk for number in range(clients)]
    action = notes.write_note(None, said)
    found, typed = preview(action, ids), {"reason": said}
    return queued.enqueue_rows(queued.Asked(action, None, typed, found.seen, make_staff(username="olga")), found)


def notes_of_each() -> list[int]:
    return [client.notes.count() for client in Client.objects.order_by("pk")]


def test_two_workers_at_the_same_rows_act_on_each_once(monkeypatch):
    job = asked_to_note(monkeypatch, clients=4, at_a_time=2)
    outcomes = race(*[partial(queued._act_on_some, job.pk)] * 2, meet_before=["FROM billing_admin_job"])
    assert outcomes == [True, True]
    assert notes_of_each() == [1] * 4


def note_while_deleted(monkeypatch) -> list[Any]:
    """A worker has read what it is to note about each of two clients when Acme, whom that names, is deleted."""
    acme = make_client("Acme Ltd")
    job = asked_to_note(monkeypatch, clients=2, at_a_time=2, said="As Acme Ltd asked")
    return race(
        partial(deletion.delete_client, client=acme, by=None),
        partial(queued._act_on_some, job.pk),
        meet_before=["pg_advisory_xact_lock(hash", "FROM clients_client"],
        in_turn=True,
    )


def test_a_note_on_many_that_names_a_client_as_it_is_deleted_goes_with_it(monkeypatch):
    assert kinds(note_while_deleted(monkeypatch)) == {"done": 2}
    assert "Acme" not in str([*ClientNote.objects.values("text"), Job.objects.get().arguments])


def test_control_without_the_lock_the_two_wait_for_each_other(monkeypatch):
    monkeypatch.setattr(queued, "lock_typed_words", lambda: None)
    assert kinds(note_while_deleted(monkeypatch)) == {"done": 1, "OperationalError": 1}


@pytest.mark.slow
def test_a_worker_that_was_killed_has_done_nothing_twice(monkeypatch):
    job = asked_to_note(monkeypatch, clients=60, at_a_time=1)
    with queue_worker() as worker:
        wait_for(lambda: queued.standing(job).done > 3)
        worker.kill()
    left = queued.standing(job)
    assert 3 < left.done < left.total
    with queue_worker():
        assert ended(job).outcome == "60 clients given the note."
    assert notes_of_each() == [1] * 60
