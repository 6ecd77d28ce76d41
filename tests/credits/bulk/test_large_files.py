"""A file of credit that is too large to be read at once: it waits, is read by a worker, and is a preview then."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from billing_admin.db.locks import JOBS
from billing_admin.models import Job
from billing_admin.staff.groups import BILLING, VIEWER
from billing_admin.text import Names
from clients.services.delete.delete_client import delete_client
from credits.models import CreditBatch, CreditBatchRow, CreditFile, CreditGrant
from credits.services.bulk import upload as bulk_upload
from credits.services.bulk.upload import (
    discard_credit_file,
    forget_credit_files_naming,
    read_credit_file,
    upload_credit_file,
)
from tests.credits.conftest import HEADER
from tests.factories import make_client, make_staff, person_with
from tests.jobs import do_jobs, jobs_in_queue
from tests.pages import fill, get_page, parse
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

UPLOAD = reverse("credits:upload")


@pytest.fixture(autouse=True)
def one_row_is_read_at_once(monkeypatch):
    monkeypatch.setattr(bulk_upload, "ROWS_READ_AT_ONCE", 1)


@pytest.fixture
def billing(client):
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def content_of(*rows):
    return "".join(f"{line}\n" for line in (HEADER, *rows)).encode()


def two_rows(category=""):
    return content_of(*[f"{make_client(name).number},5,USD,Downtime,{category},,," for name in ("Acme", "Globex")])


def send(browser, content, name="downtime.csv"):
    return browser.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def test_it_waits_to_be_read_and_is_a_preview_then(billing):
    address = send(billing, two_rows()).headers["Location"]
    page = get_page(billing, address)
    assert page.one("h1").text == "Reading this file"
    assert page.one("#job p").text == "Waiting for its turn. Look again"
    assert page.one("noscript a")["href"] == page.one("#job")["hx-get"] == address
    assert (CreditFile.objects.count(), CreditBatchRow.objects.count()) == (1, 0)
    assert do_jobs() == 1
    read = get_page(billing, address)
    assert read.one(".toast-good").text == "2 rows of downtime.csv read; nothing is booked yet."
    assert read.one(".form-actions .btn-primary").text == "Add 10.00 USD of credit"
    assert (CreditFile.objects.count(), CreditGrant.objects.count()) == (0, 0)


def test_the_page_says_how_many_rows_are_read(billing):
    address = send(billing, two_rows()).headers["Location"]
    Job.objects.update(state="running", doing="Reading downtime.csv", done=34_000, total=100_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' RETURNING pg_advisory_xact_lock(%s, id::int)", [JOBS]
        )
    page = get_page(billing, address)
    assert page.one("#job p").text == "Reading downtime.csv … 34,000 of 100,000 rows Look again"
    assert (page.one("progress")["value"], page.one("progress")["max"]) == ("34000", "100000")


def test_one_without_a_worker_is_told_so_and_found_again(billing):
    address = send(billing, two_rows()).headers["Location"].split("?")[0]
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    waiting = get_page(billing, UPLOAD).one("#waiting")
    assert waiting.links() == {"downtime.csv": address}
    assert waiting.texts("td")[1] == "not read yet"
    assert get_page(billing, address).one("#job p").text.startswith("This waits, because nothing is there")


def test_sent_twice_it_is_one_file_and_one_job(billing):
    content = two_rows()
    addresses = {send(billing, content).headers["Location"] for _ in range(2)}
    assert (len(addresses), CreditBatch.objects.count(), len(jobs_in_queue())) == (1, 1, 1)
    assert do_jobs() == 1
    assert send(billing, content).headers["Location"] == addresses.pop().split("?")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: content_of("", ""), "downtime.csv has a header and no rows: there is nothing to import."),
        (lambda: content_of("1,5,USD,Downtime,,,,", "1,5,USD,") + b"\xe9\n", "Line 4 of downtime.csv is not UTF-8"),
        (lambda: two_rows("Paid"), "2 rows of the file would be paid credit without a payment"),
    ],
)
def test_what_is_refused_on_reading_says_why_and_keeps_nothing(client, content, said):
    client.force_login(person_with("give_bulk_credit", "view_credit"))
    address = send(client, content()).headers["Location"]
    assert do_jobs() == 1
    page = get_page(client, address)
    assert said in page.one("#job").text
    assert page.one("#job").text.endswith("The file is not kept: upload it again when it is mended.")
    assert page.one("form.panel, .form-page form")["action"] == UPLOAD
    assert (CreditBatch.objects.count(), CreditFile.objects.count(), CreditBatchRow.objects.count()) == (0, 0, 0)


def test_a_wrong_header_is_refused_at_once(billing):
    answer = send(billing, b"Client ID,Amount\n1,5\n1,5\n")
    assert answer.status_code == 422
    assert "“Currency” is missing." in parse(answer).one("#id_file_error").text
    assert (CreditBatch.objects.count(), Job.objects.count()) == (0, 0)


def test_who_may_not_give_credit_sees_nothing_of_it(billing, client):
    address = send(billing, two_rows()).headers["Location"]
    client.force_login(make_staff(VIEWER))
    get_page(client, address, status=403)
    get_page(client, address, status=403, headers={"HX-Request": "true", "HX-Target": "job"})
    assert client.post(address).status_code == 403


def test_one_that_was_interrupted_is_read_again(billing):
    address = send(billing, two_rows()).headers["Location"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    page = get_page(billing, address)
    assert page.one("h1").text == "This file is not read yet"
    assert page.one("#job").text.startswith("It was interrupted. Nothing was changed")
    answer = fill(billing, page, "form[method=post].panel")
    assert do_jobs() == 1
    assert get_page(billing, answer.headers["Location"]).one(".form-actions .btn-primary")


def test_one_discarded_before_it_is_read_is_gone(billing):
    address = send(billing, two_rows()).headers["Location"]
    page = get_page(billing, address)
    billing.post(page.one("button[formaction]")["formaction"])
    assert (CreditBatch.objects.count(), do_jobs()) == (0, 1)
    assert get_page(billing, address).one("#job").text == (
        "This file was discarded before it was read; nothing of it is kept."
    )


def test_one_discarded_after_it_was_read_is_not_said_to_wait(billing):
    address = send(billing, two_rows()).headers["Location"]
    assert do_jobs() == 1
    discard_credit_file(batch_id=CreditBatch.objects.get().pk)
    page = get_page(billing, address, status=404)
    assert "a preview is kept for a day" in page.one("main").text


def test_one_discarded_while_it_is_read_leaves_no_row():
    batch = upload_credit_file(name="downtime.csv", content=two_rows(), by=make_staff())
    with refused("downtime.csv was discarded before it was read; nothing of it is kept."):
        read_credit_file(
            batch_id=batch.pk, by=None, progress=lambda doing, done, total: discard_credit_file(batch_id=batch.pk)
        )


def test_a_job_done_twice_reads_it_once(billing):
    batch = upload_credit_file(name="downtime.csv", content=two_rows(), by=make_staff())
    for _ in range(2):
        read = read_credit_file(batch_id=UUID(str(batch.pk)), by=None, progress=lambda doing, done, total: None)
    assert (read.row_count, CreditBatchRow.objects.count()) == (2, 2)


def test_the_deletion_of_a_client_forgets_the_files_that_name_it():
    acme = make_client('Acme "Rockets" Ltd')
    for rows in ('1,5,USD,"Downtime of Acme ""Rockets"" Ltd",,,,', "1,5,USD,Downtime,,,,"):
        upload_credit_file(name="downtime.csv", content=content_of(rows, rows), by=make_staff())
    assert forget_credit_files_naming(Names([["nobody", "here"]])) == 0
    delete_client(client=acme, by=None)
    assert [b"Acme" in file.content for file in CreditFile.objects.all()] == [False]
