"""What becomes of the clients of another system, before anything is booked."""

import pytest

from billing_admin.models import StagedClient, StagedContact, StagedEvent, StagedNote
from clients.models import Client, ExternalReference
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.profile import edit_client
from clients.services.system_import.judge_clients import judge, questions
from tests.clients.system_import.bring import bring, outcomes
from tests.factories import make_client
from tests.staged import make_import, stage

pytestmark = pytest.mark.django_db


def test_a_currency_without_an_equal_asks_for_one():
    run = make_import()
    stage(run, StagedClient, 1, first_name="Ada", currency="97")
    stage(run, StagedClient, 2, first_name="Bob", currency="2")
    stage(run, StagedClient, 3, first_name="Cyd")
    asked = {question.key: (question.default, question.rows) for question in questions(run)}
    assert asked == {"currency:97": ("leave out", 1), "currency:2": ("EUR", 1), "currency:1": ("USD", 1)}
    judge(run)
    assert outcomes(run) == {"1": ("asks", "Its currency is none here."), "2": ("", ""), "3": ("", "")}
    run.answers = {"currency:97": "leave out", "currency:1": "CHF"}
    judge(run)
    assert outcomes(run)["1"] == ("left out", "Its currency is none here.")
    found = bring(run, answers={"currency:97": "NZD"})
    assert {source_id: row[3] for source_id, row in found.items()} == {"1": "NZD", "2": "EUR", "3": "CHF"}


def test_clients_with_one_address_of_email_ask():
    make_client("Here", email="here@example.com")
    run = make_import()
    stage(run, StagedClient, 1, first_name="Ada", email="ada@example.com")
    stage(run, StagedClient, 2, first_name="Bob", email="ADA@example.com")
    stage(run, StagedClient, 3, first_name="Cyd", email="here@example.com")
    stage(run, StagedClient, 4, first_name="Dee", email="dee@example.com")
    (asked,) = [question for question in questions(run) if question.key == "duplicates"]
    assert (asked.default, asked.rows) == ("come", 3)
    judge(run)
    assert {key: outcome for key, (outcome, _) in outcomes(run).items()} == {
        "1": "asks", "2": "asks", "3": "asks", "4": "",
    }  # fmt: skip
    assert outcomes(run)["1"][1] == "Its e-mail address is that of 1 other there too."
    assert outcomes(run)["3"][1] == "Its e-mail address is that of 1 client here too."
    run.answers = {"duplicates": "leave out"}
    judge(run)
    assert {key: outcome for key, (outcome, _) in outcomes(run).items()} == {
        "1": "", "2": "left out", "3": "left out", "4": "",
    }  # fmt: skip
    assert len(bring(run, answers={"duplicates": "come"})) == 4
    assert Client.objects.filter(email__iexact="ada@example.com").count() == 2


def test_what_belongs_to_a_client_goes_the_way_of_it():
    run = make_import()
    stage(run, StagedClient, 1, first_name="Ada", currency="97")
    for owner in (1, 2):
        stage(run, StagedContact, f"c{owner}", owner, email="bill@example.com")
        stage(run, StagedNote, f"n{owner}", owner, text="Of somebody")
        stage(run, StagedEvent, f"e{owner}", owner, text="Of somebody")
    judge(run)
    for model, letter in ((StagedContact, "c"), (StagedNote, "n"), (StagedEvent, "e")):
        assert outcomes(run, model) == {
            f"{letter}1": ("asks", "Its client waits."), f"{letter}2": ("left out", "Its client is not there."),
        }  # fmt: skip
    run.answers = {"currency:97": "leave out"}
    judge(run)
    assert outcomes(run, StagedNote)["n1"] == ("left out", "Its client is left out.")
    run.answers = {"currency:97": "EUR"}
    judge(run)
    assert outcomes(run, StagedEvent)["e1"] == ("", "")


def brought(**values: object) -> Client:
    run = make_import(state="done")
    stage(run, StagedClient, 7, **{"first_name": "Ada", "email": "ada@example.com", "city": "London"} | values)
    bring(run)
    return Client.objects.get()


def test_a_client_that_came_before_is_there():
    client = brought()
    edit_client(client=client, by=None, city="Paris")
    run = make_import()
    stage(run, StagedClient, 7, first_name="Ada", email="ada@example.com", city="London")
    assert bring(run) == {"7": (client.pk, client.number, "Ada", "USD")}
    assert outcomes(run) == {"7": ("there", f"Client {client.number} here.")}
    client.refresh_from_db()
    assert client.city == "Paris"
    assert Client.objects.count() == 1
    assert ExternalReference.objects.count() == 1


def test_what_was_changed_there_is_listed_and_left_alone():
    client = brought()
    run = make_import()
    stage(run, StagedClient, 7, first_name="Ada", email="new@example.com", city="Rome")
    judge(run)
    assert outcomes(run)["7"] == (
        "changed",
        f"Client {client.number} here. It was changed there and stays as it is here: city, e-mail address.",
    )
    assert set(bring(run)) == {"7"}
    client.refresh_from_db()
    assert (client.email, client.city) == ("ada@example.com", "London")


def test_a_change_there_that_was_made_here_too_is_none():
    client = brought()
    edit_client(client=client, by=None, city="Rome")
    run = make_import()
    stage(run, StagedClient, 7, first_name="Ada", email="ada@example.com", city="Rome")
    judge(run)
    assert outcomes(run)["7"] == ("there", f"Client {client.number} here.")


def test_a_client_that_was_deleted_here_does_not_come_make_import():
    client = brought()
    delete_client(client=client, by=None)
    reference = ExternalReference.objects.get()
    assert (reference.client, reference.row_id, reference.digest, reference.external_id) == (None, None, None, "7")
    run = make_import()
    stage(run, StagedClient, 7, first_name="Ada")
    stage(run, StagedNote, 1, 7, text="Of Ada")
    assert bring(run) == {}
    assert outcomes(run)["7"] == ("left out", "It was deleted here.")
    assert outcomes(run, StagedNote)["1"] == ("left out", "Its client is left out.")
    assert not Client.objects.exists()


def test_a_merged_client_leads_to_the_kept_one():
    client, kept = brought(), make_client("Kept")
    merge_clients(kept=kept, discarded=client, by=None)
    run = make_import()
    stage(run, StagedClient, 7, first_name="Ada", email="ada@example.com", city="London")
    stage(run, StagedNote, 1, 7, text="Of Ada")
    assert bring(run) == {"7": (kept.pk, kept.number, "Kept", "USD")}
    assert kept.notes.filter(text="Of Ada").exists()
