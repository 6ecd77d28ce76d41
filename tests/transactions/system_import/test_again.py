"""A second import of the same system brings what is new, and the difference of what was changed."""

import pytest
from django.utils import timezone

from billing_admin.models import StagedInvoice
from clients.models import ExternalReference
from clients.services.delete.delete_client import delete_client
from tests.factories import make_client, make_staff, usd
from tests.imported import import_invoice
from tests.staged import stage
from transactions.models import Transaction

from .conftest import booked, bring, outcomes, sound, stage_client, stage_money

pytestmark = pytest.mark.django_db


def test_money_settles_an_open_invoice(run):
    acme = make_client()
    invoice = import_invoice(acme, 20, origin="open")
    stage_client(run, 7)
    stage(run, StagedInvoice, 5, 7)
    stage_money(run, 1, 7, "15.00", invoice_source_id="5")
    stage_money(run, 2, 7, went="3.00", refund_of="1", invoice_source_id="5")
    bring(run, ("5", invoice), c7=acme)
    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.balance_due, invoice.status) == (usd(12), 8, "unpaid")
    assert set(Transaction.objects.values_list("invoice", "invoice_label")) == {(invoice.pk, "2024-0001")}
    assert outcomes(run) == [("", "")] * 2
    sound()


def test_money_of_an_ended_invoice_moves_nothing_on_it(run):
    acme = make_client()
    invoice = import_invoice(acme, 20)
    stage_client(run, 7)
    stage_money(run, 1, 7, "15.00", invoice_source_id="5")
    bring(run, ("5", invoice), c7=acme)
    invoice.refresh_from_db()
    assert (invoice.amount_paid.amount, invoice.status) == (20, "paid")
    assert Transaction.objects.get().invoice == invoice
    sound()


def test_more_than_is_owed_comes_beside_the_invoice(run):
    acme = make_client()
    invoice = import_invoice(acme, 20, origin="open")
    stage_client(run, 7)
    stage_money(run, 1, 7, "15.00", invoice_source_id="5")
    stage_money(run, 2, 7, "15.00", invoice_source_id="5")
    bring(run, ("5", invoice), c7=acme)
    invoice.refresh_from_db()
    assert invoice.amount_paid.amount == 0
    assert [row.note for row in Transaction.objects.all()] == ["For invoice 5 there."] * 2
    sound()


def test_what_is_there_comes_no_more(run, again):
    acme = make_client()
    for each in (run, again()):
        stage_client(each, 7)
        stage_money(each, 1, 7, "20.00", "5.00", fees="-0.40")
        stage_money(each, 2, 17, "5.00")
        bring(each, c7=acme)
    assert Transaction.objects.count() == 4
    assert outcomes(each) == [("there", "")] * 2


@pytest.mark.parametrize(
    ("now", "booked_now"),
    [
        ({"came": "8.00", "fees": "0.10"}, [("payment", "0.00", "0.00", "2.00")]),
        ({"came": "12.00", "fees": "0.10"}, [("payment", "2.00", "0.00", "0.00")]),
        ({"came": "10.00", "fees": "0.30"}, [("payment", "0.00", "0.20", "0.00")]),
        ({"came": "10.00", "fees": "-0.10"},
         [("payment", "0.10", "0.00", "0.00"), ("payment", "0.10", "0.00", "0.00")]),
        ({"went": "4.00", "fees": "0.10"}, [("payment", "0.00", "0.00", "14.00")]),
    ],
)  # fmt: skip
def test_what_was_changed_there_is_corrected_by_the_difference(run, again, now, booked_now):
    acme = make_client()
    later = again()
    for each, row in ((run, {"came": "10.00", "fees": "0.10"}), (later, now)):
        stage_client(each, 7)
        stage_money(each, 1, 7, **row, reference="ch_1", description="Invoice Payment")
        bring(each, c7=acme)
    assert booked(acme) == [("payment", "10.00", "0.10", "0.00"), *booked_now]
    assert "correction" in outcomes(later)[0][1]
    last = Transaction.objects.last()
    assert (last.date, last.reference) == (timezone.localdate(), "ch_1")
    assert last.note.startswith("Correction of row 1")
    third = again()
    stage_client(third, 7)
    stage_money(third, 1, 7, **now)
    bring(third, c7=acme)
    assert outcomes(third) == [("there", "")]
    sound()


def test_a_refund_of_what_came_before_names_it(run, again):
    acme = make_client()
    stage_client(run, 7)
    stage_money(run, 1, 7, "10.00")
    bring(run, c7=acme)
    later = again()
    stage_client(later, 7)
    stage_money(later, 1, 7, "10.00")
    stage_money(later, 2, 7, went="10.00", refund_of="1")
    stage_money(later, 3, 7, went="0.01", refund_of="1")
    bring(later, c7=acme)
    rows = list(Transaction.objects.order_by("pk"))
    assert [(row.kind, row.refund_of) for row in rows] == [
        ("payment", None), ("refund", rows[0]), ("payment", None),
    ]  # fmt: skip
    sound()


def test_a_client_that_is_gone_there_and_here_gets_its_money(run, again):
    acme = make_client()
    stage_client(run, 7)
    bring(run, c7=acme)
    later = again()
    stage_money(later, 1, 7, "5.00")
    bring(later)
    row = Transaction.objects.get()
    assert (row.client, row.client_number) == (acme, acme.number)
    sound()


def test_money_of_a_client_that_was_deleted_here_stays_away(run, again):
    ExternalReference.objects.create(client=None, source=run.source, external_id="7", system_import=run, kind="client")
    stage_client(run, 7, outcome="left out")
    stage_money(run, 1, 7, "5.00")
    bring(run)
    assert outcomes(run) == [("left out", "Its client was deleted here.")]
    assert not Transaction.objects.exists()


def test_money_of_an_imported_client_outlives_its_deletion(run):
    acme = make_client()
    stage_client(run, 7)
    stage_money(run, 1, 7, "10.00")
    stage_money(run, 2, 7, went="4.00", refund_of="1")
    bring(run, c7=acme)
    ExternalReference.objects.all().delete()
    delete_client(client=acme, by=make_staff())
    assert Transaction.objects.filter(client=None).count() == 2
    sound()


def test_money_of_2_batches_of_one_reference_gets_further_parts(run):
    acme, globex = make_client(), make_client("Globex")
    stage_client(run, 7)
    stage_client(run, 8)
    stage_money(run, 1, 7, "6.00", reference="same")
    stage_money(run, 2, 8, "6.00", reference="same")
    bring(run, c7=acme)
    bring(run, c8=globex)
    assert list(Transaction.objects.order_by("pk").values_list("part", flat=True)) == [1, 2]


def test_a_long_label_of_an_invoice_stands_whole_in_the_note(run):
    acme = make_client()
    invoice = import_invoice(acme, 20, label="F" * 120)
    stage_client(run, 7)
    stage_money(run, 1, 7, "15.00", invoice_source_id="5")
    bring(run, ("5", invoice), c7=acme)
    row = Transaction.objects.get()
    assert (row.invoice, row.invoice_label, row.note) == (invoice, "F" * 40, "For invoice " + "F" * 120)
