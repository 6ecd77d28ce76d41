"""What each page costs the web process, beside a bare list and the sign-in page of the same run.

The time is the CPU's, in process, so that other work on the machine matters less: the median of some tries, the lowest
of some rounds over all pages.
"""

import gc
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import override_settings
from django.utils import timezone

from tests.benchmarks import last_result
from tests.benchmarks.measuring import lay_out, stage
from tests.benchmarks.pages.addresses import HEAVY_FROM, pages
from tests.benchmarks.pages.walking import TRIES, queries_of
from tests.benchmarks.synthetic.database import make_data

FEW = 1_000
ROUNDS = 3
TIMES = 30
# What is no list is measured against a bare list of so many columns.
COLUMNS = 10
SIGN_IN = "Sign in"

# Of all addresses those of the menu, of a client, and of a document.
_MEASURED = (
    "Home", "Clients", "Invoices", "Invoices, unpaid", "Invoices, overdue", "Transactions", "Credits", "Ledger",
    "Expiring", "Liability", "Batches", "Billable items", "Runs", "Reports", "Settings", "client: Summary",
    "client: Profile", "client: billable items", "client: invoices", "client: Credits", "client: ledger",
    "client: transactions", "client: Activity", "client: statement", "client: statement of two years",
    "client: Manage Credits", "client: paid invoice", "client: transaction", "Clients by number", "owing: Summary",
    "owing: unpaid invoices", "heavy: Summary", "heavy: invoices", "heavy: transactions", "heavy: Manage Credits",
    "heavy: ledger", "Clients, search: company", "Ledger, applied promotional", "Transactions, search: common name",
)  # fmt: skip


@dataclass
class Cost:
    """One page: milliseconds of CPU in the process and of waiting for the database, its bytes and queries.

    `columns` are those of its list, and of the bare list that it is measured against.
    """

    name: str
    is_list: bool
    columns: int
    cpu: float
    database: float
    size: int
    queries: int
    floor: float = 0.0
    sign_in: float = 0.0


def run(sizes: list[int], empty: Callable[[], None]) -> str:
    """The table at 1,000 clients and at the sizes asked for, beside what was measured last."""
    found: dict[str, list[Cost]] = {}
    for size in sorted({FEW, *sizes}):
        empty()
        with stage(f"Making {size:,} clients with their past"):
            make_data(clients=size, due=timezone.localdate(), past=True, heavy=size >= HEAVY_FROM)
        with stage(f"The pages, {ROUNDS} times {TIMES} times each"):
            found[f"{size}"] = measure()
    before = last_result.exchange("pages", {size: [asdict(cost) for cost in costs] for size, costs in found.items()})
    return _table(found, {size: {cost["name"]: Cost(**cost) for cost in costs} for size, costs in before.items()})


@override_settings(ROOT_URLCONF="tests.benchmarks.pages.bare")
def measure() -> list[Cost]:
    """Each page of the database as it is, the sign-in page first."""
    gc.freeze()  # as in a web worker
    person, nobody = Browser(), Browser()
    person.force_login(User.objects.get_or_create(username="bench", is_superuser=True)[0])
    every = dict(pages(timezone.localdate()))
    found = [_looked_at(nobody, SIGN_IN, "/sign-in/")]
    asked = {SIGN_IN: (nobody, "/sign-in/")}
    for name in _MEASURED:
        if name in every:
            asked[name] = (person, every[name])
            found.append(_looked_at(person, name, every[name]))
    bare = {cost.columns: (person, f"/bare/{cost.columns}/") for cost in found}
    floors: dict[int, float] = {}
    for _ in range(ROUNDS):
        for columns, where in bare.items():
            floors[columns] = min(_cpu(*where), floors.get(columns, float("inf")))
        for cost in found:
            cost.cpu = min(_cpu(*asked[cost.name]), cost.cpu)
    for cost in found:
        cost.floor, cost.sign_in = floors[cost.columns], found[0].cpu
    return found


def _looked_at(browser: Browser, name: str, address: str) -> Cost:
    """All but its CPU time."""
    content = browser.get(address).content
    head = re.search(rb"<thead>.*?</thead>", content, re.DOTALL)
    is_list = b'class="pager"' in content and head is not None
    columns = head.group().count(b"<th ") if is_list and head else COLUMNS
    database = min(_waited(browser, address) for _ in range(TRIES))
    return Cost(name, is_list, columns, float("inf"), database, len(content), len(queries_of(browser, address)))


def _waited(browser: Browser, address: str) -> float:
    """The milliseconds in which the page waited for its statements."""
    waited = 0.0

    def note(execute: Callable[..., object], *statement: object) -> object:
        nonlocal waited
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            waited += time.perf_counter() - begun

    with connection.execute_wrapper(note):
        browser.get(address)
    return waited * 1000


def _cpu(browser: Browser, address: str) -> float:
    """The milliseconds of CPU that the page takes, in the middle of the tries."""
    return statistics.median(_cpu_once(browser, address) for _ in range(TIMES)) * 1000


def _cpu_once(browser: Browser, address: str) -> float:
    begun = time.process_time()
    browser.get(address)
    return time.process_time() - begun


def _table(found: dict[str, list[Cost]], before: dict[str, dict[str, Cost]]) -> str:
    """A line a page and size; what was measured last stands behind each figure."""
    rows: list[tuple[str, ...]] = [
        ("page", "clients", "columns", "CPU ms", "x bare list", "x sign-in", "database ms", "KB", "queries")
    ]
    for size, costs in found.items():
        for cost in costs:
            last = before.get(size, {}).get(cost.name)

            def figure(value: Callable[[Cost], float], places: int, cost: Cost = cost, last: Cost | None = last) -> str:
                former = "" if last is None else f" ({value(last):.{places}f})"
                return f"{value(cost):.{places}f}{former}"

            rows.append(
                (
                    cost.name,
                    f"{int(size):,}",
                    f"{cost.columns}" if cost.is_list else "",
                    figure(lambda one: one.cpu, 1),
                    figure(lambda one: one.cpu / one.floor, 2),
                    figure(lambda one: one.cpu / one.sign_in, 1),
                    figure(lambda one: one.database, 1),
                    figure(lambda one: one.size / 1000, 1),
                    figure(lambda one: one.queries, 0),
                )
            )
    former = " (in brackets: the last time)" if before else ""
    return f"Pages{former}\n{lay_out(rows, left={0})}"
