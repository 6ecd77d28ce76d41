"""Files that are kept with a client: added within limits, saved, deleted, merged and exported."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientDocument, DocumentSettings
from clients.services.delete.delete_client import delete_client
from clients.services.documents import add_document, delete_document, set_document_limits
from clients.services.export import export_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

# The form of a popup that is a page of its own.
FORM = "form[novalidate]"


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(username="ann"))
    return client


def url_of(acme: Client, *rest: object) -> str:
    return "/".join([f"/clients/{acme.number}/files", *map(str, rest), ""])


def send(browser, acme: Client, name: str, content: bytes, **more):
    page = get_page(browser, url_of(acme))
    return fill(browser, page, "#upload", {"file": SimpleUploadedFile(name, content)}, **more)


def test_a_file_is_added_listed_and_saved_as_it_was(signed_in):
    acme = make_client()
    content = b"<script>alert(1)</script>\0\xff"
    assert parse(send(signed_in, acme, "offer.PDF", content, follow=True)).texts(".toast p") == ["offer.PDF added."]
    stored = acme.documents.get()
    assert (stored.name, stored.size, stored.uploaded_by_name) == ("offer.PDF", len(content), "ann")
    (link,) = get_page(signed_in, url_of(acme)).all("tbody a[download]")
    answer = signed_in.get(link["href"])
    assert b"".join(answer.streaming_content) == content
    assert {
        name: answer.headers[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    } == {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": 'attachment; filename="offer.PDF"',
        "X-Content-Type-Options": "nosniff",
    }
    added, saved = Activity.objects.order_by("-pk")[1], Activity.objects.latest("pk")
    assert (added.words, saved.words) == ("File added: offer.PDF", "File saved: offer.PDF")
    assert (saved.verb, saved.client) == ("document.saved", acme)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/offer.pdf", "offer.pdf"),
        ("C:\\Users\\ann\\offer.pdf", "offer.pdf"),
        ("of\u202efer\n\0.pdf", "offer.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
        ("Angebot für Łódź.pdf", "Angebot für Łódź.pdf"),
    ],
)
def test_a_name_is_kept_without_what_no_name_has(name, kept):
    assert add_document(client=make_client(), name=name, content=b"a", by=None).name == kept


@pytest.mark.parametrize("name", ["run.exe", "page.html", "picture.svg", "pdf", ".pdf", "offer.pdf.exe", ""])
def test_what_is_not_taken_is_refused_with_what_is(name):
    acme = make_client()
    taken = ", ".join(DocumentSettings.objects.current().endings)
    with refused(f"“{name}” is not a file of those that are taken: {taken}.", field="file"):
        add_document(client=acme, name=name, content=b"a", by=None)


def test_a_file_beyond_the_limit_is_refused_and_one_at_it_is_taken(signed_in):
    acme = make_client()
    set_document_limits(megabytes=1, endings=["pdf"], by=None)
    with nothing_changes():
        answer = send(signed_in, acme, "large.pdf", b"a" * 1_000_001)
    assert parse(answer).texts(".field-error") == ["The file has 1,000,001 bytes; 1,000,000 are the most."]
    assert send(signed_in, acme, "large.pdf", b"a" * 1_000_000).status_code == 302


def test_an_empty_file_is_refused(signed_in):
    acme = make_client()
    with nothing_changes():
        answer = send(signed_in, acme, "empty.pdf", b"")
    assert parse(answer).texts(".field-error") == ["The file is empty."]


def test_deleting_is_told_first_and_written_down(signed_in):
    acme = make_client()
    offer = add_document(client=acme, name="offer.pdf", content=b"a" * 2048, by=None)
    page = get_page(signed_in, url_of(acme, offer.pk, "delete"))
    assert page.one("form .popup-body").text.startswith(
        "offer.pdf (2.0\xa0KB), added by System on ".replace("\xa0", " ")
    )
    assert parse(fill(signed_in, page, FORM, follow=True)).texts(".toast p") == ["offer.pdf deleted."]
    assert not ClientDocument.objects.exists()
    assert Activity.objects.latest("pk").words == "File deleted: offer.pdf"
    assert signed_in.get(url_of(acme, offer.pk)).status_code == 404
    with refused("This file was deleted meanwhile; nothing was done."):
        delete_document(document=offer, by=None)


def test_a_viewer_saves_files_and_changes_none(client):
    client.force_login(make_staff(VIEWER))
    acme = make_client()
    offer = add_document(client=acme, name="offer.pdf", content=b"a", by=None)
    page = get_page(client, url_of(acme))
    assert page.all("#upload, td .btn") == []
    assert client.get(url_of(acme, offer.pk)).status_code == 200
    assert client.post(url_of(acme), {"file": SimpleUploadedFile("a.pdf", b"a")}).status_code == 403
    assert client.post(url_of(acme, offer.pk, "delete")).status_code == 403


def test_another_clients_file_is_not_found(signed_in):
    acme, offer = make_client(), add_document(client=make_client("Globex"), name="offer.pdf", content=b"a", by=None)
    for rest in ([offer.pk], [offer.pk, "delete"]):
        assert signed_in.get(url_of(acme, *rest)).status_code == 404


def test_files_move_with_a_merge_come_back_and_go_with_the_client():
    acme, globex = make_client(), make_client("Globex")
    offer = add_document(client=globex, name="offer.pdf", content=b"offer", by=None)
    done = merge_clients(kept=acme, discarded=globex, by=None)
    assert acme.documents.get() == offer
    undo_merge(merge=done, by=None)
    offer.refresh_from_db()
    assert (offer.client, bytes(offer.content)) == (globex, b"offer")
    delete_client(client=globex, by=None)
    assert not ClientDocument.objects.exists()


def test_the_export_has_the_files_themselves():
    acme = make_client()
    first = add_document(client=acme, name="offer.pdf", content=b"first", by=None)
    second = add_document(client=acme, name="offer.pdf", content=b"second", by=None)
    add_document(client=make_client("Globex"), name="theirs.pdf", content=b"theirs", by=None)
    with export_client(client=acme, by=None) as archive:
        zipped = zipfile.ZipFile(io.BytesIO(archive.read()))
    files = {name: zipped.read(name) for name in zipped.namelist() if name.startswith("files/")}
    assert files == {f"files/{first.pk} offer.pdf": b"first", f"files/{second.pk} offer.pdf": b"second"}
    assert "content" not in zipped.read("documents.csv").decode().splitlines()[0]


def test_the_list_does_not_read_what_is_in_the_files(signed_in):
    acme = make_client()
    add_document(client=acme, name="offer.pdf", content=b"a", by=None)
    with CaptureQueriesContext(connection) as queries:
        get_page(signed_in, url_of(acme))
    assert [query for query in queries.captured_queries if '"content"' in query["sql"]] == []


# ── Settings ──


def test_the_limits_are_set_in_the_settings_and_written_down(signed_in):
    url = reverse("document_settings")
    page = get_page(signed_in, url)
    answer = fill(signed_in, page, "#files", {"megabytes": "3", "endings": ".PDF, txt  txt"}, follow=True)
    assert parse(answer).texts(".toast p") == ["Files that are added from now on keep to these limits."]
    current = DocumentSettings.objects.get()
    assert (current.megabytes, current.endings) == (3, ["pdf", "txt"])
    assert Activity.objects.latest("pk").summary == "Files with clients: up to 3 MB, pdf, txt"


@pytest.mark.parametrize(
    "typed", [{"megabytes": "0"}, {"megabytes": "26"}, {"megabytes": ""}, {"endings": " , "}, {"endings": "p/f"}]
)
def test_limits_that_cannot_be_are_refused(signed_in, typed):
    page = get_page(signed_in, reverse("document_settings"))
    with nothing_changes():
        answer = fill(signed_in, page, "#files", typed)
    assert (answer.status_code, len(parse(answer).all(".field-error"))) == (422, 1)


def test_limits_that_both_changed_are_shown_beside_what_was_typed(signed_in):
    page = get_page(signed_in, reverse("document_settings"))
    set_document_limits(megabytes=5, endings=["pdf"], by=None)
    with nothing_changes():
        answer = fill(signed_in, page, "#files", {"megabytes": "3"})
    page = parse(answer)
    assert page.texts(".field-error") == ["Changed by somebody else meanwhile; stored now: “5”."]
    assert "File names end with" in " ".join(page.texts("[data-error-summary] p"))
    assert fill(signed_in, page, "#files").status_code == 302
    current = DocumentSettings.objects.get()
    assert (current.megabytes, current.endings) == (3, ["pdf"])


def test_only_an_owner_sets_them(client):
    client.force_login(make_staff(BILLING))
    url = reverse("document_settings")
    assert get_page(client, url).all("#files button") == []
    assert client.post(url, {"megabytes": "3", "endings": "pdf"}).status_code == 403
