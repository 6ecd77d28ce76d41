"""What is done to activity behind the triggers is found by the chain, row by row, and named in a sentence."""

from collections.abc import Callable

import pytest
from django.db import connection

from clients.models import Activity, ActivitySeal, Client
from clients.services.merge.merge_clients import merge_clients
from clients.services.notes import add_note
from clients.services.profile import edit_client
from clients.services.sign_off import sign_off_activity
from credits.services.check import check_ledger, verify_activity
from credits.services.grant import add_credit
from tests.factories import give_credit, make_client, make_staff, usd
from tests.raw_sql import triggers_off
from transactions.services.methods import add_payment_method

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Client:
    """A client with some activity that is sealed in three seals and signed off after each."""
    acme = make_client()
    give_credit(acme, usd(5), "For the outage")
    sign_off_activity()
    add_credit(client=acme, amount=usd(6), description="For the flood", by=make_staff(username="ann"))
    edit_client(client=acme, by=None, phone="555 1234")
    sign_off_activity()
    add_note(client=acme, text="Asks for paper", by=None)
    give_credit(acme, usd(7), "For the fire")
    sign_off_activity()
    assert verify_activity() == []
    return acme


def sql(statement: str, *parameters: object) -> None:
    """Run it as somebody who can switch the triggers off."""
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def row(summary: str) -> int:
    return Activity.objects.get(summary__contains=summary).pk


ALTERED = (
    "is not what was sealed: what was done, by whom, when, from where or for which client it was written was changed, "
    "or it changed places with another."
)
TYPED = "has something else typed into it than it was written with, or another salt."

# What was done → what is said of it: the first words of each sentence, in order.
TAMPERINGS: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "what was done": (
        "UPDATE clients_activity SET summary = 'Credit of 1.00 USD added' WHERE id = {flood}",
        lambda: [f"I12: activity {row('1.00')} {ALTERED} It stands in seal 2 of "],
    ),
    "who did it": (
        "UPDATE clients_activity SET actor_name = 'bob' WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {ALTERED} It stands in seal 2 of "],
    ),
    "whose account did it": (
        "UPDATE clients_activity SET actor_id = NULL WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {ALTERED}"],
    ),
    "when": (
        "UPDATE clients_activity SET at = at - interval '1 microsecond' WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {ALTERED}"],
    ),
    "the figures": (
        "UPDATE clients_activity SET data = jsonb_set(data, '{{amount}}', '\"1\"') WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {ALTERED}"],
    ),
    "from where": (
        "UPDATE clients_activity SET source = '{{\"address\": \"192.0.2.1\"}}' WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {ALTERED}"],
    ),
    "what was typed": (
        "UPDATE clients_activity SET note = 'For nothing' WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {TYPED} It stands in seal 2 of "],
    ),
    "what was typed into a profile": (
        "UPDATE clients_activity SET data = '{{\"phone\": [\"\", \"1\"]}}' WHERE verb = 'client.edited'",
        lambda: [f"I12: activity {row('Profile')} {TYPED}"],
    ),
    "typed where nothing was": (
        "UPDATE clients_activity SET note = 'Agreed' WHERE verb = 'note.added'",
        lambda: [f"I12: activity {row('Note')} {TYPED}"],
    ),
    "the salt": (
        "UPDATE clients_activity SET salt = uuid_send(gen_random_uuid()) WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {TYPED}"],
    ),
    "the personal digest": (
        "UPDATE clients_activity SET note = 'Other', personal = sha256(salt || 'x') WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} {ALTERED}"],
    ),
    "emptied as by a deletion": (
        "UPDATE clients_activity SET note = '', salt = NULL WHERE id = {flood}",
        lambda: [f"I12: activity {row('6.00')} lost what was personal in it, and no deletion of a client or undone"],
    ),
    "emptied and something put there": (
        "UPDATE clients_activity SET note = 'Other', salt = NULL WHERE id = {flood}",
        lambda: [
            f"I12: activity {row('6.00')} was emptied, and something stands there again. It stands in seal 2 of ",
            f"I12: activity {row('6.00')} lost what was personal in it",
        ],
    ),
    "two changed places": (
        """
        UPDATE clients_activity SET id = -{fire} WHERE id = {flood};
        UPDATE clients_activity SET id = {flood} WHERE id = {fire};
        UPDATE clients_activity SET id = {fire} WHERE id = -{fire}
        """,
        lambda: sorted(f"I12: activity {row(amount)} {ALTERED}" for amount in ("6.00", "7.00")),
    ),
    "a seal": (
        "UPDATE clients_activityseal SET hashes = overlay(hashes PLACING sha256('x') FROM 1) WHERE number = 2",
        lambda: ["I12: seal 2 of ", f"I12: activity {row('6.00')} {ALTERED}"],
    ),
    "the day of a seal": (
        "UPDATE clients_activityseal SET day = day - 1 WHERE number = 2",
        lambda: ["I12: seal 2 of "],
    ),
    "the link of a seal": (
        "UPDATE clients_activityseal SET link = sha256('x') WHERE number = 2",
        lambda: ["I12: seal 2 of ", "I12: seal 3 of ", "I12: sign-off 2 of "],
    ),
    "the signature of a sign-off": (
        "UPDATE clients_activitysignoff SET signature = sha256('x') WHERE number = 2",
        lambda: ["I12: sign-off 2 does not bear our signature"],
    ),
    "the count of a sign-off": (
        "UPDATE clients_activitysignoff SET count = count + 1 WHERE number = 2",
        lambda: ["I12: sign-off 2 does not bear our signature"],
    ),
    "a sign-off taken out": (
        "DELETE FROM clients_activitysignoff WHERE number = 2",
        lambda: ["I12: sign-off 3 follows sign-off 1: what stood between was taken out"],
    ),
    "a seal taken out": (
        "DELETE FROM clients_activityseal WHERE number = 2",
        lambda: [
            "I12: seal 3 follows seal 1: what stood before it was taken out",
            *(f"I12: activity {pk} was slipped in: no seal has it, and it waits for none" for pk in sealed_second()),
            "I12: sign-off 2 of ",
            "I12: sign-off 3 has 6 activities, and its seals have 4",
        ],
    ),
}  # fmt: skip


def sealed_second() -> list[int]:
    return sorted([row("6.00"), row("Profile")])


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found_and_named(acme, what):
    statement, said = TAMPERINGS[what]
    sql(statement.format(flood=row("6.00"), fire=row("7.00")))
    expected = said()
    told = verify_activity()
    assert len(told) == len(expected), told
    for sentence, beginning in zip(told, expected, strict=True):
        assert sentence.startswith(beginning)
    assert check_ledger().finding_count >= len(expected)


def test_a_row_taken_out_is_named(acme):
    gone = row("6.00")
    sql("DELETE FROM clients_activity WHERE id = %s", gone)
    (said,) = verify_activity()
    assert said.startswith(f"I12: activity {gone} is gone. It stood in seal 2 of ")


def test_a_row_slipped_in_is_named(acme):
    sql(
        "INSERT INTO clients_activity (actor_name, verb, summary, data, at) "
        "VALUES ('ann', 'client.closed', 'Closed', '{}', now())"
    )
    assert verify_activity() == [f"I12: activity {row('Closed')} was slipped in: no seal has it, and it waits for none"]


def test_what_waits_cannot_be_taken_off_the_queue(acme):
    give_credit(acme, usd(8))
    sql("DELETE FROM clients_unsealed")
    assert verify_activity() == [f"I12: activity {row('8.00')} was slipped in: no seal has it, and it waits for none"]


@pytest.mark.parametrize("change", ["UPDATE clients_activity SET summary = 'x'", "DELETE FROM clients_activity"])
def test_what_is_altered_before_it_is_sealed_is_named(acme, change):
    give_credit(acme, usd(8))
    waits = row("8.00")
    sql(f"{change} WHERE id = %s", waits)
    (said,) = verify_activity()
    assert said.startswith(
        f"I12: activity {waits} had been changed or taken out already when it was sealed, in seal 4 of "
    )
    assert verify_activity() == [said]


def test_the_end_cut_off_is_found_by_the_sign_off(acme):
    last = ActivitySeal.objects.get(number=3).row_ids
    sql("DELETE FROM clients_activity WHERE id = ANY(%s)", last)
    sql("DELETE FROM billing_admin_writtenrows WHERE row_ids && %s::bigint[]", last)
    sql("DELETE FROM clients_activityseal WHERE number = 3")
    (said,) = verify_activity()
    assert said.startswith("I12: sign-off 3 of ")
    assert said.endswith(" names seal 3, which is not there: the end was taken off")


def test_the_end_cut_off_with_its_sign_off_is_found_by_the_second_place(acme, tmp_path, settings):
    settings.AUDIT_FILE = str(tmp_path / "kept" / "audit.txt")
    (tmp_path / "kept").mkdir()
    sign_off_activity()
    kept = (tmp_path / "kept" / "audit.txt").read_text().splitlines()
    assert len(kept) == 3
    assert verify_activity(kept=kept) == []
    last = ActivitySeal.objects.get(number=3).row_ids
    sql("DELETE FROM clients_activity WHERE id = ANY(%s)", last)
    for table in ("clients_activityseal", "clients_activitysignoff"):
        sql(f"DELETE FROM {table} WHERE number = 3")
    assert verify_activity() == []
    said = verify_activity(kept=kept)
    assert said[0] == "I12: line 3 has sign-off 3, which the database has not"
    assert said[1].endswith("names seal 3, which is not there: the end was taken off")


def test_a_chain_made_anew_is_found_by_what_was_signed_off(acme):
    """Whoever alters a row, and then makes all digests and links fit again, has no signature for them."""
    sql("UPDATE clients_activity SET summary = 'Credit of 1.00 USD added' WHERE id = %s", row("6.00"))
    sql("DELETE FROM clients_activityseal")
    sql("DELETE FROM billing_admin_writtenrows WHERE table_name = 'clients_activity'")
    rows = Activity.rows
    sql(f"""
        WITH written AS (
            INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)
            SELECT 'clients_activity', array_agg(id), array_agg(client_id), array_agg({rows.digest}),
                   array_agg({rows.typed}) FROM clients_activity GROUP BY id RETURNING id)
        INSERT INTO clients_unsealed SELECT id FROM written
    """)
    said = verify_activity()
    assert [sentence[:15] for sentence in said] == ["I12: sign-off 1", "I12: sign-off 2", "I12: sign-off 3"]
    assert "is of another chain: seal 1 and those before were made anew" in said[0]


@pytest.mark.parametrize("from_client", ["one that is there", "nobody", "one that was merged"])
def test_a_row_given_to_another_client_is_named(acme, from_client):
    globex, initech = make_client("Globex"), make_client("Initech")
    moved = row("6.00")
    if from_client == "one that was merged":
        merge_clients(kept=globex, discarded=acme, by=None)
    elif from_client == "nobody":
        add_payment_method(name="Cheque", by=None)
        moved = row("Cheque")
    assert verify_activity() == []
    sql("UPDATE clients_activity SET client_id = %s WHERE id = %s", initech.pk, moved)
    (said,) = check_ledger().findings.values_list("text", flat=True)
    assert said.startswith(f"I1{0 if from_client == 'one that is there' else 2}: activity {moved} was ")


def test_a_row_of_a_client_who_never_was_is_named(acme):
    moved = row("6.00")
    sql("UPDATE clients_activity SET client_id = -1 WHERE id = %s", moved)
    assert verify_activity() == [f"I12: activity {moved} is of a client who is neither there nor deleted"]
