"""Ask for a page, and look at every query that it made: its plan, and how long it takes on a warm cache."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client as Browser

# The tables that grow with the business; a sequential scan of one takes longer each year. (Of one that is nearly empty,
# as some are in synthetic data, PostgreSQL reads the single page that it has.)
NEARLY_EMPTY = 10

# The best of so many counts: other work on the machine only makes slower.
TRIES = 5

GROWING = frozenset(
    (
        "clients_client", "clients_activity", "clients_contact", "clients_clientnote", "invoices_invoice",
        "invoices_invoiceline", "invoices_billableitem", "invoices_creditnote", "invoices_creditnoteline",
        "transactions_transaction", "credits_creditaccount", "credits_creditgrant", "credits_creditentry",
    )
)  # fmt: skip


@dataclass
class Query:
    """One statement of a page: its milliseconds by EXPLAIN ANALYZE, the tables read from end to end, rows sorted."""

    sql: str
    parameters: Any
    milliseconds: float = 0.0
    scanned: list[str] = field(default_factory=list)
    sorted_rows: int = 0
    plan: list[str] = field(default_factory=list)


@dataclass
class Walked:
    """A page: the rows of its tables, its queries, and the seconds of the fastest of some tries."""

    name: str
    address: str
    rows: int = 0
    seconds: float = 0.0
    queries: list[Query] = field(default_factory=list)


def walk(browser: Browser, name: str, address: str) -> Walked:
    """Ask for the page to warm it up, then for its queries, then some times for its time."""
    rows = browser.get(address).content.count(b"<tr")
    queries = queries_of(browser, address)
    seconds = min(_seconds(browser, address) for _ in range(TRIES))
    for query in queries:
        explain(query)
    return Walked(name, address, rows, seconds, queries)


def queries_of(browser: Browser, address: str) -> list[Query]:
    """The statements of a page, with their parameters."""
    found: list[Query] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        found.append(Query(sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        answer = browser.get(address)
    assert answer.status_code in (200, 302), f"{address} answers {answer.status_code}"
    return found


def explain(query: Query, *, analyze: bool = True) -> None:
    """Have PostgreSQL say how it runs the query; what changes something is left alone."""
    if not query.sql.lstrip(" (\n").upper().startswith(("SELECT", "WITH")) or " FOR NO KEY UPDATE" in query.sql:
        return
    how = "ANALYZE, TIMING OFF, FORMAT JSON" if analyze else "FORMAT JSON"
    answers = []
    with connection.cursor() as cursor:
        for _ in range(TRIES if analyze else 1):
            cursor.execute(f"EXPLAIN ({how}) {query.sql}", query.parameters)
            answers += [answer[0] for (answer,) in cursor.fetchall()]
    told = min(answers, key=lambda answer: answer.get("Execution Time", 0.0))
    query.milliseconds = told.get("Execution Time", 0.0)
    for depth, node in _nodes(told["Plan"]):
        kind, table = node["Node Type"], node.get("Relation Name", "")
        rows = node.get("Actual Rows", node["Plan Rows"]) * node.get("Actual Loops", 1)
        if kind == "Seq Scan" and table in GROWING and rows + node.get("Rows Removed by Filter", 0) > NEARLY_EMPTY:
            query.scanned.append(table)
        if kind == "Sort":
            query.sorted_rows = max(query.sorted_rows, *(int(part["Actual Rows"] if analyze else part["Plan Rows"])
                                                         for part in node["Plans"]))  # fmt: skip
        removed = node.get("Rows Removed by Filter", 0)
        query.plan.append(
            f"{'  ' * depth}{kind} {node.get('Index Name', table)} rows={rows:.0f}"
            + (f" removed={removed:.0f}" if removed else "")
        )


def _nodes(plan: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part, depth + 1)


def _seconds(browser: Browser, address: str) -> float:
    begun = time.perf_counter()
    browser.get(address)
    return time.perf_counter() - begun
