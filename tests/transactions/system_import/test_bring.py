"""Money of another system comes as it moved there, to the cent, with all that it said."""

import datetime

import pytest

from billing_admin.models import StagedInvoice
from clients.models import Activity, ExternalReference
from tests.factories import make_client
from tests.imported import import_invoice
from tests.staged import stage
from transactions.models import PaymentMethod, Transaction

from .conftest import booked, bring, outcomes, sound, stage_client, stage_money

pytestmark = pytest.mark.django_db


def test_a_payment_comes_with_its_day_method_and_words(run):
    acme = make_client()
    stage_client(run, 7)
    stage_money(run, 1, 7, "10.00", fees="0.59", reference="ch_1", description="Invoice Payment")
    bring(run, c7=acme)
    row = Transaction.objects.get()
    assert booked(acme) == [("payment", "10.00", "0.59", "0.00")]
    assert (row.date, row.payment_method.name, row.reference) == (datetime.date(2026, 5, 7), "Credit Card", "ch_1")
    assert (row.description, row.note, row.created_by_name) == (
        "Imported from WHMCS", "Invoice Payment", "Import of WHMCS",
    )  # fmt: skip
    assert (row.client_number, row.client_name) == (acme.number, acme.name)
    assert outcomes(run) == [("", "")]
    reference = ExternalReference.objects.get(kind="money")
    assert (reference.row_id, reference.client, reference.part) == (row.pk, acme, 0)
    assert Activity.objects.get(verb="payment_method.added").summary == "Payment method Credit Card added"
    sound()


@pytest.mark.parametrize(
    ("row", "becomes", "outcome", "word"),
    [
        ({"came": "20.00", "went": "5.00"},
         [("payment", "20.00", "0.00", "0.00"), ("payment", "0.00", "0.00", "5.00")], "", "both"),
        ({"came": "-3.00"}, [("payment", "0.00", "0.00", "3.00")], "", "below zero"),
        ({"came": "9.00", "fees": "-0.40"},
         [("payment", "9.00", "0.00", "0.00"), ("payment", "0.40", "0.00", "0.00")], "", "fee"),
        ({"fees": "0.40"}, [("payment", "0.00", "0.40", "0.00")], "", ""),
        ({}, [], "left out", "zero"),
        ({"came": "2.00", "gateway": "liberty"}, [], "asks", "gateway"),
        ({"came": "2.00", "currency": "97"}, [], "asks", "currency"),
        ({"came": "2.00", "at": None}, [("payment", "2.00", "0.00", "0.00")], "", "date"),
        ({"came": "2.00", "at": "2031-01-04T08:00:00Z"}, [("payment", "2.00", "0.00", "0.00")], "", "date"),
        ({"came": "2.00", "invoice_source_id": "900"}, [("payment", "2.00", "0.00", "0.00")], "", "invoice"),
    ],
)  # fmt: skip
def test_what_is_odd_comes_and_is_said(run, row, becomes, outcome, word):
    acme = make_client()
    stage_client(run, 7, created_on="2024-02-01")
    stage_money(run, 1, 7, **row)
    bring(run, c7=acme)
    assert booked(acme) == becomes
    ((found, why),) = outcomes(run)
    assert found == outcome
    assert word in why
    assert bool(why) == bool(word)
    sound()


def test_decimals_that_the_currency_has_not_are_rounded_and_kept(run):
    hana = make_client(currency="JPY")
    stage_client(run, 7, currency="3")
    stage_money(run, 1, 7, "1000.50", fees="30.25")
    bring(run, c7=hana)
    assert booked(hana) == [("payment", "1001", "30", "0")]
    assert "in 1000.5, fees 30.25, out 0" in Transaction.objects.get().note
    assert "decimals" in outcomes(run)[0][1]


def test_a_currency_unlike_the_clients_stays_its_own(run):
    acme = make_client()
    invoice = import_invoice(acme, 10)
    stage_client(run, 7)
    stage(run, StagedInvoice, 5, 7, label="2024-0001")
    stage_money(run, 1, 7, "10.00", currency="2", invoice_source_id="5")
    bring(run, ("5", invoice), c7=acme)
    row = Transaction.objects.get()
    assert (row.currency, row.invoice) == ("EUR", None)
    assert "For invoice 2024-0001 there." in row.note
    assert "invoice" in outcomes(run)[0][1]
    sound()


def test_a_reference_that_stands_twice_is_kept_as_a_further_part(run):
    acme = make_client()
    stage_client(run, 7)
    for place in (1, 2, 3):
        stage_money(run, place, 7, "6.00", reference="same")
    stage_money(run, 4, 7, "6.00", reference="t" * 255)
    bring(run, c7=acme)
    rows = list(Transaction.objects.order_by("pk").values_list("reference", "part"))
    assert rows == [("same", 1), ("same", 2), ("same", 3), ("t" * 200, 1)]
    assert [("reference" in why) for _, why in outcomes(run)] == [False, True, True, True]
    assert "t" * 255 in Transaction.objects.last().note
    sound()


def test_a_refund_names_what_it_gives_back(run):
    acme, globex = make_client(), make_client("Globex")
    stage_client(run, 7)
    stage_client(run, 8)
    stage_money(run, 1, 7, "10.00")
    stage_money(run, 2, 7, went="4.00", refund_of="1")
    stage_money(run, 3, 7, went="6.01", refund_of="1")
    stage_money(run, 4, 8, went="1.00", refund_of="1")
    stage_money(run, 5, 7, went="1.00", refund_of="900")
    bring(run, c7=acme, c8=globex)
    rows = list(Transaction.objects.order_by("pk"))
    assert [row.kind for row in rows] == ["payment", "refund", "payment", "payment", "payment"]
    assert rows[1].refund_of == rows[0]
    assert ["refund" in why for _, why in outcomes(run)] == [False, False, True, True, True]
    assert rows[4].note == "It gives back money of row 900 there."
    sound()


@pytest.mark.parametrize(("answer", "outcome"), [("", "asks"), ("leave out", "left out"), ("bring", "")])
def test_money_of_nobody_is_decided_by_staff(run, answer, outcome):
    if answer:
        run.answers["money of nobody"] = answer
        run.save()
    stage_money(run, 1, "", "12.00", currency="1")
    bring(run)
    assert outcomes(run)[0][0] == outcome
    assert booked(None) == ([("payment", "12.00", "0.00", "0.00")] if answer == "bring" else [])
    assert all(row.is_unattached for row in Transaction.objects.all())
    sound()


def test_money_of_a_client_that_is_gone_is_kept(run):
    acme = make_client()
    taken, free = acme.number, acme.number + 40
    for place, number in enumerate((taken, free, free, "cus_9"), 1):
        stage_money(run, place, number, "5.00", client_name="Ada Gone", invoice_source_id="12", currency="1")
    bring(run)
    rows = list(Transaction.objects.order_by("pk"))
    assert {row.client for row in rows} == {None}
    assert [row.client_number for row in rows[1:3]] == [free, free]
    assert len({acme.number, free, rows[0].client_number, rows[3].client_number}) == 4
    assert [row.client_name for row in rows] == ["Ada Gone"] * 4
    assert rows[1].invoice_label == "12"
    assert f"Of client {taken} there." in rows[0].note
    assert "Of client" not in rows[1].note
    assert make_client("Later").number > free
    assert all("client" in why for _, why in outcomes(run))
    sound()


def test_money_of_a_client_that_is_left_out_is_kept_too(run):
    stage_client(run, 77, outcome="left out")
    stage_client(run, 78, outcome="asks")
    stage_money(run, 1, 77, "5.00")
    stage_money(run, 2, 78, "5.00")
    bring(run)
    assert [(row.client_number, row.client_name) for row in Transaction.objects.all()] == [(77, "Client 77 of WHMCS")]
    assert [outcome for outcome, _ in outcomes(run)] == ["", "asks"]


def test_staff_say_which_method_a_gateway_is(run):
    cash, methods = PaymentMethod.objects.get(name="Cash"), PaymentMethod.objects.count()
    run.answers["method:liberty"] = "cash"
    run.save()
    acme = make_client()
    stage_client(run, 7)
    stage_money(run, 1, 7, "5.00", gateway="liberty")
    bring(run, c7=acme)
    assert Transaction.objects.get().payment_method == cash
    assert PaymentMethod.objects.count() == methods
