"""The Credit Liability page, against the bare sum of the same entries."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from credits.models import CreditEntry
from tests.benchmarks.measuring import Measured, best_of, execute, stage
from tests.benchmarks.synthetic.database import make_data

_FLOOR = """
    SELECT entry.currency, grant_.category, entry.kind, sum(entry.amount)
    FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
    GROUP BY entry.currency, grant_.category, entry.kind
"""
ADDRESS = "/credits/liability/"


def run(count: int) -> list[Measured]:
    """The page with the credit that `count` clients were given in two years."""
    with stage(f"Making {count:,} clients with their past"):
        make_data(clients=count, due=timezone.localdate(), past=True)
    browser = Browser()
    browser.force_login(User.objects.create_superuser("bench", password="bench"))
    asked: list[str] = []

    def count_it(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count_it):
        assert browser.get(ADDRESS).status_code == 200
    with stage("The page and the sum, five times each"):
        page = best_of(5, lambda: browser.get(ADDRESS))
        floor = best_of(5, lambda: execute(_FLOOR))
    entries = CreditEntry.objects.count()
    return [Measured(f"liability page ({len(asked)} queries)", entries, page, floor, "SELECT sum(…) of all entries")]
