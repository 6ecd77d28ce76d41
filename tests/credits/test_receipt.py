"""The receipt for money that became credit: what it says, and that it stays so."""

import datetime
import io

import pikepdf
import pytest

from billing_admin.documents import draw, press
from billing_admin.documents.press import NotDrawn
from clients.models import IssuedDocument
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from credits.documents.receipt import receipt_sheet
from credits.models import CreditGrant
from credits.services.apply import apply_credit
from credits.services.receipts import receipt_of
from invoices.services.company import save_company
from tests.billing_admin.documents.papers import tags_of, texts_of
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invoices.test_company import SQUARE
from tests.unchanged import nothing_changes, refused
from transactions.services.attach import attach_money
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 6, 10)


@pytest.fixture
def bank():
    return make_payment_method("Bank")


@pytest.fixture
def acme():
    return make_client("Acme Ltd", address_1="1 High St", city="London", country="GB")


def make_company(**more):
    fields = {"legal_name": "Hoster GmbH", "city": "Berlin", "country": "DE", "accounting_currency": "EUR", **more}
    return save_company(by=None, **fields)


def receive(amount, bank, **more):
    """The first row of the money."""
    return receive_payment(amount=usd(amount), payment_method=bank, by=None, on=DAY, **more).transaction


def credit_of(someone):
    return CreditGrant.objects.get(client_id=someone.pk)


def figures(grant):
    return [(row["label"], row["amount"].replace("\u00a0", " ")) for row in receipt_sheet(grant).data["totals"]]


def test_more_than_two_invoices_take_says_what_each_got(acme, bank):
    give_credit(acme, usd(7), "Downtime")
    invoices = [make_invoice(acme, usd(amount), credit_use="never") for amount in (30, 20)]
    receive(60, bank, invoices=invoices, reference="T1")
    kept = acme.credit_grants.get(kind="overpayment")
    assert figures(kept) == [
        ("Amount received", "60.00 USD"),
        ("Payment of INV-000001", "30.00 USD"),
        ("Payment of INV-000002", "20.00 USD"),
        ("Kept as account credit", "10.00 USD"),
        ("Credit balance", "17.00 USD"),
    ]


def test_money_that_was_attached_later_is_received_once(acme, bank):
    row = receive(60, bank)
    attach_money(transaction=row, client=acme, invoices=[make_invoice(acme, usd(50))], by=None)
    assert figures(credit_of(acme)) == [
        ("Amount received", "60.00 USD"),
        ("Payment of INV-000001", "50.00 USD"),
        ("Kept as account credit", "10.00 USD"),
        ("Credit balance", "10.00 USD"),
    ]
    assert ["Transaction", str(row.pk)] in receipt_sheet(credit_of(acme)).data["facts"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Receipt", "Received on 10 Jun 2026", "Payment method Bank", "Reference T1", "To Acme Ltd",
                "London United Kingdom", "Kept as account credit 1,060.00 USD", "Credit balance 1,060.00 USD"]),
        ("de", ["Quittung", "Eingegangen am 10.06.2026", "Zahlungsart Bank", "Referenz T1", "An Acme Ltd",
                "London Vereinigtes Königreich", "Als Guthaben gebucht 1.060,00 USD", "Guthabenstand 1.060,00 USD"]),
        ("fr", ["Reçu", "Reçu le 10 juin 2026", "Mode de paiement Bank", "Référence T1", "London Royaume-Uni",
                "Porté au crédit du compte", "Solde du crédit"]),
        ("es", ["Recibo", "Recibido el 10 jun 2026", "Forma de pago Bank", "Referencia T1", "London Reino Unido",
                "Abonado como crédito", "Saldo de crédito"]),
    ],
)  # fmt: skip
def test_it_is_in_the_clients_language(language, said, acme, bank):
    make_company(logo=SQUARE)
    edit_client(client=acme, language=language, by=None)
    receive(1060, bank, client=acme, reference="T1")
    (text,) = texts_of(draw(receipt_sheet(credit_of(acme))).content)
    assert [words for words in said if words not in text] == []


def test_it_is_tagged_and_names_its_standards(acme, bank):
    make_company()
    receive(60, bank, client=acme)
    with pikepdf.open(io.BytesIO(draw(receipt_sheet(credit_of(acme))).content)) as document:
        assert str(document.Root.Lang) == "en-DE"
        assert "/H1" in tags_of(document)
        with document.open_metadata() as marks:
            assert (marks["pdfaid:part"], marks["pdfaid:conformance"], marks["pdfuaid:part"]) == ("3", "B", "1")


def test_a_receipt_is_drawn_once_whatever_happens_after(acme, bank):
    make_company()
    receive(60, bank, client=acme)
    grant = credit_of(acme)
    first = receipt_of(grant)
    make_company(legal_name="Hoster AG")
    edit_client(client=acme, company_name="Acme Inc", language="de", by=None)
    apply_credit(invoice=make_invoice(acme, usd(9), credit_use="never"), amount=usd(9), by=None)
    with nothing_changes():
        again = receipt_of(grant)
    assert (again.pk, bytes(again.content)) == (first.pk, bytes(first.content))
    assert (first.name, first.client_id) == (f"receipt-{grant.transaction_id}.pdf", acme.pk)


def test_drawn_late_it_says_what_it_would_have_said_at_once(acme, bank):
    make_company()
    receive(60, bank, client=acme)
    grant = credit_of(acme)
    said = receipt_sheet(grant).data
    make_company(legal_name="Hoster AG", city="Hamburg")
    apply_credit(invoice=make_invoice(acme, usd(9), credit_use="never"), amount=usd(9), by=None)
    give_credit(acme, usd(5), "Downtime")
    receive(1, bank, client=acme)
    assert receipt_sheet(grant).data == said


def test_it_is_to_whom_the_money_was_booked_for(acme, bank):
    receive(60, bank, client=acme)
    edit_client(client=acme, company_name="Acme Inc", by=None)
    assert receipt_sheet(credit_of(acme)).data["buyer"] == {"name": "Acme Ltd", "address": ""}


def test_a_company_that_was_filled_in_later_is_the_first_one(acme, bank):
    receive(60, bank, client=acme)
    assert receipt_sheet(credit_of(acme)).data["seller"]["name"] == ""
    make_company(legal_name="First GmbH")
    make_company(legal_name="Second GmbH")
    assert receipt_sheet(credit_of(acme)).data["seller"]["name"] == "First GmbH"


def test_a_balance_of_accounts_merged_since_is_not_said(acme, bank):
    globex = make_client("Globex")
    give_credit(globex, usd(5), "Downtime")
    receive(60, bank, client=acme)
    paid = credit_of(acme)
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    assert "Credit balance" not in dict(figures(paid))
    receive(1, bank, client=acme, reference="T2")
    after = acme.credit_grants.get(transaction__reference="T2")
    assert dict(figures(after))["Credit balance"] == "66.00 USD"
    undo_merge(merge=merge, by=None)
    assert dict(figures(paid))["Credit balance"] == "60.00 USD"


def test_a_merge_takes_the_receipt_and_its_undo_gives_it_back(acme, bank):
    globex = make_client("Globex")
    for someone in (acme, globex):
        receive(60, bank, client=someone)
    before, since = credit_of(globex), credit_of(acme)
    kept = receipt_of(before)
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    kept.refresh_from_db()
    assert kept.client_id == acme.pk
    before.refresh_from_db()
    assert receipt_of(before).pk == kept.pk
    assert receipt_of(since).client_id == acme.pk
    there_again = undo_merge(merge=merge, by=None)
    kept.refresh_from_db()
    assert kept.client_id == there_again.pk
    assert [each.subject_id for each in acme.issued_documents.all()] == [since.pk]


def test_a_receipt_drawn_after_a_merge_goes_back_with_its_credit(acme, bank):
    globex = make_client("Globex")
    receive(60, bank, client=globex)
    grant = credit_of(globex)
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    grant.refresh_from_db()
    kept = receipt_of(grant)
    there_again = undo_merge(merge=merge, by=None)
    kept.refresh_from_db()
    assert kept.client_id == there_again.pk


def test_credit_that_is_no_money_received_has_none(acme, bank):
    given = give_credit(acme, usd(5), "Downtime")
    paid = receive(9, bank, invoices=[make_invoice(acme, usd(9), credit_use="never")])
    refund_payment(payment=paid, amount=usd(9), to="credit", by=None)
    for grant in (given, acme.credit_grants.get(kind="refund")):
        with refused("This credit is no money that came in; there is no receipt for it."):
            receipt_of(grant)


def test_what_cannot_be_drawn_is_not_kept(acme, bank, monkeypatch):
    receive(60, bank, client=acme)
    with monkeypatch.context() as hasty:
        hasty.setattr(press, "_SECONDS", 0.001)
        with nothing_changes(), pytest.raises(NotDrawn):
            receipt_of(credit_of(acme))
    receipt_of(credit_of(acme))
    assert IssuedDocument.objects.count() == 1
