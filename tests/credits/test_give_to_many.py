"""Add Credit to clients that were ticked on their list, or to all that are listed: a batch that is looked at first."""

import sys

import pytest

from credits.models import CreditBatch
from credits.selectors.balances import balances_of
from credits.services.bulk.book import book_credit_batch
from tests.factories import make_client, make_staff, person_with, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import get_page

pytestmark = pytest.mark.django_db

GIVE = "/credits/give/"
TYPED = {"amount": "5", "currency": "USD", "description": "Downtime of =Friday"}


@pytest.fixture
def olga(client):
    olga = make_staff(username="olga")
    client.force_login(olga)
    return olga


def test_those_that_were_ticked_get_the_credit_after_a_look(client, olga):
    acme, globex, initech = (make_client(name) for name in ("Acme", "Globex", "Initech"))
    boxes = get_page(client, "/clients/").all("tbody [name=row]")
    assert {box["value"] for box in boxes} == {str(each.pk) for each in (acme, globex, initech)}
    address = f"{GIVE}?row={acme.pk}&row={initech.pk}"
    popup = get_page(client, address)
    assert popup.one(".popup-body .quiet").text.startswith("2 clients.")
    assert popup.all("[name=currency] option")[0].text == "USD"
    answer = client.post(address, TYPED)
    batch = CreditBatch.objects.get()
    assert answer.headers["Location"] == f"/credits/batches/{batch.pk}/"
    assert (batch.file_name, batch.row_count, batch.booked_at) == ("credit for 2 clients.csv", 2, None)
    assert balances_of(acme) == [usd(0)]
    assert sorted(batch.rows.values_list("client_number", "outcome")) == [
        (acme.number, "good"), (initech.number, "good"),
    ]  # fmt: skip
    book_credit_batch(batch_id=batch.pk, by=olga)
    assert [balances_of(each) for each in (acme, globex, initech)] == [[usd(5)], [usd(0)], [usd(5)]]
    assert_invariants()


def test_all_that_are_listed_get_it(client, olga):
    acme, globex = make_client("Acme", email="a@acme.example"), make_client("Globex")
    client.post(f"{GIVE}?all=1&q=acme", TYPED)
    (row,) = CreditBatch.objects.get().rows.all()
    assert row.client_number == acme.number != globex.number


@pytest.mark.parametrize("typed", [{"amount": ""}, {"amount": "x"}, {"currency": "XXX"}, {"description": ""}])
def test_what_cannot_be_read_is_said_and_nothing_is_made(client, olga, typed):
    make_client()
    answer = client.post(f"{GIVE}?all=1", TYPED | typed)
    assert (answer.status_code, CreditBatch.objects.count()) == (422, 0)


def test_nothing_chosen_and_too_many_say_so(client, olga, monkeypatch):
    assert "Nothing was chosen" in get_page(client, GIVE).text
    monkeypatch.setattr(sys.modules["credits.views.give_to_many"], "MOST_CLIENTS", 1)
    make_client()
    make_client("Globex")
    assert "More than 1 clients are chosen" in get_page(client, f"{GIVE}?all=1").text
    client.post(f"{GIVE}?all=1", TYPED)
    assert CreditBatch.objects.count() == 0


def test_a_long_batch_is_read_by_a_worker(client, olga, monkeypatch):
    monkeypatch.setattr("credits.services.bulk.upload._is_small", lambda content: False)
    make_client()
    answer = client.post(f"{GIVE}?all=1", TYPED)
    assert "?job=" in answer.headers["Location"]
    do_jobs()
    assert CreditBatch.objects.get().is_read
    assert_invariants()


def test_it_needs_the_right_to_give_credit(client):
    client.force_login(person_with("view_client", "view_credit"))
    make_client()
    assert client.get(GIVE).status_code == 403
    assert get_page(client, "/clients/").all("[name=row]") == []
