"""Whoever owns the tables tries to hide what was done: what is found, and the columns that nothing watches."""

import datetime

import pytest
from django.db import connection

from billing_admin.models import DeletedRows
from clients.models import Activity, Client, ClientMerge, MergedRows
from clients.services.account_activity import look_at_activity
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from clients.services.sign_off import sign_off_activity
from credits.services.check import check_ledger, verify_activity
from tests.factories import give_credit, make_client, make_staff, usd
from tests.raw_sql import triggers_off
from tests.unchanged import taken_back

pytestmark = pytest.mark.django_db

TABLES = (
    "clients_activity", "clients_activityseal", "clients_activitysignoff", "clients_unsealed", "clients_mergedrows",
    "billing_admin_writtenrows", "billing_admin_deletedrows",
)  # fmt: skip

# What may be changed unseen, as docs/decisions/0020 says.
UNWATCHED = {
    # Of when a seal was made the day is in its link.
    "clients_activityseal.at",
    # Nothing refers to them: which rows, and what they were, is what counts.
    "billing_admin_writtenrows.id", "billing_admin_deletedrows.id", "billing_admin_deletedrows.at",
    "clients_mergedrows.id",
}  # fmt: skip

OTHER = {
    "bigint": "{} + 1000000", "integer": "{} + 1", "text": "{} || 'x'", "character varying": "left({}, 40) || 'x'",
    "timestamp with time zone": "{} - interval '90 minutes'", "date": "{} - 1", "bytea": "sha256({})",
    "jsonb": "{} || '{{\"other\": 1}}'", "ARRAY": "array_append({}[2:], {}[1] + 1000000)", "inet": "{} + 1",
}  # fmt: skip


def sql(statement: str, *parameters: object) -> None:
    """Run it as the owner of the tables, who can switch the triggers off."""
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def found() -> list[str]:
    """All that the check says."""
    return [finding.text for finding in check_ledger().findings.all()]


def columns() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = ANY(%s) ORDER BY 1, ordinal_position",
            [list(TABLES)],
        )
        return cursor.fetchall()


@pytest.fixture
def everything() -> Client:
    """Rows in each of the tables: sealed, signed off, emptied with a client, moved by a merge, still to be sealed."""
    ann = make_staff(username="ann")
    with connection.cursor() as cursor:
        cursor.execute("""SET LOCAL billing_admin.source = '{"command": "a_test"}'""")
    acme, globex, initech = make_client(), make_client("Globex"), make_client("Initech")
    give_credit(acme, usd(5), "For the outage")
    give_credit(globex, usd(5), "For the flood")
    edit_client(client=acme, by=ann, phone="555 1234")
    merge_clients(kept=acme, discarded=globex, by=ann)
    delete_client(client=initech, by=ann)
    sign_off_activity()
    look_at_activity(by=ann)
    sign_off_activity()
    assert found() == []
    give_credit(acme, usd(6), "For the fire")
    return acme


def test_every_column_is_watched_but_those_that_are_known(everything):
    unseen = set()
    for table, column, kind in columns():
        with taken_back():
            # Of the first row that has something there: of a table of several kinds, of those that are activities.
            where = f"ctid = (SELECT ctid FROM {table} WHERE {column} IS NOT NULL ORDER BY 1 LIMIT 1)"
            if table == "billing_admin_writtenrows":
                where = f"id = (SELECT min(id) FROM {table} WHERE table_name = 'clients_activity'" + (
                    " AND array_remove(typed, NULL) <> '{}')" if column == "typed" else ")"
                )
            with triggers_off(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {column} = {OTHER[kind].format(column, column)} WHERE {where}")
                assert cursor.rowcount == 1, f"No {table}.{column} is there"
            if not found():
                unseen.add(f"{table}.{column}")
    assert unseen == UNWATCHED


def test_a_row_given_to_another_client_with_its_trace_is_named(everything):
    """Both clients are there, and both places say the same now."""
    other = make_client("Umbrella")
    assert found() == []
    moved = Activity.objects.get(summary__contains="5.00", client=everything, note="For the outage").pk
    sql("UPDATE clients_activity SET client_id = %s WHERE id = %s", other.pk, moved)
    sql(
        "UPDATE billing_admin_writtenrows SET client_ids = array_replace(client_ids, %s, %s) WHERE %s = ANY (row_ids)"
        " AND table_name = 'clients_activity'",
        everything.pk, other.pk, moved,
    )  # fmt: skip
    (said,) = found()
    assert said.startswith(f"I12: activity {moved} is not what was sealed: ")


def test_a_merge_that_never_was_explains_nothing(everything):
    """Rows of a client that was merged are given to a third one, with a merge made up for it."""
    umbrella, ids = (
        make_client("Umbrella"),
        list(Activity.objects.filter(note="For the flood").values_list("pk", flat=True)),
    )
    assert found() == []
    merge = ClientMerge.objects.create(
        kept=umbrella, discarded_number=987, discarded_snapshot={}, journal={}, totals={}, merged_by_name="ann"
    )
    MergedRows.objects.create(merge=merge, kind="activity", row_ids=ids)
    sql("UPDATE clients_activity SET client_id = %s WHERE id = ANY(%s)", umbrella.pk, ids)
    assert found() == [
        f"I12: activity {pk} was another client’s when it was written, and no merge moved it to the one it has now"
        for pk in ids
    ]


@pytest.mark.parametrize("change", ["DELETE FROM clients_activity", "UPDATE clients_activity SET actor_name = 'bob'"])
def test_what_is_listed_as_emptied_before_it_is_sealed_is_named(everything, change):
    pk = Activity.objects.get(note="For the fire").pk
    sql(f"{change} WHERE id = %s", pk)
    listed = DeletedRows.objects.create(table_name="clients_activity", row_ids=[pk])
    assert (
        f"I12: list of what was emptied {listed.pk} names activities that were emptied, and no deletion of a client or "
        "undone merge says so"
    ) in found()


def test_a_row_altered_before_its_seal_is_named_though_others_were_emptied(everything):
    pk = Activity.objects.get(note="For the fire").pk
    sql("UPDATE clients_activity SET actor_name = 'bob' WHERE id = %s", pk)
    assert verify_activity()[0].startswith(
        f"I12: activity {pk} had been changed or taken out already when it was sealed"
    )


def test_a_row_slipped_in_with_a_day_long_past_is_named(time_machine):
    """It is written down, queued and sealed as any other; only its day was before others were sealed."""
    for day in (1, 5, 9):
        time_machine.move_to(datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC))
        make_client(f"Client {day}")
        assert found() == []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clients_activity (actor_name, verb, summary, data, at) VALUES "
            "('ann', 'client.closed', 'Closed', '{}', '2026-03-03'),"
            " ('ann', 'client.closed', 'Late', '{}', '2026-03-04')"
        )
    pk = Activity.objects.get(summary="Closed").pk
    (said,) = found()
    assert said.startswith(f"I12: activity {pk} is dated 2026-03-03, and came after what was sealed on 2026-03-05: ")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE clients_activityseal SET day = 'infinity'",
        "UPDATE clients_activitysignoff SET at = 'infinity'",
        "UPDATE clients_activity SET data = data || '{\"emptied\": 1}' WHERE verb = 'client.deleted'",
    ],
)
def test_what_cannot_be_reckoned_with_is_named(everything, change):
    sql(change)
    for told in (verify_activity(), found()):
        assert [line for line in told if "0 cannot be verified, for something stored there is no value: " in line]


def test_an_undone_merge_and_a_deletion_stay_in_order(everything):
    umbrella = make_client("Umbrella")
    give_credit(umbrella, usd(1), "Hello")
    assert found() == []
    restored = undo_merge(merge=merge_clients(kept=everything, discarded=umbrella, by=None), by=None)
    assert found() == []
    delete_client(client=restored, by=None)
    assert found() == []
