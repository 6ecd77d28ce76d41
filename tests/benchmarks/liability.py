"""The Credit Liability page, against the bare sums of the same closed months, closed days and entries."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.db.days import end_of, start_of
from credits.models import ClosedPeriod, CreditEntry
from credits.selectors.liability import roll_forward
from credits.services.close_periods import close_periods
from tests.benchmarks.measuring import Measured, best_of, execute, seconds, stage
from tests.benchmarks.synthetic.database import make_data

_BY_MONTH = """
    SELECT date_trunc('month', entry.at), entry.currency, grant_.category, entry.kind, sum(entry.amount)
    FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
    GROUP BY 1, 2, 3, 4
"""
_FLOOR = """
    SELECT currency, category, kind, sum(amount) FROM (
        SELECT currency, category, kind, amount FROM credits_closedperiodsum
        WHERE period_id IN (SELECT id FROM credits_closedperiod
                            WHERE length = 'month' OR length = 'day' AND starts_at >= %(month)s)
        UNION ALL
        SELECT entry.currency, grant_.category, entry.kind, entry.amount
        FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        WHERE entry.at >= %(closed)s AND entry.at < %(end)s) parts
    GROUP BY 1, 2, 3
"""
ADDRESS = "/credits/liability/"


def run(count: int) -> list[Measured]:
    """Closing what is over, and the page with the credit that `count` clients were given in two years."""
    today = timezone.localdate()
    with stage(f"Making {count:,} clients with their past"):
        make_data(clients=count, due=today, past=True)
    entries = CreditEntry.objects.count()
    browser = Browser()
    browser.force_login(User.objects.create_superuser("bench", password="bench"))
    asked: list[str] = []

    def count_it(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count_it):
        assert browser.get(ADDRESS).status_code == 200
    with stage("The page that reads the whole ledger"):
        reading_all = best_of(3, lambda: browser.get(ADDRESS))
        by_month = best_of(3, lambda: execute(_BY_MONTH))
    with stage("Closing every month and day that is over"):
        closing = seconds(close_periods)
    execute("VACUUM ANALYZE credits_closedperiod, credits_closedperiodsum")
    closed = ClosedPeriod.objects.order_by("-ends_at").values_list("ends_at", flat=True)[0]
    parameters = {"month": start_of(today.replace(day=1)), "closed": closed, "end": end_of(today)}
    with stage("The page, the report and the sums, twenty times each"):
        page = best_of(20, lambda: browser.get(ADDRESS))
        report = best_of(20, lambda: roll_forward(today.replace(day=1), today))
        year = best_of(20, lambda: roll_forward(today - datetime.timedelta(days=380), today))
        floor = best_of(20, lambda: execute(_FLOOR, parameters))
    every, sums = "SELECT sum(…) of all entries by month", "SELECT sum(…) of the same closed sums and entries"
    return [
        Measured(f"liability page ({len(asked)} queries), nothing closed", entries, reading_all, by_month, every),
        Measured("closing what is over", entries, closing, by_month, every),
        Measured(f"liability page ({len(asked)} queries)", entries, page, floor, sums),
        Measured("its report", entries, report, floor, sums),
        Measured("a report of 380 days", entries, year, floor, sums),
    ]
