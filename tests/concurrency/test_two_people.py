"""Two people at one page, and a text that names a client while that client is deleted."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from billing_admin.seen import seen_of
from clients.models import Client, ClientDocument, ClientNote, Contact, CreditUse, DocumentSettings
from clients.services import documents
from clients.services import notes as notes_service
from clients.services.contacts import add_contact, details_of, edit_contact
from clients.services.delete import delete_client as deletion
from clients.services.documents import add_document, set_document_limits
from clients.services.notes import add_note, edit_note
from clients.services.profile import edit_client
from credits.models import CreditSettings
from credits.services.credit_use import change_credit_use
from invoices.models import NumberFormat, RunLimits, TaxRate
from invoices.models.number_series import Document
from invoices.services.numbering import set_prefix
from invoices.services.runs.limits import set_run_limits
from invoices.services.tax_settings import add_tax_rate, change_tax_rate
from tests.concurrency.racing import kinds, race
from tests.factories import make_client

# What each of two people does with the page that both have open, what meets, and what the page says then.
type Two = tuple[list[Callable[[], Any]], list[str], Callable[[], Any]]


def contact() -> Two:
    ann = add_contact(client=make_client(), by=None, first_name="Ann", email="ann@example.com", phone="1", roles=[])
    edit = partial(edit_contact, contact=ann, by=None, seen=seen_of(details_of(ann)))
    read = Contact.objects.values_list("phone", "last_name").get
    return [partial(edit, phone="2"), partial(edit, phone="3", last_name="Beck")], ["UPDATE clients_contact"], read


def note() -> Two:
    stored = add_note(client=make_client(), text="Late", by=None)
    edit = partial(edit_note, note=stored, by=None, seen=seen_of({"text": "Late"}))
    read = ClientNote.objects.values_list("text", flat=True).get
    return [partial(edit, text="Early"), partial(edit, text="Never")], ["UPDATE clients_clientnote"], read


def limits() -> Two:
    current = set_document_limits(megabytes=5, endings=["pdf"], by=None)
    save = partial(set_document_limits, by=None, seen=seen_of(documents.limits_of(current)), endings=["pdf"])
    read = DocumentSettings.objects.values_list("megabytes", flat=True).get
    return [partial(save, megabytes=6), partial(save, megabytes=7)], ["UPDATE clients_documentsettings"], read


def profile() -> Two:
    acme = make_client(phone="1", city="Bern")
    edit = partial(edit_client, client=acme, by=None, seen=seen_of({"phone": "1", "city": "Bern"}))
    read = Client.objects.values_list("phone", "city").get
    return [
        partial(edit, phone="2", city="Bern"), partial(edit, phone="3", city="Chur"),
    ], ["UPDATE clients_client SET"], read  # fmt: skip


def tax() -> Two:
    rate = add_tax_rate(country="DE", name="VAT", rate=Decimal(19), by=None)
    edit = partial(
        change_tax_rate, tax_rate=rate, by=None, name="VAT", seen=seen_of({"name": "VAT", "rate": rate.rate})
    )
    read = TaxRate.objects.values_list("rate", flat=True).get
    return [partial(edit, rate=Decimal(20)), partial(edit, rate=Decimal(21))], ["UPDATE invoices_taxrate"], read


def prefix() -> Two:
    set_prefix(document=Document.INVOICE, prefix="A-", by=None)
    edit = partial(set_prefix, document=Document.INVOICE, by=None, seen=seen_of({"begins_with": "A-"}))
    read = NumberFormat.objects.values_list("prefix", flat=True).get
    return [partial(edit, prefix="B-"), partial(edit, prefix="C-")], ["UPDATE invoices_numberformat"], read


def run_limits() -> Two:
    current = set_run_limits(largest_totals={}, most_lines=5, oldest_days=None, by=None)
    save = partial(set_run_limits, largest_totals={}, oldest_days=None, by=None, seen=seen_of(current.figures))
    read = RunLimits.objects.values_list("most_lines", flat=True).get
    return [partial(save, most_lines=6), partial(save, most_lines=7)], ["UPDATE invoices_runlimits"], read


def use_of_credit() -> Two:
    change_credit_use(credit_use=CreditUse.NEVER, by=None)
    save = partial(change_credit_use, by=None, seen=seen_of({"credit_use": "never"}))
    read = CreditSettings.objects.values_list("credit_use", flat=True).get
    return [
        partial(save, credit_use=CreditUse.ALWAYS), partial(save, credit_use=CreditUse.WHOLE),
    ], ["UPDATE credits_creditsettings"], read  # fmt: skip


EDITED = {
    "contact": contact,
    "note": note,
    "limits of files": limits,
    "profile": profile,
    "tax rate": tax,
    "numbering": prefix,
    "limits of runs": run_limits,
    "use of credit": use_of_credit,
}


@pytest.mark.parametrize("what", EDITED)
def test_the_second_of_two_is_shown_what_the_first_saved(what):
    actions, write, read = EDITED[what]()
    before = read()
    outcomes = race(*actions, meet_before=write)
    assert kinds(outcomes) == {"done": 1, "ChangedMeanwhile": 1}
    assert read() != before


@pytest.mark.usefixtures("without_locks")
@pytest.mark.parametrize("what", EDITED)
def test_control_without_the_lock_the_second_overwrites_the_first(what):
    actions, write, _ = EDITED[what]()
    assert kinds(race(*actions, meet_before=write)) == {"done": 2}


@pytest.mark.parametrize("what", EDITED)
def test_control_what_was_not_seen_is_overwritten(what):
    """The digests, not the locks alone, keep the first one's."""
    actions, write, _ = EDITED[what]()
    unseen: list[Callable[[], Any]] = [partial(action, seen=None) for action in actions]  # type: ignore[call-arg]
    assert kinds(race(*unseen, meet_before=write)) == {"done": 2}


# ── Naming a client that is being deleted ──


def write_while_deleted() -> list[Any]:
    """Notes and a file that name Acme are about to be stored with three other clients when Acme is deleted."""
    acme, globex, initech, hooli = map(make_client, ("Acme Ltd", "Globex", "Initech", "Hooli"))
    old = add_note(client=globex, text="Old", by=None)
    writes = ["INSERT INTO clients_clientnote", "UPDATE clients_clientnote", "INSERT INTO clients_clientdocument"]
    looks = ["pg_advisory_xact_lock(hash", "SELECT id, client_id, typed_in_note"]
    return race(
        partial(deletion.delete_client, client=acme, by=None),
        partial(edit_note, note=old, text="Like Acme Ltd", by=None),
        partial(add_note, client=initech, text="As for Acme Ltd", by=None),
        partial(add_document, client=hooli, name="Acme Ltd.pdf", content=b"%PDF", by=None),
        meet_before=[*writes, *looks],
        in_turn=True,
    )


def naming_acme() -> set[str]:
    said = [
        *ClientNote.objects.values_list("text", flat=True),
        *ClientDocument.objects.values_list("name", flat=True),
    ]
    return {text for text in said if "Acme" in text}


def test_what_names_a_client_as_it_is_deleted_goes_with_it():
    assert kinds(write_while_deleted()) == {"done": 4}
    assert naming_acme() == set()


def test_control_without_the_lock_it_stays(monkeypatch):
    for module in (notes_service, documents, deletion):
        monkeypatch.setattr(module, "lock_typed_words", lambda **forgetting: None)
    write_while_deleted()
    assert naming_acme() == {"Like Acme Ltd", "As for Acme Ltd", "Acme Ltd.pdf"}
