"""What is taken out, changed, slipped in or moved behind the triggers is found by check_ledger, whoever did it how."""

import re

import pytest
from django.db import connection

from billing_admin.db.triggers import maintenance
from clients.models import Activity, Client
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditEntry, LedgerFinding
from credits.services.check import check_ledger
from credits.services.expire import expire_credit
from tests.clients.holders import TODAY, make_holder
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.raw_sql import triggers_off
from tests.unchanged import refused_by_database
from transactions.models import Transaction
from transactions.services.delete import delete_transactions
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

TABLES = {"credit entry": CreditEntry, "transaction": Transaction, "activity": Activity}
EVERY_TABLE = pytest.mark.parametrize("subject", TABLES)


@pytest.fixture
def acme() -> Client:
    """A client with one credit, one payment of an invoice, and what was done for them."""
    acme = make_client()
    invoice = make_invoice(acme, usd(30), credit_use="never")
    give_credit(acme, usd(5), "For the outage")
    receive_payment(
        invoices=[invoice], amount=usd(30), payment_method=make_payment_method(), by=None, description="Ann"
    )
    return acme


def sql(statement: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def newest(subject: str) -> int:
    return TABLES[subject]._default_manager.order_by("-pk").values_list("pk", flat=True)[0]


def findings() -> list[str]:
    """What a check says of rows that were written down, the digests left out."""
    check_ledger()
    return [
        re.sub(r"(as|is) [0-9a-f+]{6,}", r"\1", text).replace(" ,", ",")
        for text in LedgerFinding.objects.filter(invariant="I10").order_by("pk").values_list("text", flat=True)
    ]


def test_a_session_of_other_settings_finds_the_same(acme):
    for setting in ("DateStyle = 'German'", "TimeZone = 'Asia/Tokyo'", "bytea_output = 'escape'", "lc_numeric = 'C'"):
        sql(f"SET LOCAL {setting}")
    assert findings() == []


@EVERY_TABLE
def test_what_is_deleted_with_the_triggers_off_is_found(acme, subject):
    assert findings() == []
    gone = newest(subject)
    with triggers_off():
        sql(f"DELETE FROM {TABLES[subject]._meta.db_table} WHERE id = %s", gone)
    assert findings() == [f"I10: {subject} {gone} was written as, and is gone now"]


@pytest.mark.parametrize("subject", ["credit entry", "transaction"])
def test_what_is_deleted_in_the_name_of_a_deletion_is_found(acme, subject):
    gone = newest(subject)
    with maintenance("delete"):
        assert sql(f"DELETE FROM {TABLES[subject]._meta.db_table} WHERE id = %s", gone) == 1
    assert findings() == [f"I10: {subject} {gone} was written as, and is gone now"]


def test_a_whole_client_taken_out_by_hand_is_found(acme):
    with maintenance("delete"):
        rows = sum(sql(f"DELETE FROM {model._meta.db_table}") for model in (CreditEntry, Transaction))
    assert len(findings()) == rows > 1


@EVERY_TABLE
@pytest.mark.parametrize("how", ["the replica role", "triggers disabled"])
def test_what_is_changed_behind_the_triggers_is_found(acme, subject, how):
    table, changed = TABLES[subject]._meta.db_table, newest(subject)
    column = "summary" if subject == "activity" else "description"
    statement = f"UPDATE {table} SET {column} = 'Nothing to see here' WHERE id = %s"
    if how == "the replica role":
        with triggers_off():
            sql(statement, changed)
    else:
        connection.check_constraints()  # a table with checks still to come cannot be altered
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        sql(statement, changed)
        connection.check_constraints()
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert findings() == [f"I10: {subject} {changed} was written as, and is now"]


@EVERY_TABLE
def test_what_somebody_typed_is_among_what_is_found_changed(acme, subject):
    table, changed = TABLES[subject]._meta.db_table, newest(subject)
    with triggers_off():
        sql(f"UPDATE {table} SET note = 'Somebody else' WHERE id = %s", changed)
    assert findings() == [f"I10: {subject} {changed} was written as, and is now"]


@EVERY_TABLE
def test_a_row_that_is_slipped_in_is_found(acme, subject):
    model = TABLES[subject]
    row = model._default_manager.latest("pk")
    values = {
        field.attname: field.value_from_object(row) for field in model._meta.concrete_fields if field.name != "id"
    }
    with triggers_off():
        slipped = model(**values | ({"reference": "again", "part": 2} if subject == "transaction" else {}))
        slipped.save(force_insert=True)
    assert findings() == [f"I10: {subject} {slipped.pk} was written as nothing, and is now"]


@pytest.mark.parametrize("subject", ["transaction", "activity"])
def test_a_row_given_to_another_client_in_the_name_of_a_merge_is_found(acme, subject):
    globex = make_client("Globex")
    moved = Activity.objects.filter(client=acme).first() if subject == "activity" else Transaction.objects.get()
    with maintenance("merge"):
        sql(f"UPDATE {moved._meta.db_table} SET client_id = %s WHERE id = %s", globex.pk, moved.pk)
    assert findings() == [
        f"I10: {subject} {moved.pk} was written for client {acme.number}, but is client {globex.number}’s now"
    ]


def test_a_merge_its_undo_and_a_deletion_leave_nothing_to_be_found(acme):
    globex, initech = make_holder("Globex Inc"), make_holder("Initech")
    for kept, discarded in ((acme, globex), (acme, initech)):
        merge = merge_clients(kept=kept, discarded=discarded, by=None)
    assert findings() == []
    expire_credit(as_of=TODAY.replace(year=TODAY.year + 9), by=None)
    restored = undo_merge(merge=merge, by=None)
    assert findings() == []
    delete_client(client=restored, by=None)
    delete_client(client=acme, by=None, with_transactions=True)
    assert findings() == []


def test_a_transaction_deleted_by_who_may_leaves_nothing_to_be_found(acme):
    money = receive_payment(client=None, amount=usd(5), payment_method=make_payment_method("Till"), by=None).transaction
    delete_transactions(client=money.client, chosen=[money.pk], by=None)
    assert not Transaction.objects.filter(pk=money.pk).exists()
    assert findings() == []


@pytest.mark.parametrize("table", ["billing_admin_writtenrows", "billing_admin_deletedrows"])
def test_what_was_written_down_is_never_changed_or_deleted(acme, table):
    make_holder("Gone Ltd")
    delete_client(client=Client.objects.latest("pk"), by=None)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET row_ids = '{{}}'"):
        with refused_by_database("What was written and deleted stays as it was noted."), maintenance("delete"):
            sql(statement)


ACTIVITY_STAYS = {
    "verb = 'nothing.done'": "What was done stays as it was written down.",
    "summary = 'Nothing'": "What was done stays as it was written down.",
    "actor_name = 'Somebody else'": "What was done stays as it was written down.",
    "at = now() - interval '1 year'": "What was done stays as it was written down.",
    "data = '{\"amount\": 1}'": "What was done stays as it was written down.",
    "note = 'Nothing'": "A note stays as it was written; only a client's deletion empties it.",
    "client_id = NULL": "Activity moves to another client only by a merge.",
}


@pytest.mark.parametrize("change", ACTIVITY_STAYS)
def test_activity_is_never_rewritten(acme, change):
    with refused_by_database(ACTIVITY_STAYS[change]):
        sql(f"UPDATE clients_activity SET {change}")


@pytest.mark.parametrize("kind", ["merge", "delete"])
def test_neither_a_merge_nor_a_deletion_may_rewrite_activity(acme, kind):
    for change in ("verb = 'x'", "summary = 'x'", "actor_name = 'x'", "at = now()", "data = '{}'", "note = 'x'"):
        with refused_by_database(ACTIVITY_STAYS.get(change, "stays as it was")), maintenance(kind):
            sql(f"UPDATE clients_activity SET {change}")


def test_activity_is_never_deleted():
    make_client()
    for allow in ("", "merge", "delete"):
        with refused_by_database("Activity is never deleted; it outlives its client."):
            sql("SELECT set_config('billing_admin.maintenance', %s, true)", allow)
            sql("DELETE FROM clients_activity")
