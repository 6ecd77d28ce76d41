"""What each action of staff costs: its statements, the CPU of the web process, and that of its database session.

Each is done anew each time, to rows that were just made for it, and beside the floor: a POST in the same frame that
checks a form, writes a row and redirects. The figures are the middle of some tries, the least of some rounds.
"""

import gc
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from billing_admin.web.form_fields import new_key
from clients.models import Client, ClientNote
from invoices.models import Invoice
from invoices.services.issue import NewLine, bill_client, draft_invoice, issue_invoice
from tests.benchmarks import last_result
from tests.benchmarks.measuring import lay_out, stage
from tests.benchmarks.synthetic.database import make_data
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from transactions.services.receive import receive_payment

ROUNDS = 3
TIMES = 30
FLOOR = "bare POST"
_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
_numbers = itertools.count(1)

type Act = Callable[[], object]


@dataclass
class Cost:
    """One action: its statements, and milliseconds of CPU in the process and in the database session."""

    name: str
    statements: int
    cpu: float = float("inf")
    database: float = float("inf")


def run(size: int, empty: Callable[[], None]) -> str:
    """The table beside so many clients with their past, and beside what was measured last."""
    empty()
    with stage(f"Making {size:,} clients with their past"):
        make_data(clients=size, due=timezone.localdate(), past=True)
    with stage(f"The actions, {ROUNDS} times {TIMES} times each"):
        costs = measure()
    before = last_result.exchange("actions", [asdict(cost) for cost in costs])
    return _table(costs, {cost["name"]: Cost(**cost) for cost in before or []})


@override_settings(ROOT_URLCONF="tests.benchmarks.pages.bare")
def count_statements() -> list[Cost]:
    """Each action with how many statements it sends, the floor first."""
    costs = []
    for name, prepare in _actions().items():
        act = prepare()
        with CaptureQueriesContext(connection) as seen:
            act()
        costs.append(Cost(name, len(seen)))
    return costs


@override_settings(ROOT_URLCONF="tests.benchmarks.pages.bare")
def measure() -> list[Cost]:
    """The same with its times, in the database as it is."""
    gc.freeze()  # as in a web worker
    costs, actions = count_statements(), _actions()
    for _ in range(ROUNDS):
        for cost in costs:
            tries = [_once(actions[cost.name]()) for _ in range(TIMES)]
            cost.cpu = min(cost.cpu, statistics.median(cpu for cpu, _ in tries))
            cost.database = min(cost.database, statistics.median(database for _, database in tries))
    return costs


def _once(act: Act) -> tuple[float, float]:
    """Milliseconds of CPU of this process and of its database session."""
    connection.ensure_connection()
    session = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    gc.collect()
    database = _nanoseconds(session)
    begun = time.process_time_ns()
    act()
    return (time.process_time_ns() - begun) / 1e6, (_nanoseconds(session) - database) / 1e6


def _nanoseconds(session: Path) -> int:
    return int(session.read_text().split()[0])


def _actions() -> dict[str, Callable[[], Act]]:
    """Name → what makes what an action needs, and gives the action itself."""
    person = User.objects.get_or_create(username="bench", is_superuser=True)[0]
    browser = Browser()
    browser.force_login(person)
    method = make_payment_method()

    def sent(url: str, data: dict[str, Any], **headers: str) -> Act:
        def send() -> None:
            answer = browser.post(url, data, headers=headers)
            if answer.status_code not in (200, 204, 302):
                raise AssertionError(f"{url} answers {answer.status_code}: {answer.content.decode()}")

        return send

    def popup(name: str, of: int, **data: Any) -> Act:
        return sent(reverse(name, args=[of]), data, **_DIALOG)

    def floor() -> Act:
        return sent(f"/bare/{make_client().pk}/note/", {"text": "Called, wants a copy of the last invoice."})

    def issue_by_service() -> Act:
        draft = _draft()
        return lambda: issue_invoice(invoice=draft, by=person)

    def bill_by_service() -> Act:
        acme = _with_credit()
        return lambda: bill_client(client=acme, lines=_lines(), by=person)

    def issue() -> Act:
        return popup("invoices:issue", _draft().pk)

    def create() -> Act:
        acme = _with_credit()
        lines = {
            "line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 0, "line-0-description": "Hosting", "line-0-quantity": "1",
            "line-0-unit_price": "30", "line-1-description": "Mail", "line-1-quantity": "2", "line-1-unit_price": "10",
        }  # fmt: skip
        once = {"currency": "USD", "prices": "excluded", "key": new_key(), "issue": ""}
        return sent(reverse("invoices:create", args=[acme.number]), once | lines)

    def add_credit() -> Act:
        more = {"category": "promotional", "priority": 50, "key": new_key()}
        number = _with_credit().number
        return popup("credits:manage", number, amount="5", currency="USD", description="Downtime", **more)

    def pay() -> Act:
        invoice = make_invoice(make_client(), usd(30))
        figures = {"amount": "30", "date": timezone.localdate().isoformat(), "payment_method": method.pk}
        return popup("transactions:record", invoice.pk, **figures, reference=new_key(), key=new_key())

    def merge() -> Act:
        kept, gone = _with_ten_rows(), _with_ten_rows()
        return popup("clients:merge", kept.number, other=gone.number, keep=kept.number, email="kept")

    def delete() -> Act:
        number = _with_ten_rows().number
        return popup("clients:delete", number, number=number)

    def _with_ten_rows() -> Client:
        """Two invoices with a line each, a payment, a credit with two entries, a contact and a note, and their log."""
        acme = make_client()
        first, _ = (make_invoice(acme, usd(10)) for _ in range(2))
        receive_payment(invoices=[first], amount=usd(10), payment_method=method, by=None)
        give_credit(acme, usd(5))
        acme.contacts.create(first_name="Ann", email=f"ann{next(_numbers)}@example.com")
        ClientNote.objects.create(client=acme, text="Called", author_name="Ann")
        return acme

    return {
        FLOOR: floor,
        "bill a client, the service": bill_by_service,
        "issue a draft, the service": issue_by_service,
        "issue a draft": issue,
        "create an invoice and issue it": create,
        "add credit": add_credit,
        "record a payment": pay,
        "merge two clients of ten rows": merge,
        "delete a client of ten rows": delete,
    }


def _with_credit() -> Client:
    acme = make_client()
    give_credit(acme, usd(20))
    return acme


def _draft() -> Invoice:
    """Two lines of 50.00 USD together, of a client with 20.00 USD of credit."""
    return draft_invoice(client=_with_credit(), lines=_lines(), by=None)


def _lines() -> list[NewLine]:
    return [NewLine("Hosting", usd(30)), NewLine("Mail", usd(10), quantity=Decimal(2))]


def _table(costs: list[Cost], before: dict[str, Cost]) -> str:
    """A line an action; what was measured last stands behind each figure."""
    rows: list[tuple[str, ...]] = [("action", "statements", "CPU ms", "x bare POST", "database CPU ms")]
    floors = {"": costs[0].cpu, "last": before[FLOOR].cpu if FLOOR in before else 1.0}
    for cost in costs:
        last = before.get(cost.name)
        former = (
            ("", "", "", "")
            if last is None
            else (
                f" ({last.statements})", f" ({last.cpu:.1f})", f" ({last.cpu / floors['last']:.2f})",
                f" ({last.database:.1f})",
            )
        )  # fmt: skip
        now = (f"{cost.statements}", f"{cost.cpu:.1f}", f"{cost.cpu / floors['']:.2f}", f"{cost.database:.1f}")
        rows.append((cost.name, *map("".join, zip(now, former, strict=True))))
    words = " (in brackets: the last time)" if before else ""
    return f"Actions{words}\n{lay_out(rows, left={0})}"
