"""`manage.py load_demo`: every screen has something to show, and the books are in order."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.db import transaction as db_transaction

from billing_admin.demo.colleagues import make_colleagues
from billing_admin.demo.login import make_login
from billing_admin.management.commands.serve import refuse_known_password
from clients.models import Client, ClientMerge
from credits.models import CreditBatch, CreditEntry, LedgerCheck
from invoices.documents.missing import missing
from invoices.documents.snapshot import snapshot_of
from invoices.models import CreditNote, Invoice
from tests.commands import run_command
from tests.factories import make_client, make_staff
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def test_it_has_some_of_everything():
    run_command("load_demo", "--clients", 6)
    assert set(Invoice.objects.values_list("status", flat=True)) >= {"draft", "unpaid", "paid", "cancelled"}
    assert set(Transaction.objects.values_list("kind", flat=True)) == set(Transaction.Kind.values)
    assert set(CreditEntry.objects.values_list("kind", flat=True)) >= {
        "grant", "apply", "adjust", "transfer",
    }  # fmt: skip
    assert Transaction.objects.filter(client=None).count() == 1
    assert (CreditNote.objects.count(), ClientMerge.objects.count(), CreditBatch.objects.count()) == (3, 1, 1)
    assert Client.objects.get(number=1001).notes.count() == 1
    assert LedgerCheck.objects.get().finding_count == 0
    assert_invariants()


@pytest.mark.slow
def test_some_of_its_clients_ask_for_e_invoices_and_lack_nothing():
    run_command("load_demo", "--clients", 60)
    said = [(invoice, snapshot_of(invoice)) for invoice in Invoice.objects.exclude(status="draft")]
    asked = [(invoice, snapshot) for invoice, snapshot in said if invoice.e_invoice]
    assert [(invoice, lacking) for invoice, said in asked if (lacking := missing(said, invoice.e_invoice))] == []
    assert {invoice.e_invoice for invoice, _ in asked} == {"xrechnung", "peppol", "factur_x"}
    assert {tax["category"] for _, said in asked for tax in said["taxes"]} >= {"S", "AE"}
    exempt = [snapshot for _, snapshot in said if snapshot["taxes"][0]["category"] == "E"]
    assert exempt
    assert all(not missing(snapshot, "") for snapshot in exempt)
    assert {snapshot["language"] for _, snapshot in said} == {"en", "de", "fr", "es"}


def test_it_writes_nothing_where_somebody_elses_clients_or_users_are():
    for make in (make_client, make_staff):
        with db_transaction.atomic():
            make()
            with nothing_changes():
                ran = run_command("load_demo")
            assert ran.error.startswith("The database test_billing")
            assert "has clients or users and is not the demo’s: nothing was changed." in ran.error
            assert not User.objects.filter(username="demo").exists()
            db_transaction.set_rollback(True)


def test_the_demos_own_database_is_left_as_it_is():
    first = run_command("load_demo", "--clients", 1)
    assert first.printed[-1] == "Sign in as demo with the password credit where due"
    with nothing_changes():
        again = run_command("load_demo", "--clients", 1)
    there = f"The demo is there already, with {Client.objects.count()} clients."
    assert again.printed == [there, first.printed[-1]]
    demo = User.objects.get(username="demo")
    demo.set_password("correct horse battery")
    demo.save()
    assert run_command("load_demo").printed == [there]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_other_machines_are_not_served_with_the_password_that_all_know(host):
    make_login()
    with pytest.raises(CommandError) as refusal:
        refuse_known_password(host)
    assert "manage.py changepassword demo" in str(refusal.value)
    for loopback in ("127.0.0.1", "localhost", "::1"):
        refuse_known_password(loopback)
    User.objects.filter(username="demo").update(password=make_password("correct horse battery"))
    refuse_known_password(host)


def test_nor_with_a_colleague_whose_password_all_know():
    make_colleagues(by=make_login())
    User.objects.filter(username="demo").update(password=make_password("correct horse battery"))
    with pytest.raises(CommandError, match="the login “mareike” still has"):
        refuse_known_password("")
    assert {person.username: [group.name for group in person.groups.all()] for person in User.objects.all()} == {
        "demo": ["Owner"], "mareike": ["Manager"], "tomasz": ["Billing"], "aisha": ["Support"],
        "oskar": ["Collection"], "vera": ["Viewer"], "jonas": ["Support"],
    }  # fmt: skip
    assert [person.username for person in User.objects.filter(is_active=False)] == ["jonas"]


@pytest.mark.long
def test_one_client_is_enough():
    run_command("load_demo", "--clients", 1)
    assert ClientMerge.objects.count() == 1
    assert_invariants()
