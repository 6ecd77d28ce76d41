"""From where something was done stands beside it: said by each transaction, of itself alone, behind a pooler too."""

import datetime
import hashlib

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from billing_admin.db.limits import set_in_transactions
from billing_admin.db.source import acting_from
from billing_admin.jobs.enqueue import enqueue_job
from clients.models import Activity, ActivityCount, Client
from clients.services.account_activity import count_of_account, tell_counts
from clients.services.close import close_client
from credits.tasks import BOOK_BATCH
from tests.concurrency.pgbouncer import connected, pgbouncer
from tests.factories import give_credit, make_client, make_staff, usd
from tests.jobs import credit_preview, do_jobs


def last_source() -> dict | None:
    return Activity.objects.latest("pk").source


def close(acme: Client, browser: Browser, **headers: str) -> str:
    """Close the account on its page; the id of the request."""
    answer = browser.post(
        reverse("clients:close", args=[acme.number]), {"reason": ""}, REMOTE_ADDR="203.0.113.7", **headers
    )
    assert answer.status_code in (204, 302)
    return answer["X-Request-ID"]


def assert_a_request_says_it() -> None:
    acme, browser = make_client(), Browser()
    browser.force_login(make_staff())
    digest = hashlib.sha256(browser.session.session_key.encode()).hexdigest()[:32]
    number = close(acme, browser)
    assert last_source() == {"address": "203.0.113.7", "session": digest, "request": number}
    give_credit(make_client(), usd(5))  # the same connection, for nobody's request
    assert last_source() is None


def test_a_request_says_address_session_and_its_id():
    assert_a_request_says_it()


@pytest.mark.slow
def test_so_it_does_through_a_pooler():
    with pgbouncer() as url, connected(url):
        assert_a_request_says_it()


@pytest.mark.parametrize("given", ["abc-12345678", "it's 100%"])
def test_the_id_of_a_proxy_is_taken_where_it_is_one(given):
    browser = Browser(headers={"X-Request-ID": given})
    browser.force_login(make_staff())
    number = close(make_client(), browser)
    assert (number == given) == (given == "abc-12345678")
    assert last_source()["request"] == number


def test_an_address_that_is_none_ends_no_literal():
    acme, hostile = make_client(), {"address": "'; DROP TABLE x; -- %s \\ \" \u2028"}
    with acting_from(hostile), set_in_transactions():
        close_client(client=acme, by=None)
    assert last_source() == hostile


def test_a_command_says_its_name_and_who_ran_it_where():
    call_command("delete_client", make_client().number, "--no-input")
    assert set(last_source()) == {"command", "host", "user"}
    assert last_source()["command"] == "delete_client"


def test_a_job_says_its_number_and_from_where_it_was_asked_for():
    batch = credit_preview(5)
    with acting_from({"address": "203.0.113.7"}):
        job = enqueue_job(kind=BOOK_BATCH, subject=batch.pk, by=make_staff())
    do_jobs()
    assert last_source() == {"address": "203.0.113.7", "job": job.pk, "kind": BOOK_BATCH}


def test_what_was_counted_and_is_told_later_still_says_from_where():
    ann = make_staff(username="ann")
    for _ in range(3):
        count_of_account(verb="sign_in.failed", person=ann, address="203.0.113.7")
    ActivityCount.objects.update(since=timezone.now() - datetime.timedelta(minutes=61))
    assert tell_counts() == 1
    assert last_source() == {"address": "203.0.113.7"}
