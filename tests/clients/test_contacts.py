"""Contacts of a client: added, edited and removed in popups."""

import hashlib

import pytest

from billing_admin.staff.groups import VIEWER
from clients.models import Activity, Client, Contact
from clients.services.contacts import add_contact, edit_contact, remove_contact
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from tests.dumped import lines_with
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

# The form of a popup that is a page of its own.
FORM = "form[novalidate]"

POPUP = {"headers": {"HX-Request": "true", "HX-Target": "dialog-body"}}


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(username="ann"))
    return client


def url_of(acme: Client, *rest: object) -> str:
    return "/".join([f"/clients/{acme.number}/contacts", *map(str, rest), ""])


def ann_of(acme: Client, **details) -> Contact:
    details = {"first_name": "Ann", "email": "ann@example.com", "phone": "1", "roles": ["technical"]} | details
    return add_contact(client=acme, by=None, **details)


def test_a_contact_is_added_in_a_popup_and_stands_on_the_summary(signed_in):
    acme = make_client()
    page = get_page(signed_in, url_of(acme, "add"), **POPUP)
    sent = values_of(page.one("form")) | {"first_name": "Zoë", "email": "zoe@acme.example"}
    answer = signed_in.post(url_of(acme, "add"), sent | {"roles": ["technical", "receives_invoices"]}, **POPUP)
    assert answer.status_code == 204
    assert "contactsChanged" in answer.headers["HX-Trigger"]
    contact = acme.contacts.get()
    assert (contact.name, contact.email, contact.roles) == (
        "Zoë", "zoe@acme.example", ["receives_invoices", "technical"],
    )  # fmt: skip
    panel = get_page(signed_in, f"/clients/{acme.number}/panels/contacts/")
    assert panel.texts("#contacts td") == ["Zoë", "zoe@acme.example", "–", "Receives invoices, Technical questions"]
    assert panel.links()["Add Contact"] == url_of(acme, "add")
    done = Activity.objects.latest("pk")
    assert (done.verb, done.words, done.actor_name) == (
        "contact.added", "Contact added: Zoë", "ann",
    )  # fmt: skip


def test_an_address_stands_once_per_client_and_may_stand_with_another(signed_in):
    acme, globex = make_client(), make_client("Globex")
    ann_of(acme)
    ann_of(globex)
    with nothing_changes():
        answer = fill(signed_in, get_page(signed_in, url_of(acme, "add")), FORM, {"email": "ANN@example.com"})
    assert answer.status_code == 422
    assert parse(answer).texts(".field-error") == ["Ann has this e-mail address already; each stands once per client."]


@pytest.mark.parametrize(
    ("field", "typed"), [("email", ""), ("email", "no address"), ("first_name", "x" * 101), ("roles", "owner")]
)
def test_what_no_contact_can_be_is_refused_beside_its_field(signed_in, field, typed):
    acme = make_client()
    page = get_page(signed_in, url_of(acme, "add"))
    with nothing_changes():
        answer = fill(signed_in, page, FORM, {"email": "a@example.com", field: typed})
    assert answer.status_code == 422
    assert len(parse(answer).all(".field-error")) == 1


def test_editing_says_which_details_changed(signed_in):
    acme = make_client()
    ann = ann_of(acme)
    page = get_page(signed_in, url_of(acme, ann.pk))
    answer = fill(signed_in, page, FORM, {"phone": "2", "roles": None}, follow=True)
    assert parse(answer).texts(".toast p") == ["Contact Ann saved."]
    ann.refresh_from_db()
    assert (ann.phone, ann.roles, ann.first_name) == ("2", [], "Ann")
    assert Activity.objects.latest("pk").words == "Contact changed: phone, roles: Ann"


def test_sending_it_as_it_came_changes_nothing(signed_in):
    acme = make_client()
    ann = ann_of(acme)
    page = get_page(signed_in, url_of(acme, ann.pk))
    with nothing_changes():
        answer = fill(signed_in, page, FORM)
    assert parse(answer).one("[data-error-summary] p").text == "Nothing was changed on this contact."


def test_a_field_that_both_changed_is_shown_beside_what_was_typed(signed_in):
    acme = make_client()
    ann = ann_of(acme)
    page = get_page(signed_in, url_of(acme, ann.pk))
    edit_contact(contact=ann, by=None, phone="2", last_name="Beck")
    with nothing_changes():
        answer = fill(signed_in, page, FORM, {"phone": "3"})
    assert answer.status_code == 422
    page = parse(answer)
    assert page.texts(".field-error") == ["Changed by somebody else meanwhile; stored now: “2”."]
    assert page.texts("[data-error-summary] p")[0] == "Somebody else changed the same meanwhile. Nothing was saved."
    values = values_of(page.one(FORM))
    assert (values["phone"], values["last_name"]) == ("3", "Beck")
    assert fill(signed_in, page, FORM).status_code == 302
    ann.refresh_from_db()
    assert (ann.phone, ann.last_name, ann.roles) == ("3", "Beck", ["technical"])


def test_a_field_that_only_somebody_else_changed_stays_as_it_is_now(signed_in):
    acme = make_client()
    ann = ann_of(acme)
    page = get_page(signed_in, url_of(acme, ann.pk))
    edit_contact(contact=ann, by=None, phone="2", roles=["receives_invoices"])
    assert fill(signed_in, page, FORM, {"last_name": "Beck"}).status_code == 302
    ann.refresh_from_db()
    assert (ann.last_name, ann.phone, ann.roles) == ("Beck", "2", ["receives_invoices"])


def test_removing_is_told_first_and_written_down(signed_in):
    acme = make_client()
    ann = ann_of(acme)
    page = get_page(signed_in, url_of(acme, ann.pk, "remove"))
    assert "Ann, ann@example.com, 1, Technical questions" in page.one("form .popup-body").text
    assert parse(fill(signed_in, page, FORM, follow=True)).texts(".toast p") == ["Contact Ann removed."]
    assert not Contact.objects.exists()
    assert Activity.objects.latest("pk").words == "Contact removed: Ann"
    assert signed_in.get(url_of(acme, ann.pk, "remove")).status_code == 404


def test_an_address_does_not_stay_after_its_contact_was_removed(signed_in):
    acme = make_client()
    page = get_page(signed_in, url_of(acme, "add"))
    fill(signed_in, page, FORM, {"email": "zoe@acme.example", "phone": "+41 44 668 9931"})
    edit_contact(contact=acme.contacts.get(), by=None, email="zoe2@acme.example")
    remove_contact(contact=acme.contacts.get(), by=None)
    assert lines_with("zoe", "668 9931") == []


def test_what_may_be_left_out_of_a_contact_says_so(signed_in):
    form = get_page(signed_in, url_of(make_client(), "add")).one(FORM)
    assert form.texts("label:has(.optional)") == ["First name optional", "Last name optional", "Phone optional"]


def test_a_contact_removed_meanwhile_is_said_to_be(signed_in):
    ann = ann_of(make_client())
    remove_contact(contact=Contact.objects.get(), by=None)
    with refused("The contact Ann was removed meanwhile; nothing was done."):
        edit_contact(contact=ann, by=None, phone="2")


def test_another_clients_contact_is_not_found(signed_in):
    acme, ann = make_client(), ann_of(make_client("Globex"))
    assert signed_in.get(url_of(acme, ann.pk)).status_code == 404


def test_a_viewer_sees_contacts_and_changes_none(client):
    client.force_login(make_staff(VIEWER))
    acme = make_client()
    ann = ann_of(acme)
    panel = get_page(client, f"/clients/{acme.number}/panels/contacts/")
    assert panel.links() == {"ann@example.com": "mailto:ann@example.com"}
    for rest in (["add"], [ann.pk], [ann.pk, "remove"]):
        assert client.get(url_of(acme, *rest)).status_code == 403
        assert client.post(url_of(acme, *rest)).status_code == 403


def test_roles_move_with_a_merge_and_come_back():
    acme, globex = make_client(), make_client("Globex")
    ann = ann_of(globex)
    done = merge_clients(kept=acme, discarded=globex, by=None)
    assert acme.contacts.get().roles == ["technical"]
    undo_merge(merge=done, by=None)
    ann.refresh_from_db()
    assert (ann.client, ann.roles) == (globex, ["technical"])


def test_a_merge_of_before_there_were_roles_can_be_undone():
    """What such a merge noted of a contact is what is noted of one without a role today."""
    acme, globex = make_client(), make_client("Globex")
    ann = ann_of(globex, roles=[])
    done = merge_clients(kept=acme, discarded=globex, by=None)
    assert set(done.journal["contact_marks"]) == {str(ann.pk)}
    done.journal["contact_marks"] = {str(ann.pk): _mark_of_before(ann)}
    done.save(update_fields=["journal"])
    assert undo_merge(merge=done, by=None) == globex


def test_a_merge_is_not_undone_where_a_role_was_given_since():
    acme, globex = make_client(), make_client("Globex")
    ann = ann_of(globex, roles=[])
    done = merge_clients(kept=acme, discarded=globex, by=None)
    ann.refresh_from_db()
    edit_contact(contact=ann, by=None, roles=["technical"])
    with refused(
        f"The merge of client {globex.number} can no longer be undone. The contact ann@example.com, which the merge "
        "moved, has been edited since."
    ):
        undo_merge(merge=done, by=None)


def _mark_of_before(contact: Contact) -> str:
    parts = (contact.first_name, contact.last_name, contact.email, contact.phone)
    return hashlib.md5("\x1f".join(parts).encode()).hexdigest()
