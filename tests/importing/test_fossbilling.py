"""FOSSBilling: its rows as they are staged, and its sums as it makes them itself."""

from decimal import Decimal

import pytest

from billing_admin.errors import BusinessError
from billing_admin.models import (
    STAGED,
    StagedClient,
    StagedContact,
    StagedCredit,
    StagedInvoice,
    StagedItem,
    StagedLine,
    StagedMoney,
    SystemImport,
)
from tests.fossbilling.dirty import ON
from tests.fossbilling.schema import NEW, OLD
from tests.fossbilling.source import SECRET, Source, make_source
from tests.whmcs.server import MariaDb

from .added_up import staged_sums, told_sums
from .fossbilling import dirty, load, read

pytestmark = pytest.mark.django_db
D = Decimal


def client_of(run: SystemImport, company: str) -> StagedClient:
    return StagedClient.objects.get(of=run, company_name=company)


@pytest.mark.parametrize("patch", [OLD, NEW])
def test_sums_are_those_of_the_staged_rows(server: MariaDb, patch: int):
    run = read(server, dirty(patch, clients=12))
    assert staged_sums(run) == told_sums(run)
    assert set(run.sums["balances"]) == {"USD", "EUR", "JPY"}
    assert run.version == {OLD: "0.5 or 0.6 (patch 42)", NEW: "0.8 (patch 106)"}[patch]
    assert run.identity == "FOSSBilling set up on 2023-01-02 03:04:05"


@pytest.mark.parametrize(("patch", "tax"), [(OLD, D("1.89")), (NEW, D("1.90"))])
def test_tax_is_rounded_as_that_version_rounds_it(server: MariaDb, patch: int, tax: Decimal):
    """Three pieces at 3.33 with 19 %: 0.63 each until 0.6; 1.90 of their sum since."""
    source = Source(patch=patch)
    client = source.client()
    source.paid(client, ON, [("Starter", 3, D("3.33"), True)], rate="19")
    run = read(server, source)
    invoice = StagedInvoice.objects.get(of=run)
    assert (invoice.subtotal, invoice.tax, invoice.total) == (D("9.99"), tax, D("9.99") + tax)
    assert (invoice.paid, invoice.credit, invoice.is_gross, invoice.tax_rate) == (invoice.total, 0, True, 19)
    line = StagedLine.objects.get(of=run)
    assert (line.amount, line.description, line.taxed) == (D("9.99"), "Starter (3 × 3.33)", True)


def test_a_client_is_mended_and_what_is_too_long_stands_beside(server: MariaDb):
    run = read(server, dirty())
    client = client_of(run, "Smith & Sons")
    assert (client.last_name, client.phone, client.language) == ("Müller", "+49 221 555", "pt_BR")
    assert client.texts == f"Postcode: {'9' * 30}\nCompany number: HRB 1"
    assert client.postcode == "9" * 20
    assert [word in client.changes for word in ("entities", "encoding", "longer")] == [True] * 3
    assert client_of(run, "Company 1").custom == {"2": "Gold"}
    assert run.facts["fields"] == [{"id": "2", "name": "Custom 2", "kind": "text", "options": []}]
    assert run.facts["groups"] == {"1": "Resellers", "2": "Staff & Friends"}


def test_who_bought_nothing_has_the_default_currency(server: MariaDb):
    run = read(server, dirty())
    client = client_of(run, "Nothing bought")
    assert (client.currency, client.created_on, client.status) == ("USD", None, "Active")
    assert "0000-00-00" in client.changes


def test_another_address_for_invoices_is_a_contact(server: MariaDb):
    run = read(server, make_source(clients=4))
    contact = StagedContact.objects.get(of=run)
    assert (contact.client_source_id, contact.email, contact.receives_invoices) == ("4", "bills4@example.com", True)


def test_money_for_an_unpaid_invoice_is_credit_and_no_payment(server: MariaDb):
    run = read(server, dirty())
    client = client_of(run, "Paid too little")
    invoice = StagedInvoice.objects.get(of=run, client_source_id=client.source_id)
    money = StagedMoney.objects.get(of=run, client_source_id=client.source_id)
    assert (invoice.status, invoice.paid, invoice.credit, client.balance) == ("Unpaid", 0, 0, 4)
    assert (money.invoice_source_id, money.amount_in) == ("", 4)
    assert "credit" in money.changes


def test_an_invoice_or_order_in_another_currency_is_not_its_clients(server: MariaDb):
    run = read(server, dirty())
    number = client_of(run, "Other currency").source_id
    owners = StagedInvoice.objects.filter(of=run, client_source_id__startswith=f"{number} ")
    assert [row.client_source_id for row in owners] == [f"{number} in EUR"]
    assert StagedItem.objects.get(of=run, description="In euro").client_source_id == f"{number} in EUR"
    assert "EUR" not in run.sums["invoices"]


def test_a_refund_names_the_payment_and_paid_credit_stays_none(server: MariaDb):
    run = read(server, dirty())
    number = client_of(run, "Given back").source_id
    came, went = StagedMoney.objects.filter(of=run, client_source_id=number).order_by("pk")
    assert (came.amount_in, went.amount_out, went.refund_of) == (10, 10, came.source_id)
    invoice, note = StagedInvoice.objects.filter(of=run, client_source_id=number).order_by("pk")
    assert (invoice.paid, invoice.credit) == (0, 0)
    assert (note.label, note.status, note.total) == ("CN-00001", "Refunded", -10)


def test_what_balance_paid_beyond_payments_was_credit(server: MariaDb):
    run = read(server, make_source(clients=1))
    by_credit = StagedInvoice.objects.get(of=run, total=9)
    assert (by_credit.status, by_credit.paid, by_credit.credit) == ("Paid", 0, 9)
    row = StagedCredit.objects.get(of=run, invoice_source_id=by_credit.source_id)
    assert row.amount == -9


def test_transactions_that_brought_nothing_are_zero_and_say_why(server: MariaDb):
    run = read(server, dirty(OLD))
    number = client_of(run, "Not money").source_id
    rows = StagedMoney.objects.filter(of=run, client_source_id=number).order_by("pk")
    assert [(row.amount_in, row.amount_out) for row in rows] == [(0, 0)] * 3
    words = ("“error”", "subscription_create", "“12,50” is no amount")
    assert [word in row.changes for word, row in zip(words, rows, strict=True)] == [True] * 3
    assert StagedInvoice.objects.get(of=run, client_source_id=number).cancelled_at is not None


def test_drafts_orders_and_periods_are_in_the_words_of_staged_rows(server: MariaDb):
    run = read(server, dirty(clients=6))
    assert StagedInvoice.objects.get(of=run, status="Draft").client_source_id == "6"
    number = client_of(run, "Odd orders").source_id
    orders = StagedItem.objects.filter(of=run, client_source_id=number).order_by("pk")
    assert [(order.cycle, order.status) for order in orders] == [
        ("1 weeks", "Active"), ("5 years", "Active"), ("One Time", "Active"), ("1 months", "Pending"),
        ("1 months", "Cancelled"), ("often", "Active"), ("1 months", "Not billed"),
    ]  # fmt: skip
    assert client_of(run, "Unknown words").status == "frozen"


def test_an_order_whose_next_invoice_is_there_is_due_after_it(server: MariaDb):
    run = read(server, make_source(clients=2))
    billed, not_yet = StagedItem.objects.filter(of=run).order_by("pk")
    assert (str(billed.next_due_on), str(not_yet.next_due_on)) == ("2027-01-05", "2026-12-05")
    assert (billed.quantity, billed.amount == StagedLine.objects.filter(of=run)[0].amount / 3) == (3, True)


def test_money_of_clients_that_are_gone_bears_their_name(server: MariaDb):
    run = read(server, dirty())
    gone = StagedMoney.objects.get(of=run, client_source_id="9999")
    assert gone.client_name == "Gone Ltd Ada Buyer 9999"
    assert StagedMoney.objects.get(of=run, client_source_id="").amount_in == 7


def test_no_secret_is_read(server: MariaDb):
    run = read(server, dirty())
    kept = [str(row) for model in STAGED for row in model._default_manager.filter(of=run).values()]
    assert len(kept) > 100
    assert not [row for row in [*kept, str(run.facts), str(run.sums)] if SECRET in row]


def test_one_without_a_column_says_which(server: MariaDb):
    name = load(server, Source())
    with server.connect(name) as session, session.cursor() as cursor:
        cursor.execute("ALTER TABLE client_balance DROP COLUMN rel_id")
    with pytest.raises(
        BusinessError, match=r"FOSSBilling 0\.8 \(patch 106\), and its table client_balance has no rel_id"
    ):
        read(server, name)


def test_what_is_no_fossbilling_is_refused(server: MariaDb):
    with server.connect() as session, session.cursor() as cursor:
        cursor.execute("CREATE DATABASE fossbilling_none; CREATE TABLE fossbilling_none.posts (id int)")
    with pytest.raises(
        BusinessError, match=r"it has no table setting and client_balance, but posts\. Nothing was read"
    ):
        read(server, "fossbilling_none")
    assert not SystemImport.objects.exists()
