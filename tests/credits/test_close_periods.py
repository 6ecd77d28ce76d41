"""Months and days that are over are summed up once, and the report stays what the whole ledger comes to."""

import datetime
import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing_admin.db.days import end_of, ends_shown, start_of
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from clients.models import Client
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import ClosedPeriod, ClosedPeriodSum, CreditEntry, LedgerFinding
from credits.selectors import liability
from credits.selectors.liability import held_at_ends_of, is_soon_added_up, roll_forward
from credits.services import close_periods as service
from credits.services.check import check_ledger
from credits.services.close_periods import Closed, close_periods
from credits.services.remove import remove_credit
from credits.services.transfer import transfer_credit
from tests.commands import run_command
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.raw_sql import triggers_off
from tests.unchanged import refused_by_database
from transactions.services.delete import delete_transactions
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

NOW = "2099-07-10 12:00"
TENTH = datetime.date(2099, 7, 10)
BY_THE_LEDGER = """
    SELECT entry.currency, grant_.category, entry.kind,
           coalesce(sum(entry.amount) FILTER (WHERE entry.at < %(start)s), 0),
           coalesce(sum(entry.amount) FILTER (WHERE entry.at >= %(start)s), 0)
    FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
    WHERE entry.at < %(end)s GROUP BY 1, 2, 3
"""


def by_the_ledger(first: datetime.date, last: datetime.date) -> dict[tuple[str, str, str], Decimal]:
    """Opening balance and movements by the sum of all entries, without those that come to nothing."""
    found: dict[tuple[str, str, str], Decimal] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_THE_LEDGER, {"start": start_of(first), "end": end_of(last)})
        for currency, category, kind, before, within in cursor.fetchall():
            found[currency, category, "opening"] = found.get((currency, category, "opening"), Decimal(0)) + before
            found[currency, category, kind] = within
    return {key: amount for key, amount in found.items() if amount}


def reported(first: datetime.date, last: datetime.date) -> dict[tuple[str, str, str], Decimal]:
    return {
        (part.currency, category, what): amount
        for part in roll_forward(first, last)
        for what, amounts in {"opening": part.opening, **part.movements}.items()
        for category, amount in amounts.items()
        if amount
    }


@pytest.fixture
def at(time_machine):
    """Move to a time."""
    return lambda moment: time_machine.move_to(moment, tick=False)


@pytest.fixture
def acme(at) -> Client:
    """A client who got 10.00 in May 2099, of which 3.00 went on 4 June, and 5.00 on 10 July."""
    acme = make_client()
    at("2099-05-20 12:00")
    give_credit(acme, usd(10))
    at("2099-06-04 12:00")
    remove_credit(client=acme, amount=usd(3), description="Mistake", by=None)
    at(NOW)
    give_credit(acme, usd(5))
    return acme


def test_months_and_days_with_entries_are_closed_once(acme):
    assert close_periods() == Closed(summed=4, waiting=0)
    closed = ClosedPeriod.objects.order_by("starts_at", "-length")
    assert [(one.length, timezone.localdate(one.starts_at).isoformat()) for one in closed] == [
        ("month", "2099-05-01"),
        ("day", "2099-05-20"),
        ("month", "2099-06-01"),
        ("day", "2099-06-04"),
    ]
    sums = ClosedPeriodSum.objects.order_by("period__starts_at", "period__length").values_list("kind", "amount")
    assert list(sums) == [("grant", 10)] * 2 + [("remove", -3)] * 2
    assert close_periods() == Closed(summed=0, waiting=0)
    assert ClosedPeriodSum.objects.count() == 4


def test_only_what_is_dated_in_a_closed_period_is_added_to_its_sums(acme, at):
    close_periods()
    give_credit(acme, usd(1))
    assert ClosedPeriodSum.objects.count() == 4
    at("2099-06-04 15:00")
    remove_credit(client=acme, amount=usd(2), description="Found late", by=None)
    at("2099-06-05 15:00")
    remove_credit(client=acme, amount=usd(1), description="Found late", by=None)
    # June and the 4th, and June; the 5th is not closed.
    assert list(ClosedPeriodSum.objects.order_by("pk").values_list("amount", flat=True)[4:]) == [-2, -2, -1]
    at(NOW)
    assert close_periods() == Closed(summed=1, waiting=0)
    of_june = ClosedPeriodSum.objects.filter(period__length="month", kind="remove")
    assert [row.amount for row in of_june] == [-6]
    assert check_ledger().finding_count == 0


def test_a_part_of_today_is_closed_where_much_has_come(acme, at, monkeypatch):
    monkeypatch.setattr(service, "ENTRIES_OF_A_PART", 2)
    give_credit(acme, usd(1))
    at("2099-07-10 13:00")
    assert close_periods() == Closed(summed=5, waiting=0)
    give_credit(acme, usd(1))
    assert close_periods() == Closed(summed=0, waiting=0)
    at("2099-07-11 13:00")
    close_periods()
    tenth = ClosedPeriod.objects.filter(length="day", starts_at__gte=start_of(datetime.date(2099, 7, 10)))
    assert [(f"{one.starts_at:%d %H}", f"{one.ends_at:%d %H}") for one in tenth.order_by("starts_at")] == [
        ("10 00", "10 13"),
        ("10 13", "11 00"),
    ]
    assert reported(TENTH, TENTH) == by_the_ledger(TENTH, TENTH)
    assert check_ledger().finding_count == 0


def test_closed_periods_are_read_instead_of_the_ledger(acme):
    close_periods()
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE credits_closedperiodsum SET amount = amount + 100 WHERE kind = 'grant'")
    june = reported(datetime.date(2099, 6, 3), datetime.date(2099, 7, 10))
    assert june == {("USD", "promotional", "opening"): 110, ("USD", "promotional", "remove"): -3,
                    ("USD", "promotional", "grant"): 5}  # fmt: skip


def test_what_was_held_at_the_ends_of_months(acme):
    held = {"USD": [*[Decimal(0)] * 10, Decimal(10), Decimal(7), Decimal(12)]}
    assert held_at_ends_of(ends_shown(TENTH)) == held
    close_periods()
    assert held_at_ends_of(ends_shown(TENTH)) == held


def test_few_entries_are_soon_added_up_and_many_once_they_are_closed(acme, monkeypatch):
    assert is_soon_added_up()
    monkeypatch.setattr(liability, "SUMMED_UP_TO", 2)
    assert not is_soon_added_up()
    close_periods()
    assert is_soon_added_up()
    ClosedPeriod.objects.create(
        length="day",
        starts_at=start_of(datetime.date(2099, 5, 1)),
        ends_at=start_of(datetime.date(2099, 5, 2)),
    )
    assert not is_soon_added_up()


def test_check_ledger_finds_a_changed_and_a_missing_sum(acme):
    close_periods()
    assert check_ledger().finding_count == 0
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE credits_closedperiodsum SET amount = amount + 1 WHERE kind = 'grant'")
        cursor.execute("DELETE FROM credits_closedperiodsum WHERE kind = 'remove'")
    check_ledger()
    texts = LedgerFinding.objects.order_by("subject_id").values_list("invariant", "text")
    assert [(code, text.split(" ", 4)[4]) for code, text in texts] == [
        ("I11", "is summed up as 11.000 USD promotional grant, but its entries come to 10.000"),
        ("I11", "is summed up as 11.000 USD promotional grant, but its entries come to 10.000"),
        ("I11", "is summed up as 0 USD promotional remove, but its entries come to -3.000"),
        ("I11", "is summed up as 0 USD promotional remove, but its entries come to -3.000"),
    ]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("DELETE FROM credits_closedperiodsum", "The parts of a sum go only where their sum replaces them."),
        ("UPDATE credits_closedperiodsum SET amount = 1", "The sums of closed periods are only added to."),
        ("DELETE FROM credits_closedperiod", "A closed period stays closed."),
        ("UPDATE credits_closedperiod SET ends_at = now()", "A closed period stays as it is."),
        ("UPDATE credits_closedperiod SET summed_at = NULL", "A closed period is summed up once."),
    ],
)
def test_closed_periods_and_their_sums_are_not_rewritten(acme, statement, text):
    close_periods()
    with refused_by_database(text), maintenance("delete"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_periods_of_a_length_never_overlap(acme):
    close_periods()
    june = ClosedPeriod.objects.get(length="month", starts_at=start_of(datetime.date(2099, 6, 1)))
    with refused_by_database("closed_months_apart"):
        ClosedPeriod.objects.create(
            length="month", starts_at=june.ends_at - datetime.timedelta(hours=1), ends_at=timezone.now()
        )


def test_a_deletion_leaves_nothing_in_the_report(acme):
    close_periods()
    delete_client(client=acme, by=None, with_transactions=True)
    assert roll_forward(datetime.date(2099, 6, 1), datetime.date(2099, 7, 10)) == []
    assert check_ledger().finding_count == 0
    close_periods()
    assert not ClosedPeriodSum.objects.exists()


def test_daily_closes_before_it_checks(acme):
    printed = run_command("daily").printed
    assert printed[2:4] == ["close_periods: 4 months and days summed up.", printed[3]]
    assert printed[3].startswith("check_ledger: The ledger is in order")
    assert "close_periods: No month or day was left to sum up." in run_command("daily").printed


# ── Random operations ──

FIRST, LAST = datetime.date(2098, 5, 10), datetime.date(2099, 7, 9)
ZONES = ("UTC", "UTC", "UTC", "America/New_York", "Pacific/Auckland")


OPERATIONS = ["give"] * 3 + ["pay"] * 2 + ["remove", "transfer", "forget", "delete", "merge", "undo"]


def one_operation(dice: random.Random, holders: list[Client], merges: list) -> None:
    """Something that changes the ledger, at whatever time it is."""
    one, other = dice.sample(holders, 2)
    category = dice.choice(["promotional", "paid"])
    match dice.choice(OPERATIONS):
        case "give":
            give_credit(one, usd(dice.randint(1, 90)), category=category)
        case "remove":
            remove_credit(client=one, amount=usd(dice.randint(1, 20)), description="Mistake", by=None)
        case "transfer":
            transfer_credit(source=one, target=other, amount=usd(dice.randint(1, 30)), category=category, by=None)
        case "pay":
            invoice = make_invoice(one, usd(dice.randint(1, 40)))
            if due := invoice.due.amount:
                card = make_payment_method()
                receive_payment(invoices=[invoice], amount=usd(due + 5), payment_method=card, by=None)
        case "forget":
            paid = one.transactions.values_list("pk", flat=True).first()
            if paid:
                delete_transactions(client=one, chosen=[paid], by=None)
        case "delete":
            holders[holders.index(one)] = make_client()
            delete_client(client=Client.objects.get(pk=one.pk), by=None, with_transactions=True)
        case "merge":
            holders[holders.index(other)] = make_client()
            merges.append(merge_clients(kept=one, discarded=other, by=None))
        case "undo" if merges:
            undo_merge(merge=merges.pop(), by=None)


def test_the_report_is_what_the_ledger_comes_to_whatever_happened(at, monkeypatch):
    dice = random.Random(15)
    monkeypatch.setattr(service, "ENTRIES_OF_A_PART", 2)
    holders = [make_client() for _ in range(4)]
    merges: list = []
    days = (LAST - FIRST).days
    done = closed = 0
    for number in range(120):
        now = datetime.datetime.combine(FIRST, datetime.time.min, datetime.UTC)
        at(now + datetime.timedelta(days=dice.randint(0, days), minutes=dice.choice([0, 60, 720, 1439])))
        try:
            one_operation(dice, holders, merges)
            done += 1
        except BusinessError:  # too little credit, gone meanwhile: not what this is about
            pass
        with timezone.override(dice.choice(ZONES)):
            if dice.random() < 0.1:
                closed += close_periods().summed
            if number % 5 == 0:
                for _ in range(3):
                    first, last = sorted(FIRST + datetime.timedelta(days=dice.randint(-5, days + 5)) for _ in range(2))
                    assert reported(first, last) == by_the_ledger(first, last)
                days_shown = ends_shown(last)
                held = held_at_ends_of(days_shown).get("USD", [Decimal(0)] * len(days_shown))
                assert held == [sum(by_the_ledger(day, day).values()) for day in days_shown]
    assert check_ledger().finding_count == 0
    assert done > 60
    assert closed > 30


# ── The plan ──

_MANY = """
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, description, actor_name, at)
    SELECT grant_id, account_id, client_id, 'adjust', currency, 1, '', '', at - n * interval '4 minutes'
    FROM credits_creditentry, generate_series(1, 200000) n WHERE id = %s
"""


@pytest.mark.slow
def test_the_report_reads_no_more_of_the_ledger_than_is_not_closed(acme):
    newest = CreditEntry.objects.order_by("-at")[0]
    with connection.cursor() as cursor:
        with triggers_off():
            cursor.execute(_MANY, [newest.pk])
        cursor.execute("ANALYZE credits_creditentry, credits_creditgrant")
    close_periods()
    period = (datetime.date(2098, 9, 15), datetime.date(2099, 7, 10))  # what is not closed is before all and today
    with CaptureQueriesContext(connection) as asked:
        assert reported(*period) == by_the_ledger(*period)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {asked[0]['sql']}")
        scans = [line for (line,) in cursor.fetchall() if "on credits_creditentry" in line]
    assert ["Index Scan" in line and "rows=90.50 loops=2" in line for line in scans] == [True], scans
