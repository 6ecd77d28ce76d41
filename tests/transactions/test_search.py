"""What the Transactions list is searched by: invoices, and the names that rows of deleted clients bear."""

import datetime

import pytest
from django.db import connection

from clients.models.client_queryset import SearchTooBroad
from clients.services.delete.delete_client import delete_client
from tests.factories import make_client, make_invoice, usd
from transactions.models import PaymentMethod, Transaction
from transactions.selectors import lists
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)


def receive(client, *invoices, amount="5.00", **details):
    card = PaymentMethod.objects.get(name="Card")
    return receive_payment(
        client=client, amount=usd(amount), invoices=invoices, payment_method=card, on=DAY, by=None, **details
    ).transaction


def found(search: str, everybody: bool = True) -> list[int]:
    rows = Transaction.objects.filter(lists.transactions_matching(search, everybody=everybody, beside=True))
    return list(rows.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def books():
    """One payment of a client that is there and one of a client that was deleted, for an invoice each."""
    acme, gone = make_client("Acme Ltd", number=501), make_client("Ælfrić & Söhne", number=502)
    paid = receive(acme, make_invoice(acme, usd(5)))
    kept = receive(gone, make_invoice(gone, usd(5)))
    delete_client(client=gone, by=None)
    return paid.pk, kept.pk


@pytest.mark.parametrize("typed", ["söhne", "SOHNE", "aelfric", "ælfrić söhne", "502", "#502"])
def test_a_row_of_a_deleted_client_is_found_by_what_it_bears(books, typed):
    assert found(typed) == [books[1]]


def test_the_name_of_a_deleted_client_finds_others_who_bear_it_too(books):
    alike = make_client("Söhne und Töchter", number=503)
    row = receive(alike)
    assert found("söhne") == [books[1], row.pk]
    assert found("söhne nobody") == []


@pytest.mark.parametrize(
    ("typed", "which"),
    [("INV-000001", 0), ("inv 1", 0), ("000001", 0), ("1", 0), ("INV-000002", 1), ("inv-000002", 1)],
)
def test_a_row_is_found_by_the_number_of_its_invoice(books, typed, which):
    assert found(typed) == [books[which]]


def test_a_clients_own_list_is_searched_by_invoice_too(books):
    assert found("INV-000001", everybody=False) == [books[0]]
    assert found("acme", everybody=False) == []


def test_a_row_is_found_by_an_invoice_that_its_description_names(books):
    named = receive(None, description="inv-000001, with thanks")
    other = receive(None, description="for INV-0000012")
    typed = receive(None, description="see XY-77 of last year")
    assert found("INV-000001") == [books[0], named.pk]
    assert found("1") == [books[0], named.pk]
    assert found("inv-0000012") == [other.pk]
    assert found("xy-77") == [typed.pk]


def test_a_row_of_one_invoice_is_found_by_another_that_was_typed(books):
    acme = make_client("Initech")
    row = receive(acme, make_invoice(acme, usd(5)), description="INV-000003 and INV-000001")
    assert found("INV-000001") == [books[0], row.pk]
    assert found("INV-000003") == [row.pk]


def test_a_number_is_a_clients_and_an_invoices():
    acme, globex = make_client("Acme Ltd", number=501), make_client("Globex", number=1)
    by_invoice, by_client = receive(acme, make_invoice(acme, usd(5))), receive(globex)
    assert found("1") == [by_invoice.pk, by_client.pk]
    assert found("#1") == [by_client.pk]


def test_a_reference_does_not_hide_the_invoice_of_that_number(books):
    row = receive(None, reference="INV-000001/2026")
    assert found("INV-000001") == [books[0], row.pk]


def test_a_name_that_too_many_rows_bear_asks_for_more(books, monkeypatch):
    monkeypatch.setattr(lists, "ROWS_LOOKED_AT", 0)
    with pytest.raises(SearchTooBroad):
        found("söhne")


@pytest.mark.parametrize(
    ("typed", "indexes"),
    [
        ("söhne", {"transaction_of_client", "transaction_by_label"}),
        ("INV-000001", {"transaction_by_words", "transaction_by_invoice", "transaction_of_invoice"}),
    ],
)
def test_each_search_is_served_by_indexes(books, typed, indexes, django_assert_max_num_queries):
    receive(make_client("Söhne"))
    plans: list[str] = []

    def explain(execute, sql, params, many, context):
        if sql.startswith("SELECT") and "transactions_transaction" in sql:
            with connection.connection.cursor() as cursor:
                plans.extend(line for (line,) in cursor.execute(f"EXPLAIN {sql}", params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        for shortcut in ("seqscan", "indexscan", "indexonlyscan"):  # what pays for a handful of rows
            cursor.execute(f"SET LOCAL enable_{shortcut} = off")
    with connection.execute_wrapper(explain), django_assert_max_num_queries(8):
        assert found(typed)
    told = "\n".join(plans)
    assert {index for index in indexes if index in told} == indexes
    assert "Seq Scan on transactions_transaction" not in told
