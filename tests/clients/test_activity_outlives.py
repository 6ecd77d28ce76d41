"""What was done for a client outlives it: who, what and when stay and are proved; what is personal is gone for good."""

import datetime

import pytest
from django.db import connection

from billing_admin.db.triggers import maintenance
from billing_admin.home.selectors import recent_activity
from clients.models import Activity, ActivitySeal, Client, ClientDeletion
from clients.models.activity import EMPTIED
from clients.selectors.summary import with_former_owners
from clients.services.contacts import add_contact
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from credits.services.check import check_ledger, verify_activity
from credits.services.remove import remove_credit
from credits.services.transfer import transfer_credit
from tests.clients.holders import make_holder
from tests.clients.test_leaving_no_trace import PERSONAL
from tests.dumped import lines_with
from tests.factories import give_credit, make_client, make_staff, usd
from tests.unchanged import refused_by_database

pytestmark = pytest.mark.django_db


def seal() -> None:
    assert verify_activity() == []


def assert_in_order() -> None:
    assert [finding.text for finding in check_ledger().findings.all()] == []
    assert verify_activity() == []


def personal_client() -> Client:
    """A client in whose activity its name, address and phone stand in every way."""
    acme = make_client("Acme Ltd", **PERSONAL)
    give_credit(acme, usd(5), "For Mariella Kellermann")
    edit_client(client=acme, by=None, phone="0441 999")
    edit_client(client=acme, by=None, phone=PERSONAL["phone"])
    add_contact(client=acme, by=None, first_name="Mariella", last_name="Kellermann", email="mk@acme.example")
    return acme


@pytest.mark.parametrize("sealed_before", [True, False])
def test_rows_of_a_deleted_client_stay_without_what_is_personal(sealed_before):
    ann, acme = make_staff(username="ann"), personal_client()
    if sealed_before:
        seal()
    before = list(Activity.objects.filter(client=acme).order_by("pk").values_list("pk", "verb", "actor_name", "at"))
    delete_client(client=acme, by=ann)
    rows = Activity.objects.filter(client_id=acme.pk).order_by("pk")
    assert list(rows.values_list("pk", "verb", "actor_name", "at")) == before
    assert lines_with("Acme Ltd", "Mariella", "0441 999", "mk@acme.example", *PERSONAL.values()) == []
    assert [row.words for row in rows if row.verb in ("client.opened", "credit.added")] == [
        EMPTIED, "Credit of 5.00 USD added",
    ]  # fmt: skip
    assert_in_order()


def test_a_row_of_a_deleted_client_still_says_by_number_whose_it_was():
    acme = make_client()
    deletion = delete_client(client=acme, by=None)
    assert (deletion.client_key, ClientDeletion.objects.get().client_key) == (acme.pk, acme.pk)
    rows = with_former_owners(list(recent_activity(make_staff())))
    assert [(row.verb, row.client, row.of_number) for row in rows] == [
        ("client.deleted", None, None), ("client.opened", None, acme.number),
    ]  # fmt: skip


def test_what_another_clients_rows_said_of_it_is_emptied_and_proved():
    acme, globex = make_client("Acme Ltd", **PERSONAL), make_client("Globex")
    give_credit(acme, usd(9))
    transfer_credit(source=acme, target=globex, amount=usd(3), by=None, reason="Gundula asked")
    give_credit(globex, usd(5), "As for Acme Ltd")
    remove_credit(client=globex, amount=usd(1), description="Acme Ltd again", by=None)
    seal()
    delete_client(client=acme, by=None)
    assert lines_with("Gundula", "Acme Ltd") == []
    assert Activity.objects.filter(client=globex, salt=None, personal__isnull=False).count() == 3
    assert_in_order()


def test_merges_their_undo_and_deletions_leave_a_chain_that_verifies():
    acme, globex, initech = make_holder(), make_holder("Globex Inc"), make_holder("Initech")
    seal()
    merge_clients(kept=acme, discarded=globex, by=None)
    seal()
    done = merge_clients(kept=acme, discarded=initech, by=None, choices=Choices(frozenset(["phone"])))
    edit_client(client=Client.objects.get(pk=acme.pk), by=None, phone="0441 777")
    seal()
    restored = undo_merge(merge=done, by=None)
    assert Activity.objects.get(verb="client.edited").data == {}
    assert_in_order()
    merge_clients(kept=restored, discarded=acme, by=None)
    assert_in_order()
    delete_client(client=restored, by=None)
    assert_in_order()


def test_nothing_is_emptied_in_the_name_of_a_deletion_unseen():
    acme = personal_client()
    seal()
    with maintenance("delete"):
        Activity.objects.empty("client_id = %(client)s", {"client": acme.pk})
    assert len(verify_activity()) == 6  # the list of them, and each of them


def test_a_salt_is_not_taken_without_what_it_salts():
    personal_client()
    with refused_by_database("What was done stays as it was written down."), connection.cursor() as cursor:
        cursor.execute("UPDATE clients_activity SET salt = NULL")


def test_a_row_that_was_emptied_and_is_gone_is_named():
    acme = make_client()
    seal()
    delete_client(client=acme, by=None)
    pk = Activity.objects.get(client_id=acme.pk).pk
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM clients_activity WHERE id = %s", [pk])
        cursor.execute("SET session_replication_role = origin")
    told = verify_activity()
    assert [sentence.partition(". It stood")[0] for sentence in told] == [
        f"I12: activity {pk} is gone",
        f"I12: activity {pk} was emptied with a client, and is gone since",
    ]


def test_a_person_who_did_something_is_not_deleted():
    ann = make_staff(username="ann")
    delete_client(client=make_client(), by=ann)
    with pytest.raises(Exception, match="protected foreign keys"):
        ann.delete()


def test_only_what_was_sealed_since_a_day_is_verified(time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC))
    acme = make_client()
    seal()
    time_machine.move_to(datetime.datetime(2026, 3, 9, 12, tzinfo=datetime.UTC))
    give_credit(acme, usd(5))
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE clients_activity SET actor_name = 'x'")
        cursor.execute(
            "INSERT INTO clients_activity (actor_name, verb, summary, data, at) VALUES ('', 'x', '', '{}', now())"
        )
        cursor.execute("SET session_replication_role = origin")
    assert len(verify_activity()) == 3
    assert len(verify_activity(since=datetime.date(2026, 3, 9))) == 2
    assert len(verify_activity(since=datetime.date(2026, 3, 10))) == 1
    assert ActivitySeal.objects.count() == 2
