"""Invoice runs as they are shown: history, one run with what it could not bill."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from billing_admin.jobs.status import why_it_waits
from billing_admin.money.amounts import totals_text
from invoices.models import BillableItem, InvoiceRun, InvoiceRunError
from invoices.run_locks import runs_with_a_worker, runs_worked_on

# How long a run that is not in the queue may wait for its process before it counts as interrupted.
PATIENCE = datetime.timedelta(minutes=1)

# Among so many of the latest errors those are looked for that still hold; of so many runs they are told at most.
ERRORS_LOOKED_AT = 1_000
UNBILLED_SHOWN = 3

# Errors of the same client that came after one.
_LATER = InvoiceRunError.objects.filter(client=OuterRef("client"), pk__gt=OuterRef("pk"))


@dataclass(frozen=True)
class RunTotal:
    """What a run billed in one currency."""

    currency: str
    invoices: int
    total: Decimal
    credit_applied: Decimal
    paid: int


@dataclass(frozen=True)
class ShownRun:
    """A run and its state as it is, not only as its row says: a process that was killed could not write that down.

    `waits` says why nobody is at it, where it goes on in the queue.
    """

    run: InvoiceRun
    state: str
    totals: list[RunTotal]
    waits: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether it waits or is at work at this moment."""
        return self.state in InvoiceRun.UNFINISHED

    @property
    def pause(self) -> str:
        """How soon the page asks again: a small run is over before one has looked up."""
        return "500ms" if self.run.duration < datetime.timedelta(seconds=5) else "2s"

    @property
    def state_label(self) -> str:
        """The state in a word; what goes on and is to be cancelled says so."""
        return "Being cancelled" if self.goes_on and self.run.cancel_asked else InvoiceRun.State(self.state).label

    @property
    def totals_text(self) -> str:
        """What it billed, per currency."""
        return totals_text((part.currency, part.total) for part in self.totals)

    @property
    def took(self) -> str:
        """How long it took, or takes by now."""
        if self.state == InvoiceRun.State.INTERRUPTED and not self.run.finished_at:
            return in_time((self.run.worked_at or self.run.started_at) - self.run.started_at)
        return in_time(self.run.duration)


def runs_list() -> QuerySet[InvoiceRun]:
    """Every run."""
    return InvoiceRun.objects.all()


def shown_runs(runs: Iterable[InvoiceRun]) -> list[ShownRun]:
    """Runs with their states as they are."""
    runs = list(runs)
    present = runs_worked_on(run.pk for run in runs if run.is_unfinished)
    if gone := [run.pk for run in runs if is_interrupted(run, present)]:
        again = InvoiceRun.objects.in_bulk(gone)  # they may have ended since they were read
        runs = [again.get(run.pk, run) for run in runs]
    alone = present - runs_with_a_worker(present)
    return [
        ShownRun(
            run,
            _state_of(run, present, alone),
            totals_of(run),
            why_it_waits(run.started_at, begun=run.state == InvoiceRun.State.RUNNING) if run.pk in alone else "",
        )
        for run in runs
    ]


def _state_of(run: InvoiceRun, present: set[int], alone: set[int]) -> str:
    if is_interrupted(run, present):
        return InvoiceRun.State.INTERRUPTED
    return InvoiceRun.State.WAITING if run.pk in alone and run.is_unfinished else run.state


def totals_of(run: InvoiceRun) -> list[RunTotal]:
    """What the run has billed per currency."""
    return [
        RunTotal(code, part["invoices"], Decimal(part["total"]), Decimal(part["credit_applied"]), part["paid"])
        for code, part in sorted(run.totals.items())
    ]


def is_interrupted(run: InvoiceRun, present: set[int]) -> bool:
    """Whether its row says that it goes on although nobody works on it, or will. A run just made is given a minute."""
    waits = run.state == InvoiceRun.State.WAITING and run.started_at > timezone.now() - PATIENCE
    return run.is_unfinished and run.pk not in present and not waits


def errors_of(run: InvoiceRun, *, unbilled: bool = False) -> QuerySet[InvoiceRunError]:
    """Whom the run could not bill; `still_due` where that is still so.

    With `unbilled`, only those of whom that is so, and whom no later run has tried.
    """
    due = BillableItem.objects.due_by(run.as_of).filter(client=OuterRef("client"), client__status="active")
    errors = (
        InvoiceRunError.objects.filter(run=run)
        .select_related("client")
        .defer("client__search_text", "client__sort_name")
        .annotate(still_due=Exists(due))
    )
    return errors.filter(~Exists(_LATER), still_due=True) if unbilled else errors


@dataclass(frozen=True)
class Unbilled:
    """A run that is the last which tried some clients, and how many of them are due and were not billed."""

    pk: int
    as_of: datetime.date
    clients: int


def latest_unbilled() -> list[Unbilled]:
    """The latest runs that left clients unbilled which are still due, the latest first.

    Looked for among the latest errors of runs, so that it is the same work however many there were.
    """
    latest = InvoiceRunError.objects.order_by("-id").values("pk")[:ERRORS_LOOKED_AT]
    due = BillableItem.objects.due_by(OuterRef("run__as_of")).filter(client=OuterRef("client"), client__status="active")
    rows = InvoiceRunError.objects.filter(Exists(due), ~Exists(_LATER), pk__in=latest)
    runs = rows.values_list("run", "run__as_of").annotate(clients=Count("pk")).order_by("-run")[:UNBILLED_SHOWN]
    return [Unbilled(*run) for run in runs]


def in_time(length: datetime.timedelta) -> str:
    """`0.4 s`, `1 min 20 s`, `2 h 5 min`."""
    seconds = length.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
