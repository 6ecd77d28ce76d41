"""Contacts, notes and the log of another system's clients."""

from datetime import UTC, datetime

import pytest

from billing_admin.models import StagedClient, StagedContact, StagedEvent, StagedNote
from clients.models import Client, ClientNote, Contact, ExternalReference, ImportedEvent
from clients.services.merge.merge_clients import merge_clients
from clients.services.system_import.judge_clients import judge
from tests.clients.system_import.bring import bring, outcomes
from tests.staged import make_import, stage

pytestmark = pytest.mark.django_db

AT = datetime(2024, 5, 7, 9, 30, tzinfo=UTC)


@pytest.fixture
def run():
    made = make_import()
    stage(made, StagedClient, 7, first_name="Ada", email="ada@example.com")
    return made


def test_a_contact_comes_with_its_roles(run):
    stage(
        run, StagedContact, 3, 7, first_name="Bill", last_name="Payer", email="bills@example.com", phone="+1 555",
        receives_invoices=True, is_technical=True, more="City: Bonn",
    )  # fmt: skip
    bring(run)
    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.phone, contact.roles) == (
        "Bill Payer", "bills@example.com", "+1 555", ["receives_invoices", "technical"],
    )  # fmt: skip
    assert ClientNote.objects.get().text == "Contact: Bill Payer\nE-mail address: bills@example.com\nCity: Bonn"
    reference = ExternalReference.objects.get(kind="contact")
    assert (reference.external_id, reference.row_id, reference.client) == ("3", contact.pk, contact.client)


def test_a_contact_nobody_can_write_to_becomes_a_note(run):
    stage(run, StagedContact, 3, 7, first_name="Or", last_name="Phan", phone="+1 555", receives_invoices=True)
    bring(run)
    assert not Contact.objects.exists()
    assert ClientNote.objects.get().text == "Contact: Or Phan\nPhone: +1 555\nReceives invoices"
    assert outcomes(run, StagedContact)["3"] == ("", "It has no e-mail address and comes as a note.")
    assert ExternalReference.objects.get(kind="contact").row_id is None


def test_each_address_of_email_comes_once_for_a_client(run):
    stage(run, StagedClient, 8, first_name="Bob", email="bob@example.com")
    stage(run, StagedContact, 1, 7, email="bills@example.com")
    stage(run, StagedContact, 2, 7, email="BILLS@example.com")
    stage(run, StagedContact, 3, 8, email="bills@example.com")
    stage(run, StagedContact, "u4", 7, email="ADA@example.com")
    stage(run, StagedContact, 5, 7, email="ada@example.com")
    bring(run)
    assert outcomes(run, StagedContact) == {
        "1": ("", ""),
        "2": ("left out", "The client has a contact with the same e-mail address."),
        "3": ("", ""),
        "u4": ("left out", "Who may sign in with the address of the client is the client."),
        "5": ("", ""),
    }
    assert sorted(Contact.objects.values_list("client__first_name", "email")) == [
        ("Ada", "ada@example.com"), ("Ada", "bills@example.com"), ("Bob", "bills@example.com"),
    ]  # fmt: skip


def test_notes_come_with_their_day_and_author(run):
    stage(run, StagedNote, 2, 7, text="Later", at=AT.replace(year=2025), pinned=True, author="Ann")
    stage(run, StagedNote, 3, 7, text="First", at=AT)
    stage(run, StagedNote, 4, 7, text=" ")
    bring(run)
    assert outcomes(run, StagedNote)["4"] == ("left out", "It says nothing.")
    first, later = ClientNote.objects.order_by("pk")
    assert (first.text, first.created_at, first.pinned, first.author_name) == ("First", AT, False, "Import of WHMCS")
    assert (later.text, later.pinned, later.author_name, later.author) == ("Later", True, "Ann", None)
    assert ExternalReference.objects.get(kind="note", external_id="2").row_id == later.pk


def test_the_log_comes_as_history(run):
    stage(run, StagedEvent, "m1", 7, is_mail=True, at=AT, text="Your password", who="ada@example.com")
    stage(run, StagedEvent, "1", 7, text="Client Login", who="Client")
    bring(run)
    shown = ("source", "external_id", "is_mail", "at", "text", "who")
    assert list(ImportedEvent.objects.order_by("external_id").values_list(*shown)) == [
        ("WHMCS", "1", False, None, "Client Login", "Client"),
        ("WHMCS", "m1", True, AT, "Your password", "ada@example.com"),
    ]  # fmt: skip


def test_a_second_import_brings_only_what_is_new(run):
    rows = (
        (StagedContact, 1, {"email": "bills@example.com"}), (StagedNote, 1, {"text": "First", "at": AT}),
        (StagedEvent, "e1", {"text": "Login"}), (StagedContact, 2, {"first_name": "Or"}),
    )  # fmt: skip
    for model, key, values in rows:
        stage(run, model, key, 7, **values)
    bring(run)
    run.state = "done"
    run.save()
    Contact.objects.all().delete()
    second = make_import()
    stage(second, StagedClient, 7, first_name="Ada", email="ada@example.com")
    for model, key, values in rows:
        stage(second, model, key, 7, **values)
    stage(second, StagedNote, 9, 7, text="New")
    stage(second, StagedEvent, "e9", 7, text="New")
    stage(second, StagedContact, 9, 7, email="new@example.com")
    StagedNote.objects.filter(of=second, source_id="1").update(text="Otherwise")
    bring(second)
    assert outcomes(second, StagedContact) == {"1": ("there", ""), "2": ("there", ""), "9": ("", "")}
    assert outcomes(second, StagedNote) == {
        "1": ("changed", "It was changed there and stays as it is here."), "9": ("", ""),
    }  # fmt: skip
    assert outcomes(second, StagedEvent) == {"e1": ("there", ""), "e9": ("", "")}
    assert list(Contact.objects.values_list("email", flat=True)) == ["new@example.com"]
    assert sorted(ClientNote.objects.values_list("text", flat=True)) == ["Contact: Or", "First", "New"]
    assert ImportedEvent.objects.count() == 2


def test_contacts_of_two_that_are_one_here_do_not_clash(run):
    stage(run, StagedClient, 8, first_name="Bob", email="bob@example.com")
    bring(run)
    run.state = "done"
    run.save()
    merge_clients(kept=Client.objects.get(first_name="Ada"), discarded=Client.objects.get(first_name="Bob"), by=None)
    second = make_import()
    stage(second, StagedClient, 7, first_name="Ada", email="ada@example.com")
    stage(second, StagedClient, 8, first_name="Bob", email="bob@example.com")
    stage(second, StagedContact, 1, 7, email="bills@example.com")
    stage(second, StagedContact, 2, 8, email="bills@example.com")
    judge(second)
    assert outcomes(second, StagedContact)["2"][0] == "left out"
    bring(second)
    assert Contact.objects.get().email == "bills@example.com"
