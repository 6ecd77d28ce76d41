"""Ten clients added at once: by one form, and by ten forms with one e-mail address."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction

from clients.models import Client
from clients.services.profile import open_client
from tests.concurrency.racing import LIMIT, kinds, race, send_form

INSERT = ["INSERT INTO clients_client"]
add = partial(open_client, by=None, company_name="Initech", currency="USD", shares_email=False)


def send_one_form() -> list:
    return race(*[partial(send_form, add, email="ask@initech.example")] * 10, meet_before=INSERT)


def test_one_form_sent_ten_times_at_once_adds_one_client():
    outcomes = send_one_form()
    added = Client.objects.get()
    assert sorted(outcomes, key=str) == [(added, False)] + [(added, True)] * 9


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_forms_crash():
    assert kinds(send_one_form()) == {"done": 1, "form_key_once": 9}


def send_ten_forms() -> dict[str, int]:
    addresses = ("ask@initech.example", "Ask@Initech.example")
    return kinds(race(*[partial(add, email=each) for each in addresses * 5], meet_before=INSERT))


def test_ten_forms_with_one_address_at_once_add_one_client():
    assert send_ten_forms() == {"done": 1, "EmailInUse": 9}
    assert Client.objects.count() == 1


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_one_address_adds_ten_clients():
    assert send_ten_forms() == {"done": 10}


def test_who_draws_a_number_that_an_import_takes_gets_the_next():
    """A number in an import's file is not drawn: who draws it waits until the import has ended, then draws another."""
    first = open_client(by=None, company_name="Acme", currency="USD").number
    there = threading.Event()

    def add_with_the_next_number() -> Client:
        with transaction.atomic():
            taken = open_client(by=None, company_name="Globex", currency="USD", number=first + 1)
            there.set()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 'held'")
        return taken

    def add_when_it_is_there() -> Client:
        there.wait(LIMIT)
        return add(email="ask@initech.example")

    outcomes = race(add_with_the_next_number, add_when_it_is_there, meet_before=["SELECT 'held'"])
    assert [client.number - first for client in outcomes] == [1, 2]
