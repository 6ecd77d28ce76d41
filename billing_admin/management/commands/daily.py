"""What is done each day."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from billing_admin.backup.kept import back_up, last_backup
from billing_admin.db.rates import forget_old_counts
from billing_admin.errors import BusinessError
from billing_admin.home.month_sums import sum_months
from billing_admin.importing.discard import forget_old
from billing_admin.jobs.daily import daily_lock, run_daily_task
from billing_admin.jobs.tasks import Outcome
from billing_admin.listing.sheets import forget_old_sheets
from billing_admin.management.service_command import ServiceCommand
from billing_admin.management.staff_command import StaffCommand
from billing_admin.models import Job
from billing_admin.money.amounts import totals_text
from billing_admin.staff.sign_in.session_store import forget_ended
from billing_admin.text import pluralize
from clients.services.account_activity import tell_counts
from clients.services.mailbox import forget_mailbox
from clients.services.sign_off import sign_off_activity
from credits.services.announce_expiring import announce_expiring
from credits.services.check import check_ledger
from credits.services.close_periods import close_periods
from credits.services.expire import expire_credit
from credits.services.invariants import INVARIANTS
from invoices.models import InvoiceRun
from invoices.selectors.reminders import LeftOut
from invoices.selectors.runs import totals_of
from invoices.services.reminders.send import send_reminders, why_no_reminders
from invoices.services.runs.generate import NothingDue, generate_invoices


class Command(ServiceCommand, StaffCommand):
    help = (
        "What is done each day: back up the database where BILLING_BACKUP_DIR is set, book expired credit, bill what "
        "is due by today, sum up the ledger of months and days that are over, check the ledger, add up what the "
        "pictures show, forget sign-ins that are over, tell clients of credit about to expire, send the reminders "
        "that are due, forget old mail of the mailbox and what was read of other systems and not booked, sign off "
        "the activity; each once at a time. "
        "Run again, it does nothing twice. Exits 1 where one did not go well."
    )
    required_permission = "invoices.generate_invoices"
    kept = "What was done so far stays; run it again to do the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="how many bill at once (default: 1)")

    def act(self, *, by: User | None, **options: Any) -> None:
        workers = max(1, min(options["workers"], 32))
        tasks = {
            **({"back_up": _back_up} if settings.BACKUP_DIR else {}),
            "expire_credit": lambda: _expire(by),
            "generate_invoices": lambda: _bill(by, workers),
            "close_periods": _close,
            "check_ledger": _check,
            "sum_months": _sum_months,
            "forget_sign_ins": _forget,
            "announce_expiring": lambda: _announce(by),
            "send_reminders": lambda: _remind(by),
            "forget_mail": _forget_mail,
            "sign_off_activity": _sign_off,
        }
        failed = []
        with daily_lock():
            for name, act in tasks.items():
                outcome = run_daily_task(name, act, by=by)
                self.say(f"{name}: {outcome.words}")
                if outcome.level != Job.Level.GOOD:
                    failed.append(name)
        if failed:
            rest = "; the rest went well" if len(failed) < len(tasks) else ""
            raise CommandError(f"Look at {' and '.join(failed)}{rest}.")


def _back_up() -> Outcome:
    """Before anything else is done: what goes wrong today can be taken back to this."""
    if not connection.in_atomic_block:
        connection.close()  # back to the pool, which looks at it first when it is asked for after so long
    try:
        path, made, kept = back_up()
    except BusinessError as error:
        last = last_backup()
        before = f"The last one is of {timezone.localtime(last):%-d %b %Y, %H:%M}." if last else "There is none before."
        return Outcome(f"{error} {before}", Job.Level.DANGER)
    rows = sum(made.figures.rows.values())
    return Outcome(f"{path.name}, {made.bytes:,} bytes with {rows:,} rows; {pluralize(kept, 'backup')} kept.")


def _expire(by: User | None) -> Outcome:
    expired = expire_credit(as_of=timezone.localdate(), by=by)
    return Outcome(f"{totals_text(expired)} expired." if expired else "Nothing has expired.")


def _bill(by: User | None, workers: int) -> Outcome:
    try:
        run = generate_invoices(as_of=timezone.localdate(), by=by, workers=workers)
    except NothingDue as nothing:
        return Outcome(str(nothing))
    totals = totals_text((part.currency, part.total) for part in totals_of(run))
    words = f"{pluralize(run.invoice_count, 'invoice')}, {totals}"
    if failed := run.errors.count():
        return Outcome(f"{words}; {pluralize(failed, 'client')} could not be billed.", Job.Level.DANGER)
    level = Job.Level.GOOD if run.state == InvoiceRun.State.FINISHED else Job.Level.DANGER
    return Outcome(f"{words}; {run.get_state_display().lower()}.", level)


def _close() -> Outcome:
    closed = close_periods()
    if closed.waiting:
        waiting = pluralize(closed.waiting, "month or day is", "months and days are")
        return Outcome(f"{waiting} summed up next time: somebody was still writing.")
    if not closed.summed:
        return Outcome("No month or day was left to sum up.")
    return Outcome(f"{pluralize(closed.summed, 'month or day', 'months and days')} summed up.")


def _sum_months() -> Outcome:
    summed = sum_months(today=timezone.localdate())
    return Outcome(f"{pluralize(summed, 'sum')} of months and of overdue invoices." if summed else "Nothing to add up.")


def _check() -> Outcome:
    found = check_ledger().finding_count
    if found:
        return Outcome(f"{pluralize(found, 'discrepancy', 'discrepancies')} found.", Job.Level.DANGER)
    return Outcome(f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found.")


def _forget() -> Outcome:
    tell_counts()  # as workers do, where there are any
    forget_old_sheets()
    counts, sessions, imports = forget_old_counts(), forget_ended(), forget_old()
    said = []
    if counts or sessions:
        said.append(f"{pluralize(counts, 'old count')} and {pluralize(sessions, 'ended session')} removed.")
    if imports:
        said.append(f"{pluralize(imports, 'import')} that {'was' if imports == 1 else 'were'} only read forgotten.")
    return Outcome(" ".join(said) or "Nothing to forget.")


def _announce(by: User | None) -> Outcome:
    told = announce_expiring(as_of=timezone.localdate(), by=by)
    return Outcome(f"Clients are told of {pluralize(told, 'credit')} about to expire." if told else "Nobody to tell.")


def _remind(by: User | None) -> Outcome:
    today = timezone.localdate()
    if why := why_no_reminders(today):
        return Outcome(why)
    outcome = send_reminders(as_of=today, by=by)
    words = f"{pluralize(outcome.number, 'reminder')} put in to be sent" if outcome.number else "No reminder was due"
    others = ", ".join(f"{number:,} {why.in_short}" for why in LeftOut if (number := outcome.left_out[why]))
    return Outcome(f"{words}; left out: {others}." if others else f"{words}.")


def _forget_mail() -> Outcome:
    gone = forget_mailbox()
    return Outcome(f"{pluralize(gone, 'mail')} of the mailbox removed." if gone else "Nothing to forget.")


def _sign_off() -> Outcome:
    signed = sign_off_activity()
    made, places = signed.sign_off, " and ".join(signed.places)
    words = "Nothing was done since the last time."
    if made is not None:
        words = f"{pluralize(made.count, 'activity', 'activities')} up to seal {made.seal}, written down in {places}."
    elif places:
        words = f"What was missing is written down in {places}."
    if signed.failed:
        return Outcome(f"{words} {' '.join(signed.failed)}", Job.Level.DANGER)
    return Outcome(words)
