"""An invoice run whose invoices are mailed, against the same run without mail; and how long its messages take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from clients.models import MailMessage, MailSettings
from clients.models.mail.message import MailMessageManager
from clients.services.mail.waves import take_waves_apart
from invoices.models import InvoiceRun
from invoices.services.runs.generate import generate_invoices
from tests.benchmarks.measuring import Measured, empty_database, execute, seconds, stage
from tests.benchmarks.synthetic.database import make_data

# What else the machine does must not look like a difference: each is done so often, in turn, and the fastest counts.
_ROUNDS = 3


def run(count: int) -> list[Measured]:
    """Bill `count` clients with and without mail, in turn; then make messages of what the run put in."""
    times: dict[bool, list[float]] = {False: [], True: []}
    apart = 0.0
    for number in range(_ROUNDS):
        for mailed in (False, True) if number % 2 else (True, False):
            times[mailed].append(_run(count, mailed=mailed))
            if mailed:
                with stage("Making messages of it"):
                    apart = seconds(take_waves_apart)
                assert MailMessage.objects.count() == InvoiceRun.objects.get().invoice_count
    print("without", [f"{each:.2f}" for each in times[False]], "with", [f"{each:.2f}" for each in times[True]])
    best = {mailed: min(each) for mailed, each in times.items()}
    return [
        Measured("invoice run with mail", count, best[True], best[False], "the same run without mail"),
        Measured("messages made of it", count, apart, best[False], "the run"),
    ]


@contextmanager
def _clocked() -> Iterator[list[float]]:
    """How long each call that puts mail in takes: of what the rest of the machine does, this has the least."""
    spent: list[float] = []
    put_in = MailMessageManager.queue

    def queue(self: MailMessageManager, *given: Any, **named: Any) -> int:
        begun = time.perf_counter()
        try:
            return put_in(self, *given, **named)
        finally:
            spent.append(time.perf_counter() - begun)

    MailMessageManager.queue = queue  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        MailMessageManager.queue = put_in  # type: ignore[method-assign]


def _run(count: int, *, mailed: bool) -> float:
    today = timezone.localdate()
    empty_database()
    with stage(f"Making {count:,} clients"):
        make_data(clients=count, due=today)
        if mailed:
            MailSettings.objects.create(
                from_address="billing@example.com", tested_at=timezone.now(), switched_on=["invoice"]
            )
        execute("VACUUM ANALYZE")
        execute("CHECKPOINT")
    with stage("The run with mail" if mailed else "The run without mail"), _clocked() as spent:
        taken = seconds(lambda: generate_invoices(as_of=today, by=None))
    print(f"{sum(spent) * 1000:.0f} ms of it, {sum(spent) / taken:.2%}, in {len(spent)} calls that put mail in.")
    assert InvoiceRun.objects.get().state == InvoiceRun.State.FINISHED
    return taken
