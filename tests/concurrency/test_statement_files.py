"""A ZIP of statements while one of its clients is deleted, and while its worker is killed."""

import io
import zipfile
from functools import partial

import pytest
from django.db import connection
from django.http import QueryDict

from billing_admin.errors import BusinessError
from billing_admin.models import Job, SavedFile
from clients import tasks
from clients.lists import ClientList
from clients.selectors.statements import last_month
from clients.services.delete import delete_client as deletion
from clients.services.merge.merge_clients import merge_clients
from clients.services.statement_files import ask_for_statements
from tests.concurrency.racing import kinds, race
from tests.dumped import lines_with
from tests.factories import make_client, make_staff
from tests.jobs import ended, queue_worker
from tests.waiting import wait_for

GONE = "A client was deleted while the file was made, which may name it. Ask for it again."


def asked(count: int = 0) -> Job:
    for number in range(count):
        make_client(f"Client {number}")
    ann = make_staff()
    first, last = last_month()
    listing = ClientList(ann, QueryDict("all=1"))
    return ask_for_statements(listing, first=first, last=last, only_owing=False, by=ann)


def files() -> list[str]:
    (file,) = SavedFile.objects.exclude(content=None)
    with zipfile.ZipFile(io.BytesIO(bytes(file.content or b""))) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.parametrize("at", [1, 2])
def test_a_client_deleted_while_they_are_drawn_takes_all_of_them(at):
    acme = make_client("Acme Ltd")
    job = asked(1)

    def told(doing: str, done: int, total: int) -> None:
        if done == at:
            race(partial(deletion.delete_client, client=acme, by=None))

    with pytest.raises(BusinessError, match=GONE):
        tasks.make_statements(job, told)
    assert (SavedFile.objects.count(), Job.objects.count()) == (0, 0)
    assert lines_with("Acme Ltd") == []


def test_one_merged_while_they_are_drawn_has_no_empty_statement():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    job = asked(1)

    def told(doing: str, done: int, total: int) -> None:
        if done == 1:
            race(partial(merge_clients, kept=acme, discarded=globex, by=None))

    outcome = tasks.make_statements(job, told)
    said = "2 statements are ready to be saved. 1 left out: A client was merged with another one meanwhile."
    assert (outcome.words, outcome.level) == (said, Job.Level.ATTENTION)
    assert [name.split("-")[1] for name in files()] == [str(acme.number), str(globex.number + 1)]


def test_a_deletion_that_is_at_it_takes_them_too():
    acme = make_client("Acme Ltd")
    job = asked(1)

    def make() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'now'")
        tasks.make_statements(job, lambda doing, done, total: None)

    outcomes = race(
        make,
        partial(deletion.delete_client, client=acme, by=None),
        meet_before=["SELECT 'now'", "DELETE FROM clients_client WHERE"],
        in_turn=True,
    )
    assert kinds(outcomes) == {"done": 1, GONE: 1}
    assert SavedFile.objects.count() == 0


@pytest.mark.slow
def test_after_a_kill_they_are_made_anew():
    job = asked(150)
    with queue_worker() as worker:
        wait_for(lambda: Job.objects.get(pk=job.pk).state == Job.State.RUNNING)
        worker.kill()
    assert Job.objects.get(pk=job.pk).is_unfinished
    assert SavedFile.objects.get().content is None
    with queue_worker():
        assert ended(job).outcome == "150 statements are ready to be saved."
    assert len(set(files())) == 150
