"""Many who sign in at once: pages are answered meanwhile, and the bound of failures holds."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils.crypto import pbkdf2

from billing_admin.db.limits import Busy, held_up, limited_request
from billing_admin.staff.sign_in.hashing import BoundedHasher
from tests.concurrency.racing import race
from tests.factories import make_staff
from tests.jobs import environment
from tests.pages import parse
from tests.second_factors import code_of, codes_of, give_app

BUSY = "Too many people are signing in at this moment. Try again in a moment."
HASHER = f"{BoundedHasher.__module__}.{BoundedHasher.__qualname__}"
# As many requests as two web workers answer at once.
THREADS = 8


@pytest.fixture
def hashing(settings, monkeypatch):
    """Called, with the password, while one is hashed by the product's hasher."""
    settings.PASSWORD_HASHERS = [HASHER]
    monkeypatch.setattr(BoundedHasher, "iterations", 1)
    make_staff(username="olga")
    meanwhile: list[Callable[[bytes], None]] = []

    def slow(password, *args, **kwargs):
        for each in meanwhile:
            each(password)
        return pbkdf2(password, *args, **kwargs)

    monkeypatch.setattr(hashers, "pbkdf2", slow)
    return meanwhile.append


def sign_in(name="olga", password="wrong", address="203.0.113.7"):
    return Browser(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password})


def test_only_half_of_the_threads_hash_and_pages_are_answered_meanwhile(hashing, caplog):
    """Two of the four that a process has. Of 16 others 14 are told at once, while those two are still at it."""
    told = threading.Semaphore(0)
    page_seen = threading.Event()
    signed_in = Browser()
    signed_in.force_login(make_staff(username="robin"))
    hashing(lambda password: page_seen.wait(20))

    places = count(1)

    def send():
        answer = sign_in(address=f"203.0.113.{next(places)}")
        told.release()
        return answer

    def look():
        for _ in range(14):
            assert told.acquire(timeout=20)
        answer = signed_in.get(reverse("clients:list"))
        page_seen.set()
        return answer

    *answers, page = race(*[send] * 16, look)
    assert page.status_code == 200
    assert Counter(answer.status_code for answer in answers) == {503: 14, 200: 2}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert busy["Retry-After"] == "2"
    assert parse(busy).one("[role=alert]").text == BUSY
    assert parse(busy).one("[name=username]")["value"] == "olga"
    lines = Counter(record.getMessage().partition(" from ")[0] for record in caplog.records)
    assert lines["Sign-in refused while others are signing in: 'olga'"] == 14
    assert not [record for record in caplog.records if record.name == "django.request"]
    assert sign_in(password="correct horse battery").status_code == 302


def test_who_hashes_and_who_waits_for_a_lock_take_the_same_places(hashing):
    with limited_request(), held_up("a lock"), held_up("another"):
        assert sign_in().status_code == 503
    assert sign_in().status_code == 200


def test_outside_a_request_passwords_are_hashed_however_busy_it_is(hashing):
    with limited_request(), held_up("a lock"), held_up("another"):
        with pytest.raises(Busy):
            hashers.make_password("a password")
        outcomes = race(lambda: hashers.make_password("a password"))
    assert outcomes[0].startswith("pbkdf2_sha256$1$")


def test_failures_at_once_get_no_further_than_those_in_turn(hashing):
    """Each of eight sends ten, at once and as fast as it can: five are looked at, as if one had sent them all."""
    tried: list[bytes] = []
    hashing(tried.append)

    def guess():
        statuses = []
        for _ in range(10):
            while (answer := sign_in()).status_code == 503:
                time.sleep(0.01)
            statuses.append(answer.status_code)
        return statuses

    statuses = Counter(status for each in race(*[guess] * THREADS) for status in each)
    assert statuses == {200: 5, 429: 75}
    assert len(tried) == 5


GUESSER = """
import sys, django
django.setup()
from django.test import Client
sent = {"username": "olga", "password": "wrong"}
statuses = [Client(SERVER_NAME="localhost").post("/sign-in/", sent).status_code for _ in range(20)]
print(*statuses)
"""


def test_two_processes_together_get_no_further_than_one():
    make_staff(username="olga")
    guessers = [
        subprocess.Popen([sys.executable, "-c", GUESSER], env=environment(), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    statuses = Counter(status for each in guessers for status in each.communicate(timeout=120)[0].split())
    assert statuses == {"200": 5, "429": 35}


@pytest.mark.parametrize("code", [code_of, lambda secret: codes_of(User.objects.get())[0]], ids=["app", "recovery"])
def test_a_code_sent_twice_at_once_signs_in_once(code):
    person = make_staff(username="olga")
    secret = give_app(person)
    browsers = [Browser(REMOTE_ADDR="203.0.113.7") for _ in range(4)]
    for browser in browsers:
        browser.post("/sign-in/", {"username": "olga", "password": "correct horse battery"})
    sent = code(secret)
    answers = race(*[partial(browser.post, "/sign-in/code/", {"code": sent}) for browser in browsers])
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
