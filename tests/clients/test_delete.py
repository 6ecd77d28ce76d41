"""Deleting a client: everything goes but the transactions, and nothing personal is left behind."""

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from clients.models import Activity, Client, ClientDeletion, Contact
from clients.selectors.deletion import deletion_preview
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from credits.services.bulk.preview import preview_credit_file
from credits.services.check import check_ledger
from tests.clients.holders import make_holder
from tests.clients.relations import counts_of, counts_of_all, models_with_rows_of_clients
from tests.dumped import lines_with
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.unchanged import nothing_changes, refused, refused_by_database
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def delete(client: Client, **options) -> ClientDeletion:
    deletion = delete_client(client=client, by=None, **options)
    connection.check_constraints()
    return deletion


def assert_ledger_in_order() -> None:
    """All invariants; invoice numbers have a gap where a client went."""
    assert [finding.text for finding in check_ledger().findings.all()] == []


def test_every_row_goes_but_the_transactions():
    globex = make_holder("Globex Inc")
    others = counts_of_all()
    acme = make_holder()
    delete(acme)
    left_of_acme = counts_of(acme)
    assert left_of_acme.pop("clients_activity.client_id") == 31  # without what is personal in it
    assert set(left_of_acme.values()) == {0}
    left = counts_of_all()
    assert left.pop("transactions_transaction") == others.pop("transactions_transaction") + 3
    # The neighbour that got a credit from Acme keeps it, and one row says that a client was deleted.
    extra = {
        "clients_activity": 36, "credits_creditaccount": 1, "credits_creditgrant": 1, "credits_creditentry": 1,
        "clients_mailboxmail": -1,  # in what is encoded for mail no search finds a name: the mailbox is emptied
    }  # fmt: skip
    assert left == {table: number + extra.get(table, 0) for table, number in others.items()}
    assert set(Client.objects.values_list("company_name", flat=True)) == {
        "Globex Inc", f"Neighbour {globex.number}", f"Neighbour {acme.number}",
    }  # fmt: skip
    assert counts_of(globex)["invoices_invoice.client_id"] == 6
    assert_ledger_in_order()


def test_transactions_stay_as_they_were_under_their_label():
    acme = make_holder()
    figures = ("pk", "date", "currency", "amount_in", "fees", "amount_out", "reference", "part", "payment_method")
    before = list(Transaction.objects.order_by("pk").values_list(*figures))
    by_day = list(Transaction.objects.values_list("date", "currency").annotate(Sum("amount_in")).order_by("date"))
    delete(acme)
    assert list(Transaction.objects.order_by("pk").values_list(*figures)) == before
    assert (
        list(Transaction.objects.values_list("date", "currency").annotate(Sum("amount_in")).order_by("date")) == by_day
    )
    assert set(Transaction.objects.values_list("client", "client_number", "client_name", "invoice")) == {
        (None, acme.number, "Acme Ltd", None)
    }


def test_a_transaction_still_says_which_invoice_it_was_for():
    acme = make_client()
    invoice = make_invoice(acme, usd(10))
    receive_payment(invoices=[invoice], amount=usd(12), payment_method=make_payment_method(), by=None)
    delete(acme)
    assert list(Transaction.objects.order_by("part").values_list("invoice_label", "description")) == [
        (invoice.label, f"Payment of {invoice.label}"),
        ("", f"Overpayment of {invoice.label}"),
    ]


@pytest.mark.parametrize(
    "typed", ["Paid by Mariella Kellermann", "Payment of 0446681800", "Payment of maria@example.com", "Refund of X-1"]
)
def test_what_somebody_typed_goes_and_our_words_stay(typed):
    acme = make_client()
    invoice = make_invoice(acme, usd(10))
    receive_payment(
        invoices=[invoice], amount=usd(10), payment_method=make_payment_method(), by=None, description=typed
    )
    delete(acme)
    left = Transaction.objects.get()
    assert (left.note, left.description) == ("", f"Payment of {invoice.label}")


def test_a_payment_of_a_client_that_is_gone_still_counts_once():
    acme, globex = make_client(), make_client("Globex")
    bank = make_payment_method()
    receive_payment(
        invoices=[make_invoice(acme, usd(10))], amount=usd(10), payment_method=bank, by=None, reference="R-1"
    )
    delete(acme)
    with refused_by_database("payment_reference_once_per_method"):
        Transaction.objects.create(
            client=globex, client_number=globex.number, date="2030-01-01", payment_method=bank, reference="R-1",
            currency="USD", amount_in=10,
        )  # fmt: skip


def test_with_transactions_they_go_too_and_the_record_says_so():
    acme, globex = make_holder(), make_holder("Globex Inc")
    deletion = delete(acme, with_transactions=True)
    assert set(Transaction.objects.values_list("client", flat=True)) == {globex.pk}
    assert deletion.transactions_kept is False
    assert Activity.objects.get(verb="client.deleted").summary == (
        f"Client {acme.number} deleted; 3 transactions deleted too"
    )
    assert_ledger_in_order()


def test_the_record_has_counts_and_totals_and_who_but_nothing_personal():
    ann = make_staff(username="ann")
    acme = make_holder()
    deletion = delete_client(client=acme, by=ann)
    assert (deletion.number, deletion.deleted_by, deletion.deleted_by_name) == (acme.number, ann, "ann")
    assert deletion.counts["invoices"] == 6
    assert deletion.totals["USD"]["due"] == "60"
    activity = Activity.objects.get(verb="client.deleted")
    assert (activity.client, activity.actor_name) == (None, "ann")
    assert activity.summary == f"Client {acme.number} deleted; 3 transactions kept"


# ── The number ──


def test_the_number_and_those_merged_into_it_are_never_given_again():
    acme, globex = make_client(), make_client("Globex")
    merge_clients(kept=acme, discarded=globex, by=None)
    delete(acme)
    assert list(ClientDeletion.objects.order_by("number").values_list("number", "merged_into")) == [
        (acme.number, None), (globex.number, acme.number),
    ]  # fmt: skip
    for number in (acme.number, globex.number):
        with refused_by_database("This client number belonged to a client that was merged or deleted."):
            Client.objects.create(number=number, company_name="New", currency="USD")


def test_the_page_of_a_deleted_client_says_that_it_was(client):
    client.force_login(make_staff())
    acme, globex = make_client(), make_client("Globex")
    merge_clients(kept=acme, discarded=globex, by=None)
    deletion = delete_client(client=acme, by=make_staff(username="ann"))
    day = f"{deletion.deleted_at:%-d %b %Y}"
    said = client.get(f"/clients/{acme.number}/")
    assert said.status_code == 404
    assert f"Client {acme.number} was deleted on {day} by ann." in said.content.decode()
    assert f"Client {globex.number} was merged into client {acme.number}, which was deleted on {day} by ann." in (
        client.get(f"/clients/{globex.number}/").content.decode()
    )


def test_twice_is_refused_the_second_time():
    acme = make_client()
    delete(acme)
    with refused(f"Client {acme.number} was deleted already by System; nothing was done."):
        delete_client(client=acme, by=None)


def test_a_client_that_was_merged_away_meanwhile_is_not_deleted():
    acme, globex = make_client(), make_client("Globex")
    merge_clients(kept=acme, discarded=globex, by=None)
    with refused("This client was deleted or merged meanwhile; nothing was done. Look it up again."):
        delete_client(client=globex, by=None)


# ── The preview ──


def test_the_preview_says_what_goes_what_stays_and_what_to_think_of():
    acme = make_holder()
    with nothing_changes():
        preview = deletion_preview(acme)
    going = dict(preview.going())
    assert (going["invoices"], going["notes"], going["contacts"], going["earlier merges"]) == (6, 2, 1, 1)
    assert "transactions" not in going
    assert dict(preview.going(with_transactions=True))["transactions"] == preview.transactions == 3
    assert preview.money_in == "29.00 USD in, 0.30 USD in fees"
    assert preview.warnings == [
        "12.50 EUR, 6.00 USD of credit is left and goes with the client.",
        "1 invoice is unpaid: 60.00 USD is still due and would be forgotten.",
        "1 billable item would have been billed again.",
    ]


def test_a_client_with_nothing_gives_no_second_thoughts():
    preview = deletion_preview(make_client())
    assert (preview.warnings, preview.going(), preview.transactions, preview.money_in) == (
        [], [], 0, "",
    )  # fmt: skip
    assert preview.activities == 1


def test_what_the_preview_counts_is_what_goes():
    acme = make_holder()
    assert deletion_preview(acme).has.counts == delete(acme).counts


# ── How ──


def statements_of_a_deletion(rows: int) -> int:
    acme = make_client()
    for number in range(rows):
        invoice = make_invoice(acme, usd(1), credit_use="never")
        receive_payment(invoices=[invoice], amount=usd(3), payment_method=make_payment_method(), by=None)
        give_credit(acme, usd(5))
        Contact.objects.create(client=acme, email=f"c{number}@example.com")
        merge_clients(kept=acme, discarded=make_client("Branch"), by=None)
    with CaptureQueriesContext(connection) as queries:
        delete(acme)
    return len(queries)


def test_as_many_statements_for_twenty_rows_as_for_one():
    assert statements_of_a_deletion(1) == statements_of_a_deletion(20)


@pytest.mark.parametrize(
    ("table", "guard"),
    [
        ("credits_creditgrant", "A grant is never deleted; take its rest back."),
        ("credits_creditentry", "The ledger is append-only; entries go only with their client."),
        ("transactions_transaction", "A transaction is never deleted; reverse it."),
    ],
)
def test_the_triggers_stand_again_after_a_deletion(table, guard):
    acme = make_holder()
    delete(make_holder("Globex Inc"))
    with refused_by_database(guard), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE client_id = %s", [acme.pk])


def test_every_table_with_rows_of_clients_is_one_that_this_file_looks_at():
    acme = make_holder()
    counts = counts_of(acme)
    assert {f"{model._meta.db_table}" for model in models_with_rows_of_clients()} - {
        column.partition(".")[0] for column in counts
    } == {"clients_mergedrows"}


def test_rows_of_a_credit_file_that_is_not_booked_yet_go_too():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    rows = "".join(f"{each.number},5,USD,Downtime of {each.name}\n" for each in (acme, globex))
    batch = preview_credit_file(
        path="credit.csv", content=f"Client ID,Amount,Currency,Description\n{rows}".encode(), by=None
    )
    delete(acme)
    assert [row.client_number for row in batch.rows.all()] == [globex.number]
    assert lines_with("Downtime of Acme") == []
