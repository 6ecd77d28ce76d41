"""manage.py daily"""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from credits.models import LedgerCheck
from credits.services.check import INVARIANTS
from invoices.models import Invoice, NightlyTask, RunLimits
from invoices.services.nightly import NightAtWork, Outcome, do_nightly, the_night
from tests.commands import Ran, run_command
from tests.factories import give_credit, make_client, make_item, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

IN_ORDER = f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found."


def test_a_night_expires_bills_and_checks_in_this_order():
    today = timezone.localdate()
    acme = make_client()
    grant = give_credit(acme, usd("7.00"), expires_on=today)
    type(grant).objects.filter(pk=grant.pk).update(expires_on=today - datetime.timedelta(days=1))
    give_credit(acme, usd("2.00"))
    make_item(acme, usd("10.00"), due=today)
    assert run_command("daily") == Ran(
        [
            "expire_credit: 7.00 USD expired.",
            "generate_invoices: 1 invoice, 10.00 USD; finished.",
            f"check_ledger: {IN_ORDER}",
        ],
        [],
        "",
        0,
    )
    assert Invoice.objects.get().due == usd("8.00")
    tasks = NightlyTask.objects.order_by("started_at").values_list("name", "state", "outcome")
    assert list(tasks) == [
        ("expire_credit", "done", "7.00 USD expired."),
        ("generate_invoices", "done", "1 invoice, 10.00 USD; finished."),
        ("check_ledger", "done", IN_ORDER),
    ]
    assert LedgerCheck.objects.count() == 1
    assert_invariants()

    again = run_command("daily")
    assert again.printed == [
        "expire_credit: Nothing has expired.",
        f"generate_invoices: Nothing is due by {today:%-d %b %Y}; no invoice was made.",
        f"check_ledger: {IN_ORDER}",
    ]
    assert (NightlyTask.objects.count(), Invoice.objects.count()) == (3, 1)


def test_a_client_that_cannot_be_billed_is_told_and_the_ledger_is_checked_all_the_same():
    make_item(make_client(), usd("1000.00"), due=timezone.localdate())
    RunLimits.objects.create(largest_totals={"USD": "1.00"})
    ran = run_command("daily")
    assert (ran.error, ran.exit_code) == ("Look at generate_invoices; the rest went well.", 1)
    assert ran.printed[1:] == [
        "generate_invoices: 0 invoices, 0; 1 client could not be billed.",
        f"check_ledger: {IN_ORDER}",
    ]
    assert NightlyTask.objects.get(name="generate_invoices").state == "failed"


def test_a_task_that_raises_has_failed_and_says_what():
    def stumble() -> Outcome:
        raise ValueError("a bug")

    assert do_nightly("check_ledger", stumble) == Outcome(False, "ValueError: a bug")
    task = NightlyTask.objects.get()
    assert (task.state, task.outcome) == ("failed", "ValueError: a bug")
    assert task.finished_at is not None


def test_a_second_night_at_once_does_nothing():
    make_item(make_client(), usd("10.00"), due=timezone.localdate())
    sentence = "The nightly tasks are at work in another process; nothing was done."
    with the_night():
        with nothing_changes():
            assert run_command("daily") == Ran([], [], sentence, 1)
        with refused(NightAtWork, sentence), the_night():
            pass
    assert run_command("daily").exit_code == 0


def test_where_everything_went_wrong_nothing_is_said_to_have_gone_well():
    def stumble(execute, sql, params, many, context):
        if "invoices_nightlytask" not in sql and "SAVEPOINT" not in sql:
            raise ValueError("a bug")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stumble):
        ran = run_command("daily")
    assert ran.error == "Look at expire_credit and generate_invoices and check_ledger."
