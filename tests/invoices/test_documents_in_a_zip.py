"""The documents of many rows of a list: a worker makes the ZIP, who asked saves it, and it goes with any client."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from billing_admin.listing import files, sheets
from billing_admin.models import Job, SavedFile
from clients.models import Activity, IssuedDocument
from clients.services.delete.delete_client import delete_client
from invoices.services.credit_notes import issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from tests.clients.holders import keep_document
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.jobs import do_jobs
from tests.pages import get_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    ann = make_staff(username="ann")
    client.force_login(ann)
    return ann


@pytest.fixture
def invoices():
    """Three, the first of which has a credit note that is not drawn yet; and a draft."""
    acme = make_client()
    three = [make_invoice(acme, usd(10)) for _ in range(3)]
    for each in three:
        keep_document(each, f"%PDF {each.label}".encode())
    issue_credit_note(invoice=three[0], reason="Slow", by=None)
    draft_invoice(client=acme, lines=[NewLine("Hosting", usd(3))], by=None)
    return three


def saved(browser, address: str) -> zipfile.ZipFile:
    page = get_page(browser, address)
    answer = browser.get(page.one(".alert-good a")["href"])
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_all_that_are_listed_are_saved_with_their_credit_notes(client, ann, invoices):
    answer = client.post("/invoices/?status=unpaid", {"file": "zip"})
    job = Job.objects.get()
    assert answer["Location"] == f"/invoices/?status=unpaid&job={job.pk}"
    client.post("/invoices/", {"file": "zip"})
    do_jobs()
    assert get_page(client, answer["Location"]).one(".alert-good").text == (
        "2 documents are ready to be saved. Save the file within a day."
    )
    assert saved(client, answer["Location"]).namelist() == ["INV-000002.pdf", "INV-000003.pdf"]
    summaries = set(Activity.objects.filter(verb="invoices.exported").values_list("summary", flat=True))
    assert "Documents of invoices that match filters exported" in summaries


def test_those_that_were_ticked_are_saved(client, ann, invoices):
    first, second, _ = invoices
    page = get_page(client, "/invoices/")
    assert "Save Documents" in page.texts("#choice button")
    assert page.all("tbody .btn-icon") == []
    popup = get_page(client, f"/lists/invoices/act/documents/?row={first.pk}&row={second.pk}")
    form = popup.one("form[data-download]")
    answer = client.post(form["action"], {"file": form.one("button")["value"]})
    do_jobs()
    archive = saved(client, answer["Location"])
    assert archive.namelist() == ["INV-000001.pdf", "CN-000001.pdf", "INV-000002.pdf"]
    assert archive.read("INV-000001.pdf") == b"%PDF INV-000001"
    assert archive.read("CN-000001.pdf") == bytes(IssuedDocument.objects.get(kind="credit_note").content)


def test_credit_notes_alone_are_saved_from_their_list(client, ann, invoices):
    answer = client.post("/invoices/credit-notes/", {"file": "zip"})
    do_jobs()
    assert saved(client, answer["Location"]).namelist() == ["CN-000001.pdf"]


def test_drafts_alone_are_no_documents(client, ann, invoices):
    answer = client.post("/invoices/?status=draft", {"file": "zip"})
    do_jobs()
    assert get_page(client, answer["Location"]).one("#job").text == "There is no document."


def test_too_many_are_refused_and_other_lists_have_none(client, ann, invoices, monkeypatch):
    monkeypatch.setattr(files, "MOST_IN_A_ZIP", 2)
    refused = client.post("/invoices/", {"file": "zip"})
    assert (refused.status_code, Job.objects.count()) == (422, 0)
    assert refused.content.decode().startswith("More than 2 invoices are too many for one ZIP.")
    assert client.post("/clients/", {"file": "zip"})["Content-Type"].startswith("text/csv")
    get_page(client, "/lists/clients/act/documents/?all=1", status=404)


def test_the_deletion_of_any_client_takes_the_zip(client, ann, invoices):
    client.post("/invoices/", {"file": "zip"})
    do_jobs()
    assert SavedFile.objects.get().content is not None
    delete_client(client=make_client("Nobody"), by=None)
    assert (Job.objects.filter(kind=sheets.MAKE_ZIP).count(), SavedFile.objects.count()) == (0, 0)


def test_it_is_forgotten_after_a_day(client, ann, invoices):
    client.post("/invoices/", {"file": "zip"})
    do_jobs()
    assert sheets.forget_old_sheets() == 0
    Job.objects.update(finished_at=timezone.now() - sheets.KEPT * 2)
    assert sheets.forget_old_sheets() == 2


def test_who_may_no_longer_see_invoices_gets_nothing(client, invoices):
    ann = person_with("view_invoice", "view_client", "save_lists")
    client.force_login(ann)
    client.post("/invoices/", {"file": "zip"})
    job = Job.objects.get()
    ann.user_permissions.remove(Permission.objects.get(codename="view_client"))
    do_jobs()
    job.refresh_from_db()
    assert (job.state, SavedFile.objects.get().content) == ("refused", None)
    assert job.outcome == "Who asked for this file may no longer see what is in it."
