"""manage.py daily"""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from billing_admin.jobs.daily import daily_lock, last_daily_tasks, run_daily_task
from billing_admin.jobs.tasks import Outcome
from billing_admin.models import Job
from clients.models import Activity
from credits.models import LedgerCheck
from credits.services.invariants import INVARIANTS
from invoices.models import Invoice, RunLimits
from tests.commands import Ran, run_command
from tests.factories import give_credit, make_client, make_item, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

IN_ORDER = f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found."
NOT_CLOSED = "close_periods: No month or day was left to sum up."


def test_daily_expires_bills_and_checks_in_this_order():
    today = timezone.localdate()
    acme = make_client()
    grant = give_credit(acme, usd("7.00"), expires_on=today)
    type(grant).objects.filter(pk=grant.pk).update(expires_on=today - datetime.timedelta(days=1))
    give_credit(acme, usd("2.00"))
    make_item(acme, usd("10.00"), due=today)
    ran, count = run_command("daily"), Activity.objects.count()
    assert ran == Ran(
        [
            "expire_credit: 7.00 USD expired.",
            "generate_invoices: 1 invoice, 10.00 USD; finished.",
            NOT_CLOSED,
            f"check_ledger: {IN_ORDER}",
            "sum_months: 2 sums of months and of overdue invoices.",
            "forget_sign_ins: Nothing to forget.",
            "announce_expiring: Nobody to tell.",
            "send_reminders: Reminders are switched off in Settings → Mail.",
            "forget_mail: Nothing to forget.",
            f"sign_off_activity: {count} activities up to seal 1, written down in the log.",
        ],
        [],
        "",
        0,
    )
    assert Invoice.objects.get().due == usd("8.00")
    assert list(Job.objects.order_by("started_at").values_list("kind", "state", "level", "outcome")) == [
        ("daily.expire_credit", "done", "good", "7.00 USD expired."),
        ("daily.generate_invoices", "done", "good", "1 invoice, 10.00 USD; finished."),
        ("daily.close_periods", "done", "good", "No month or day was left to sum up."),
        ("daily.check_ledger", "done", "good", IN_ORDER),
        ("daily.sum_months", "done", "good", "2 sums of months and of overdue invoices."),
        ("daily.forget_sign_ins", "done", "good", "Nothing to forget."),
        ("daily.announce_expiring", "done", "good", "Nobody to tell."),
        ("daily.send_reminders", "done", "good", "Reminders are switched off in Settings → Mail."),
        ("daily.forget_mail", "done", "good", "Nothing to forget."),
        (
            "daily.sign_off_activity",
            "done",
            "good",
            f"{count} activities up to seal 1, written down in the log.",
        ),
    ]
    assert LedgerCheck.objects.count() == 1
    assert_invariants()

    again = run_command("daily")
    assert again.printed == [
        "expire_credit: Nothing has expired.",
        f"generate_invoices: Nothing is due by {today:%-d %b %Y}; no invoice was made.",
        NOT_CLOSED,
        f"check_ledger: {IN_ORDER}",
        "sum_months: 2 sums of months and of overdue invoices.",
        "forget_sign_ins: Nothing to forget.",
        "announce_expiring: Nobody to tell.",
        "send_reminders: Reminders are switched off in Settings → Mail.",
        "forget_mail: Nothing to forget.",
        "sign_off_activity: Nothing was done since the last time.",
    ]
    assert [task.job.outcome for task in last_daily_tasks()] == [line.split(": ", 1)[1] for line in again.printed]
    assert (Job.objects.count(), Invoice.objects.count()) == (20, 1)


def test_who_cannot_be_billed_is_told_and_the_ledger_is_checked():
    make_item(make_client(), usd("1000.00"), due=timezone.localdate())
    RunLimits.objects.create(largest_totals={"USD": "1.00"})
    ran = run_command("daily")
    assert (ran.error, ran.exit_code) == ("Look at generate_invoices; the rest went well.", 1)
    assert ran.printed[1:] == [
        "generate_invoices: 0 invoices, 0; 1 client could not be billed.",
        NOT_CLOSED,
        f"check_ledger: {IN_ORDER}",
        "sum_months: Nothing to add up.",
        "forget_sign_ins: Nothing to forget.",
        "announce_expiring: Nobody to tell.",
        "send_reminders: Reminders are switched off in Settings → Mail.",
        "forget_mail: Nothing to forget.",
        "sign_off_activity: 2 activities up to seal 1, written down in the log.",
    ]
    task = Job.objects.get(kind="daily.generate_invoices")
    assert (task.state, task.level) == ("failed", "danger")


def test_a_task_that_raises_has_failed_and_says_what():
    def stumble() -> Outcome:
        raise ValueError("a bug")

    assert run_daily_task("check_ledger", stumble, by=None) == Outcome("ValueError: a bug", Job.Level.DANGER)
    task = Job.objects.get()
    assert (task.state, task.outcome) == ("failed", "ValueError: a bug")
    assert task.finished_at is not None


def test_a_killed_daily_is_shown_as_interrupted_and_ended_by_the_next():
    with daily_lock():
        left = Job.objects.create(kind="daily.check_ledger", state="running", started_at=timezone.now())
        assert [task.state for task in last_daily_tasks()] == ["running"]
    assert [task.state for task in last_daily_tasks()] == ["interrupted"]
    assert run_command("daily").exit_code == 0
    left.refresh_from_db()
    assert (left.state, left.outcome) == ("failed", "It was interrupted before it ended.")
    assert [task.state for task in last_daily_tasks()] == ["done"] * 10


def test_a_task_that_ends_while_the_page_is_drawn_is_not_interrupted():
    left = Job.objects.create(kind="daily.check_ledger", state="running", started_at=timezone.now())

    def end_meanwhile(execute, sql, params, many, context):
        if "pg_locks" in sql:
            Job.objects.filter(pk=left.pk).update(state="done")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end_meanwhile):
        assert [task.state for task in last_daily_tasks()] == ["done"]


def test_daily_keeps_the_last_of_each_task_and_what_ended_within_a_month():
    for days in (40, 31, 29):
        at = timezone.now() - datetime.timedelta(days=days)
        Job.objects.create(kind="daily.check_ledger", state="done", outcome=f"{days}", started_at=at, finished_at=at)
    run_daily_task("check_ledger", lambda: Outcome("0"), by=None)
    assert list(Job.objects.order_by("pk").values_list("outcome", flat=True)) == ["29", "0"]


def test_a_second_daily_at_once_does_nothing():
    make_item(make_client(), usd("10.00"), due=timezone.localdate())
    sentence = "The daily tasks are at work in another process; nothing was done."
    with daily_lock():
        with nothing_changes():
            assert run_command("daily") == Ran([], [], sentence, 1)
        with refused(sentence), daily_lock():
            pass
    assert run_command("daily").exit_code == 0


def test_where_everything_went_wrong_nothing_is_said_to_have_gone_well():
    def stumble(execute, sql, params, many, context):
        if not any(word in sql for word in ("billing_admin_job", "SAVEPOINT", "pg_locks")):
            raise ValueError("a bug")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stumble):
        ran = run_command("daily")
    first = "expire_credit and generate_invoices and close_periods and check_ledger"
    assert (
        ran.error == f"Look at {first} and sum_months and forget_sign_ins and announce_expiring and send_reminders and "
        "forget_mail and sign_off_activity."
    )
