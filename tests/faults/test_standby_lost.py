"""A synchronous standby is lost while somebody commits: nothing is told as done that a failover would take back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.db import limits
from billing_admin.embedded_database.places import DATABASE, USER, place_for
from clients.models import Client
from credits.models import CreditGrant
from tests.concurrency.test_outages import another_connection
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse
from tests.setup.test_killed_in_mid_run import do

from .standby import go_on, pair_of_servers, pause, value, wait_until

pytestmark = pytest.mark.slow

NOT_CONFIRMED = (
    "The database did not confirm in time that it is kept, on its standby too where there is one. What you sent may "
    "have been done, or not. Go back and send it again: the same form counts once."
)
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'"


@pytest.fixture(scope="module")
def servers(django_db_setup, django_db_blocker) -> Iterator[tuple[Path, Path]]:
    with django_db_blocker.unblock(), pair_of_servers() as pair:
        yield pair


@pytest.fixture
def pair(db, servers) -> Iterator[tuple[Path, Path]]:
    """A server and its synchronous standby, which is there again afterwards."""
    yield servers
    go_on(servers[1])


@contextmanager
def served_by(first: Path) -> Iterator[None]:
    """In the block requests are answered from this server, by a pool as in production."""
    place = place_for(first)
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]
    with another_connection(HOST=str(place.socket_folder), NAME=DATABASE, USER=USER, pool=pool):
        yield


def signed_in() -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(make_staff())
    return browser


def said(answer) -> tuple[int, str]:
    return answer.status_code, parse(answer).one("[data-error-text]").text


@contextmanager
def cancelled_by_hand(url: str) -> Iterator[None]:
    """Meanwhile an administrator cancels what waits for the standby."""

    def cancel() -> None:
        wait_until(lambda: value(url, WAITING))
        value(url, f"SELECT pg_cancel_backend(pid) FROM ({WAITING}) AS waiting")

    thread = threading.Thread(target=cancel)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_what_waits_for_a_standby_is_not_told_as_done(pair, monkeypatch):
    first, second = pair
    with served_by(first):
        robin, acme = signed_in(), make_client()
        page = get_page(robin, reverse("credits:manage", args=[acme.number]))
        typed = {"amount": "5.00", "description": "Downtime"}
        monkeypatch.setattr(limits, "SECONDS_FOR_AN_ANSWER", 3)
        pause(second)
        assert said(fill(robin, page, "#add-credit", typed)) == (503, NOT_CONFIRMED)
        # Its transaction still waits, and holds the client: nobody sees what may yet be lost, nor is it told as done.
        assert CreditGrant.objects.count() == 0
        assert fill(robin, page, "#add-credit", typed).status_code == 409
        go_on(second)
        wait_until(CreditGrant.objects.count)
        assert fill(robin, page, "#add-credit", typed).status_code == 302
        assert CreditGrant.objects.count() == 1
    standby = place_for(second).url
    assert value(standby, "SELECT count(*) FROM credits_creditgrant") == 1


def test_what_was_done_without_its_standby_is_not_told_as_done(pair, monkeypatch):
    first, second = pair
    url = place_for(first).url
    with served_by(first):
        robin = signed_in()
        page = get_page(robin, reverse("clients:add"))
        typed = {"company_name": "Acme", "email": "ann@acme.example"}
        monkeypatch.setattr(limits, "SECONDS_FOR_AN_ANSWER", 10)
        pause(second)
        with cancelled_by_hand(url):
            assert said(fill(robin, page, "main form[method=post]", typed)) == (503, NOT_CONFIRMED)
        assert Client.objects.filter(company_name="Acme").count() == 1
        # Sent again, the form only finds what it did: to say so would promise that it is kept.
        monkeypatch.setattr(limits, "SECONDS_FOR_AN_ANSWER", 3)
        assert said(fill(robin, page, "main form[method=post]", typed)) == (503, NOT_CONFIRMED)
        go_on(second)
        wait_until(lambda: not value(url, WAITING))
        assert fill(robin, page, "main form[method=post]", typed).status_code == 302
        assert Client.objects.filter(company_name="Acme").count() == 1


def test_a_command_whose_commit_the_standby_lacks_says_so(pair):
    first, second = pair
    url = place_for(first).url
    pause(second)
    with cancelled_by_hand(url):
        code, printed = do(url, "manage.py", "check_ledger")
    assert code == 1
    assert "The database does not answer: The database did it, and its standby did not confirm it." in printed
    assert "Traceback" not in printed
