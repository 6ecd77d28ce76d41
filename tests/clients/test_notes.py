"""Notes about a client: written, edited with their history, pinned on top of each page."""

import pytest

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientNote
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.notes import add_note, edit_note, pin_note
from tests.factories import make_client, make_staff, person_with
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

# The form of a popup that is a page of its own.
FORM = "form[novalidate]"

POPUP = {"headers": {"HX-Request": "true", "HX-Target": "dialog-body"}}


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(BILLING, username="ann"))
    return client


def url_of(acme: Client, *rest: object) -> str:
    return "/".join([f"/clients/{acme.number}/notes", *map(str, rest), ""])


def test_a_note_is_written_in_a_popup(signed_in):
    acme = make_client()
    page = get_page(signed_in, url_of(acme, "add"), **POPUP)
    sent = values_of(page.one("form")) | {"text": "Call\r\nfirst", "pinned": "on"}
    answer = signed_in.post(url_of(acme, "add"), sent, **POPUP)
    assert answer.status_code == 204
    assert "notesChanged" in answer.headers["HX-Trigger"]
    note = acme.notes.get()
    assert (note.text, note.pinned, note.author_name, note.history) == ("Call\nfirst", True, "ann", [])
    done = Activity.objects.latest("pk")
    assert (done.verb, done.words) == ("note.added", "Note added and pinned")  # what it says stands in the note alone


def test_a_note_keeps_its_latest_fifty_versions():
    note = add_note(client=make_client(), text="Version 0", by=None)
    for version in range(1, 53):
        edit_note(note=note, text=f"Version {version}", by=None)
    note.refresh_from_db()
    assert (note.text, len(note.history)) == ("Version 52", 50)
    assert [note.history[0]["text"], note.history[-1]["text"]] == ["Version 2", "Version 51"]


@pytest.mark.parametrize("typed", ["", "  \r\n ", "x" * 5001])
def test_what_is_no_note_is_refused(signed_in, typed):
    page = get_page(signed_in, url_of(make_client(), "add"))
    with nothing_changes():
        answer = fill(signed_in, page, FORM, {"text": typed})
    assert (answer.status_code, len(parse(answer).all(".field-error"))) == (422, 1)


def test_an_edit_keeps_what_the_note_said_who_edited_it_and_when(signed_in):
    acme = make_client()
    note = add_note(client=acme, text="Pays late", by=None)
    edit_note(note=note, text="Pays in time", by=None)
    fill(signed_in, get_page(signed_in, url_of(acme, note.pk)), FORM, {"text": "Pays early"})
    note.refresh_from_db()
    assert note.text == "Pays early"
    assert [(edit["text"], edit["by"]) for edit in note.history] == [("Pays late", "System"), ("Pays in time", "ann")]
    (shown,) = get_page(signed_in, url_of(acme)).all(".notes > li")
    assert shown.texts("div[dir]")[0] == "Pays early"
    assert shown.one("summary").text.startswith("Edited by ann, ")
    assert shown.texts(".note-history li > div[dir]") == ["Pays in time", "Pays late"]
    assert Activity.objects.latest("pk").words == "Note changed"


def test_the_latest_note_is_first_and_pages_are_by_key(signed_in):
    acme = make_client()
    ClientNote.objects.bulk_create(ClientNote(client=acme, text=f"Note {n}", author_name="Ann") for n in range(60))
    page = get_page(signed_in, url_of(acme))
    assert page.texts(".notes > li > div[dir]")[:2] == ["Note 59", "Note 58"]
    assert len(page.all(".notes > li")) == 50


def test_a_note_that_both_edited_is_shown_beside_what_was_typed(signed_in):
    acme = make_client()
    note = add_note(client=acme, text="Pays late", by=None)
    page = get_page(signed_in, url_of(acme, note.pk))
    edit_note(note=note, text="Pays in time", by=None)
    with nothing_changes():
        answer = fill(signed_in, page, FORM, {"text": "Pays early"})
    page = parse(answer)
    assert page.texts(".field-error") == ["Changed by somebody else meanwhile; stored now: “Pays in time”."]
    assert fill(signed_in, page, FORM).status_code == 302
    note.refresh_from_db()
    assert (note.text, len(note.history)) == ("Pays early", 2)


@pytest.mark.parametrize(
    "path", ["", "profile/", "billable-items/", "invoices/", "credits/", "transactions/", "notes/", "files/",
             "activity/", "statement/", "invoices/create/"]
)  # fmt: skip
def test_a_pinned_note_stands_on_top_of_each_page_with_who_and_when(client, path):
    client.force_login(make_staff())
    acme = make_client()
    add_note(client=acme, text="Never\nphone before ten", by=None, pinned=True)
    add_note(client=acme, text="Not pinned", by=None)
    page = get_page(client, f"/clients/{acme.number}/{path}")
    (pinned,) = page.all(".pinned-notes li")
    assert pinned.text.startswith("Never phone before ten System · ")
    assert pinned.all("time")
    assert page.one("#pinned-notes")["hx-trigger"] == "notesChanged from:body"


def test_pinning_and_unpinning_are_told_and_written_down(signed_in):
    acme = make_client()
    note = add_note(client=acme, text="Call first", by=None)
    told = []
    for _ in range(2):
        form = get_page(signed_in, url_of(acme)).one("#notes form")
        answer = fill(signed_in, form, "form", follow=True)
        told += parse(answer).texts(".toast p")
        note.refresh_from_db()
        told.append(str(note.pinned))
    assert told == ["Note pinned.", "True", "Note no longer pinned.", "False"]
    verbs = Activity.objects.filter(client=acme, verb__startswith="note.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["note.added", "note.pinned", "note.unpinned"]
    with refused("This note is not pinned already; nothing was done."):
        pin_note(note=note, pinned=False, by=None)


def test_five_pinned_notes_are_shown_and_that_there_are_more(signed_in):
    acme = make_client()
    for number in range(6):
        add_note(client=acme, text=f"Note {number}", by=None, pinned=True)
    page = get_page(signed_in, f"/clients/{acme.number}/notes/pinned/")
    assert [text.partition(" System")[0] for text in page.texts(".pinned-notes li")] == [
        "Note 5", "Note 4", "Note 3", "Note 2", "Note 1", "More notes are pinned",
    ]  # fmt: skip


def test_search_finds_what_a_note_says_now(signed_in):
    acme = make_client()
    edit_note(note=add_note(client=acme, text="Zebra", by=None), text="Giraffe", by=None)
    assert list(Client.objects.matching("giraffe")) == [acme]
    assert list(Client.objects.matching("zebra")) == []


def test_a_viewer_reads_notes_and_writes_none(client):
    client.force_login(make_staff(VIEWER))
    acme = make_client()
    note = add_note(client=acme, text="Call first", by=None, pinned=True)
    page = get_page(client, url_of(acme))
    assert page.all("#notes a, #notes button") == []
    for rest in (["add"], [note.pk], [note.pk, "pin"]):
        assert client.post(url_of(acme, *rest), {"text": "Mine", "pinned": "0"}).status_code == 403


def test_who_may_write_notes_may_change_no_profile(client):
    client.force_login(person_with("view_client", "add_clientnote"))
    acme = make_client()
    assert fill(client, get_page(client, url_of(acme, "add")), FORM, {"text": "Called"}).status_code == 302
    assert client.post(f"/clients/{acme.number}/profile/", {"company_name": "Globex"}).status_code == 403


def test_who_may_not_write_notes_writes_none_on_many_clients(client):
    acme, many = make_client(), "/lists/clients/act/note/?all=1"
    client.force_login(person_with("view_client", "change_client"))
    assert "Write Notes" not in get_page(client, "/clients/").texts("#choice button")
    assert client.get(many).status_code == client.post(many, {"text": "Called"}).status_code == 403
    client.force_login(person_with("view_client", "add_clientnote", "save_lists"))
    assert get_page(client, "/clients/").texts("#choice button") == ["Write Notes", "Export"]
    fill(client, get_page(client, many), ".popup form", {"text": "Called"})
    assert acme.notes.get().text == "Called"
    assert client.post("/lists/clients/act/close/?all=1").status_code == 403


def test_another_clients_note_is_not_found(signed_in):
    acme, note = make_client(), add_note(client=make_client("Globex"), text="Theirs", by=None)
    assert signed_in.get(url_of(acme, note.pk)).status_code == 404


def test_history_moves_with_a_merge_and_comes_back():
    acme, globex = make_client(), make_client("Globex")
    note = edit_note(note=add_note(client=globex, text="Late", by=None), text="Early", by=None)
    done = merge_clients(kept=acme, discarded=globex, by=None)
    note.refresh_from_db()
    edit_note(note=note, text="Never", by=None)
    undo_merge(merge=done, by=None)
    note.refresh_from_db()
    assert (note.client, note.text, [edit["text"] for edit in note.history]) == (globex, "Never", ["Late", "Early"])
