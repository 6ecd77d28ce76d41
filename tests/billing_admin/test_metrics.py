"""Metrics are given to whoever shows the token: what was answered, what waits, what was found, what is owed."""

import datetime
import json
import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from billing_admin.jobs.daily import run_daily_task
from billing_admin.jobs.stalled import tidy_up
from billing_admin.jobs.tasks import Outcome
from billing_admin.models import Figures
from clients.models import MailMessage
from clients.models.mail.kinds import MailKind
from credits import tasks
from credits.models import LedgerCheck
from credits.selectors.balances import held_in_all
from invoices.models import InvoiceRun
from tests.concurrency.test_outages import another_connection
from tests.factories import give_credit, make_client, make_staff, usd

pytestmark = pytest.mark.django_db

TOKEN = "x" * 40


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN
    settings.SECURE_SSL_REDIRECT = True


def scraped() -> dict[tuple[str, ...], float]:
    """Name and values of the labels, in the order of their names → the figure."""
    answer = Browser(headers={"Host": "10.0.0.7", "Authorization": f"Bearer {TOKEN}"}).get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("billing_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("given", [{}, {"Authorization": f"Bearer {TOKEN[1:]}"}, {"Authorization": TOKEN}])
def test_who_does_not_show_the_token_gets_nothing(given):
    answer = Browser(headers=given).get("/metrics")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "billing_" not in answer.text


def test_without_a_token_there_is_no_such_address(settings):
    settings.METRICS_TOKEN = ""
    for given in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert Browser(headers=given).get("/metrics").status_code == 404


def test_nothing_is_posted_there():
    assert Browser(headers={"Authorization": f"Bearer {TOKEN}"}).post("/metrics").status_code == 405


def test_requests_are_counted_by_view_method_and_status(client, settings):
    settings.SECURE_SSL_REDIRECT = False
    client.force_login(make_staff())
    acme, before = make_client(), scraped()
    for address in (f"/clients/{acme.number}/?q=secret", f"/clients/{acme.number}/", "/clients/999999/", "/no/secret/"):
        client.get(address)
    client.generic("MADEUP", "/clients/")
    more = {
        key: value - before.get(key, 0)
        for key, value in scraped().items()
        if key[0] in ("requests_total", "request_seconds_count") and value != before.get(key)
    }
    assert more == {
        ("requests_total", "GET", "200", "clients:summary"): 2,
        ("requests_total", "GET", "404", "clients:summary"): 1,
        ("requests_total", "GET", "404", "none"): 1,
        ("requests_total", "other", "405", "clients:list"): 1,
        ("request_seconds_count", "clients:summary"): 3,
        ("request_seconds_count", "none"): 1,
        ("request_seconds_count", "clients:list"): 1,
    }
    assert not any("secret" in label for key in scraped() for label in key)


def test_nothing_is_counted_where_nobody_may_ask(client, settings):
    settings.SECURE_SSL_REDIRECT = False
    client.get("/no/such/page/")
    before, settings.METRICS_TOKEN = scraped(), ""
    client.get("/no/such/page/")
    settings.METRICS_TOKEN = TOKEN
    assert scraped()[("requests_total", "GET", "404", "none")] == before[("requests_total", "GET", "404", "none")]


def test_tables_that_are_not_there_yet_are_no_database_that_is_away():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE credits_ledgercheck CASCADE")
    found = scraped()
    assert found[("database_up",)] == 1
    assert ("ledger_findings",) not in found


def test_it_says_what_waits_what_was_found_and_how_runs_went():
    robin = make_staff()
    assert ("worker_heartbeat_seconds",) not in scraped()
    MailMessage.objects.queue_to_staff(MailKind.INVITATION, address="a@example.com", subject_id=1, by=robin)
    LedgerCheck.objects.create(finished_at=timezone.now(), finding_count=3)
    run = InvoiceRun.objects.create(
        as_of=timezone.localdate(), state="finished", clients_done=300, failed_count=2, started_by_name="x",
        started_at=timezone.now() - datetime.timedelta(seconds=10), finished_at=timezone.now(),
    )  # fmt: skip
    run_daily_task("expire_credit", lambda: Outcome("Done."), by=None)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp() - interval '7 s')")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args) SELECT 'default', 'x', 'x' || n, '{}'"
            " FROM generate_series(1, 4) n"
        )
        cursor.execute("UPDATE procrastinate_events SET at = clock_timestamp() - interval '90 s'")
    found = scraped()
    assert found[("database_up",)] == 1
    assert found[("mail_messages", "waiting")] == 1
    assert (found[("ledger_findings",)], found[("run_failed_clients",)]) == (3, 2)
    assert found[("run_clients_per_second",)] == pytest.approx(run.clients_per_second)
    assert found[("daily_task_ok", "expire_credit")] == 1
    assert found[("daily_task_ended_timestamp_seconds", "expire_credit")] == pytest.approx(
        timezone.now().timestamp(), abs=60
    )
    assert found[("queue_jobs", "default", "todo")] == 4
    assert 90 <= found[("queue_oldest_seconds", "default")] < 150
    assert 7 <= found[("worker_heartbeat_seconds",)] < 60


def test_a_worker_adds_credit_up_at_most_once_a_minute(monkeypatch, django_assert_num_queries):
    give_credit(make_client(), usd("12.50"))
    give_credit(make_client("B"), usd("0.05"))
    monkeypatch.setattr(tasks, "_renewed_at", float("-inf"))
    tidy_up()
    assert scraped()[("credit_held", "USD")] == 12.55
    give_credit(make_client("C"), usd(1))
    with django_assert_num_queries(0):
        tasks.renew_figures()  # as this worker does every other moment
    assert Figures.objects.get().held == {"USD": "12.550"}
    assert not Figures.objects.renew(held_in_all)  # another worker, in the same minute
    Figures.objects.update(at=timezone.now() - datetime.timedelta(seconds=61))
    assert scraped()[("figures_age_seconds",)] >= 61
    assert Figures.objects.renew(held_in_all)
    assert Figures.objects.get().held == {"USD": "13.550"}
    assert dict(held_in_all()) == {"USD": Decimal("13.55")}


def test_grafana_and_prometheus_are_given_names_of_what_there_is():
    answer = Browser(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics")
    told = set(re.findall(r"^# HELP (\S+)", answer.text, re.MULTILINE))
    files = [settings.BASE_DIR / "deploy" / name for name in ("grafana.json", "prometheus-rules.yml")]
    asked = {name for path in files for name in re.findall(r"billing_[a-z_]+", path.read_text())} - {"billing_admin"}
    assert {name.removesuffix("_bucket") for name in asked} <= told
    assert len(asked) > 12
    assert len(json.loads(files[0].read_text())["panels"]) == 8
    assert files[1].read_text().count("- alert:") == 5


def test_without_the_database_what_was_counted_is_still_told():
    with another_connection(HOST="/no/such/folder"):
        found = scraped()
    assert found[("database_up",)] == 0
    assert ("queue_jobs", "default", "todo") not in found


def test_a_database_whose_connections_are_in_use_is_not_away():
    with another_connection(pool={"min_size": 1, "max_size": 1, "timeout": 0.2}) as own:
        own.pool.open()
        with own.pool.connection():
            assert scraped()[("database_up",)] == 1
