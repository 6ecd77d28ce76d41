"""Every refusal of the credit services, with its own text and figures; nothing changes when one is given."""

# The table keeps its sentences whole.
# ruff: noqa: ISC004

import ast
import datetime
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import CreditUse
from credits import services
from credits.models import CreditBatch, CreditEntry
from credits.services import (
    adjust,
    apply,
    credit_use,
    edit,
    grant,
    limits,
    receipts,
    release,
    remove,
    reverse,
    take_back,
    transfer,
)
from credits.services.bulk import book, opening, preview
from credits.services.bulk import reverse as batch_reversing
from credits.services.expire import expire_credit
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime.date(2099, 1, 1)
NOBODY = UUID("6f1f34a6-9d56-4f4e-8d1c-0b8a5b1a2c3d")


@pytest.fixture
def world(tmp_path) -> SimpleNamespace:
    """Acme holds 12.50 (of 20.00, 7.50 of which paid an invoice of 7.50) and owes 30.00; Globex holds nothing."""
    acme, globex = make_client("Acme Ltd", credit_use=CreditUse.ALWAYS), make_client("Globex")
    grant = give_credit(acme, usd(20), "Downtime")
    paid = make_invoice(acme, usd("7.50"))
    unpaid = make_invoice(acme, usd(30), credit_use=CreditUse.NEVER)

    def batch(*rows: str, name: str = "credit.csv") -> CreditBatch:
        path = tmp_path / name
        path.write_text("\n".join(["Client ID,Amount,Currency,Description", *rows]))
        return preview.preview_credit_file(path=path, by=None)

    return SimpleNamespace(acme=acme, globex=globex, grant=grant, paid=paid, unpaid=unpaid, batch=batch)


def give(world, **more):
    return partial(
        grant.add_credit, **{"client": world.acme, "amount": usd(5), "description": "Downtime", "by": None, **more}
    )


def take(world, **more):
    return partial(
        remove.remove_credit, **{"client": world.acme, "amount": usd(5), "description": "Mistake", "by": None, **more}
    )


def move(world, **more):
    return partial(
        transfer.transfer_credit,
        **{"source": world.acme, "target": world.globex, "amount": usd(5), "by": None, **more},
    )


def edited(world, **more):
    said = {"description": "Downtime", "expires_on": None, "priority": 50}
    return partial(edit.edit_grant, **{"grant": world.grant, "by": None, **said, **more})


def set_balance(world, **more):
    return partial(
        adjust.adjust_balance, **{"client": world.acme, "seen": usd("12.50"), "balance": usd(0), "by": None, **more}
    )


def applied(world, **more):
    return partial(apply.apply_credit, **{"invoice": world.unpaid, "by": None, **more})


def released(world, **more):
    return partial(release.release_credit, **{"invoice": world.paid, "by": None, **more})


def expired_grant(world):
    world.grant = give_credit(world.acme, usd(3), expires_on=NEW_YEAR)
    expire_credit(as_of=datetime.date(2099, 6, 1), by=None)
    return edited(world, expires_on=datetime.date(2099, 7, 1))


def spent(world):
    take_back.take_back_rest(grant=world.grant, by=None)
    return partial(take_back.take_back_rest, grant=world.grant, by=None)


def reversed_before(world):
    take(world)()
    entry = CreditEntry.objects.get(kind="remove")
    reverse.reverse_entry(entry=entry, by=None)
    return partial(reverse.reverse_entry, entry=entry, by=None)


def applied_entry(world):
    return partial(reverse.reverse_entry, entry=CreditEntry.objects.get(kind="apply"), by=None)


def in_euro(world):
    return partial(apply.apply_credit, invoice=make_invoice(world.acme, Money(5, "EUR")), by=None)


def booked(batch: CreditBatch, **more: Any) -> Callable[[], Any]:
    return partial(book.book_credit_batch, batch_id=batch.pk, by=None, **more)


def bad_batch(world):
    return booked(world.batch(f"{world.acme.number},5,USD,Downtime", "999999999,5,USD,Downtime"))


def empty_batch(world):
    return booked(world.batch("999999999,5,USD,Downtime"), skip_bad=True)


def moved_batch(world):
    batch = world.batch(f"{world.acme.number},5,USD,Downtime")
    batch.rows.update(client_number=999999999)
    return booked(batch)


def paid_by_billing(world):
    return give(world, by=make_staff(BILLING), category="paid")


def brought_along_for_a_viewer(world):
    return partial(
        opening.book_opening_balances, balances=[], file="clients.csv", digest="", category="promotional",
        description="Brought along", by=make_staff(VIEWER), progress=lambda doing, done, total: None,
    )  # fmt: skip


def above_limit_batch(world):
    limits.set_credit_limits(largest_grants={"USD": Decimal(4)}, by=None)
    return booked(world.batch(f"{world.acme.number},5,USD,Downtime"))


def batch_again(world):
    row = f"{world.acme.number},5,USD,Downtime"
    booked(world.batch(row))()
    return booked(world.batch(row))


def batch_not_booked(world):
    batch = world.batch(f"{world.acme.number},5,USD,Downtime")
    return partial(batch_reversing.reverse_credit_batch, batch_id=batch.pk, by=None)


def batch_taken_back(world):
    batch = world.batch(f"{world.acme.number},5,USD,Downtime")
    booked(batch)()
    batch_reversing.reverse_credit_batch(batch_id=batch.pk, by=None)
    return partial(batch_reversing.reverse_credit_batch, batch_id=batch.pk, by=None)


# What brings it about, what is said, and beside which field. DAY stands for today.
TABLE: list[tuple[Callable[[Any], Callable[[], Any]], str, str | None]] = [
    (lambda w: give(w, amount=usd(0)), "Credit must be above zero; 0.00 USD was given.", "amount"),
    (lambda w: give(w, description=" "), "Say what the credit of 5.00 USD is for; nothing was added.", "description"),
    (lambda w: give(w, priority=1001), "A priority goes from 0 to 1000; 1001 was given.", "priority"),
    (lambda w: give(w, expires_on=datetime.date(2020, 1, 31)),
     "This credit would have expired on 31 Jan 2020 already. Give a later date.", "expires_on"),
    (lambda w: take(w, amount=usd(0)),
     "Give an amount above zero; 0.00 USD was to be removed.", "amount"),
    (lambda w: take(w, description=""), "Say why 5.00 USD is removed; nothing was removed.", "description"),
    (lambda w: take(w, amount=usd(20)),
     "Only 12.50 USD of credit is available; 20.00 USD was asked for.", "amount"),
    (spent, "Nothing is left of the 20.00 USD “Downtime”.", None),
    (lambda w: partial(receipts.receipt_of, w.grant),
     "This credit is no money that came in; there is no receipt for it.", None),
    (lambda w: partial(take_back.reverse_grant, grant=w.grant, by=None),
     "7.50 USD of the 20.00 USD “Downtime” has been used. Only the rest, 12.50 USD, can be taken back.", None),
    (lambda w: partial(take_back.take_back, grant=w.grant, amount=usd(13), by=None, reason="Refund"),
     "Of the 20.00 USD “Downtime”, 12.50 USD is unspent; 13.00 USD cannot be taken back.", "amount"),
    (reversed_before,
     "This entry of −5.00 USD was reversed on DAY by System; nothing was changed.", None),
    (applied_entry,
     "This entry of −7.50 USD is not reversed by itself. It pays INV-000001: use Take Credit Off on that invoice "
     "instead.", None),
    (lambda w: move(w, amount=usd(-1)),
     "Give an amount above zero; −1.00 USD was to be transferred.", "amount"),
    (lambda w: move(w, target=w.acme),
     "Acme Ltd cannot transfer credit to itself; choose another client.", "to"),
    (lambda w: set_balance(w, balance=usd(-1)),
     "A credit balance cannot be below zero; −1.00 USD was entered.", "balance"),
    (lambda w: set_balance(w, seen=usd(20)),
     "The balance has moved from 20.00 USD to 12.50 USD since this page was opened. Nothing was saved; look at the new "
     "figure and decide again.", None),
    (lambda w: set_balance(w, balance=usd("12.50")),
     "The balance already is 12.50 USD; nothing was changed.", None),
    (lambda w: applied(w, invoice=w.paid),
     "INV-000001 is Paid; credit applies only to unpaid invoices.", None),
    (lambda w: applied(w, amount=usd(0)), "Give an amount above zero; 0.00 USD was asked for.", "amount"),
    (lambda w: released(w, amount=Money(5, "EUR")),
     "INV-000001 is in USD; no credit in EUR is applied to it.", "amount"),
    (in_euro,
     "No EUR credit is available for INV-000003. The client holds 12.50 USD, which pays only invoices in that "
     "currency.", None),
    (lambda w: applied(w, amount=Money(5, "EUR")),
     "INV-000002 is in USD; credit in EUR cannot settle it.", "amount"),
    (lambda w: applied(w, amount=usd(31)), "Only 30.00 USD is due on INV-000002; 31.00 USD was "
     "asked for.", "amount"),
    (lambda w: released(w, invoice=w.unpaid),
     "No credit is applied to INV-000002; nothing was released.", None),
    (lambda w: released(w, amount=usd(8)),
     "7.50 USD of credit is applied to INV-000001; 8.00 USD cannot be released.", "amount"),
    (lambda w: edited(w, description=" "), "Say what the credit is for; nothing was changed.", "description"),
    (lambda w: edited(w, expires_on=datetime.date(2020, 1, 31)),
     "31 Jan 2020 is past. To end this credit now, take back the 12.50 USD that is left.", "expires_on"),
    (expired_grant,
     "3.00 USD of this credit expired, and that is on the ledger. A later date would not bring it back; use Manage "
     "Credits to add new credit instead.", "expires_on"),
    (lambda w: edited(w, priority=-1), "A priority goes from 0 to 1000; -1 was given.", "priority"),
    (edited, "The credit already says that; nothing was changed.", None),
    (lambda w: partial(credit_use.change_credit_use, credit_use=CreditUse.ALWAYS, by=None),
     "Automatic use of credit already is “Always”; nothing was changed.", None),
    (lambda w: partial(book.book_credit_batch, batch_id=NOBODY, by=None),
     "This preview is no longer kept; nothing was booked. Upload the file again.", None),
    (bad_batch, "1 of 2 rows is bad. Nothing was booked.", None),
    (empty_batch, "Nothing of credit.csv is left to book: no row is good.", None),
    (moved_batch,
     "1 row of credit.csv went bad since you looked at it. Nothing was booked; look at the rows again.", None),
    (paid_by_billing,
     "This credit would be paid credit without a payment, which needs the right “Give paid credit without a payment”. "
     "Nothing was given. Make it promotional, or record the payment.", "category"),
    (lambda w: partial(limits.set_credit_limits, largest_grants={"USD": Decimal(0)}, by=None),
     "A limit must be above zero; 0.00 USD was given.", "largest_grants"),
    (lambda w: partial(limits.set_credit_limits, largest_grants={}, by=None),
     "These are the limits already; nothing was changed.", None),
    (brought_along_for_a_viewer,
     "clients.csv brings credit along, and giving it needs the right “Give bulk credit”. Nothing was imported. "
     "Leave its column out of the mapping, or ask somebody who has the right.", None),
    (above_limit_batch,
     "credit.csv has 1 credit of up to 5.00 USD, above the limit of 4.00 USD. Nothing was booked. To give them all the "
     "same, tick that on the page, or add --yes.", None),
    (batch_again,
     "This very file was booked on DAY by System, as “credit.csv”. Nothing was booked. To give its credit a second "
     "time, tick that on the page, or add --again.", None),
    (lambda w: partial(batch_reversing.reverse_credit_batch, batch_id=NOBODY, by=None),
     f"There is no batch {NOBODY}; nothing was taken back.", None),
    (batch_not_booked,
     "credit.csv is not booked yet: there is nothing to take back.", None),
    (batch_taken_back,
     "Nothing is left of the 1 credit from credit.csv; nothing was taken back.", None),
]  # fmt: skip


# What only a race brings about; tests/concurrency/test_bulk_credit.py and bulk/test_large_files.py have it.
RACES = [
    "This file was discarded before it was read; nothing of it is kept.",
    "Clients of credit.csv were merged while it was being booked. Nothing was booked; look at the rows again.",
    "Clients who were given credit from credit.csv were merged just now; nothing was taken back. Try again.",
    # By a request, not a race: tests/clients/limits/test_bulk.py has it.
    "This file waits for approval; withdraw the request first. Nothing was discarded.",
]


@pytest.mark.parametrize(("bring_about", "said", "field"), TABLE, ids=[row[1][:40] for row in TABLE])
def test_an_error_says_why_with_the_figures_and_changes_nothing(world, bring_about, said, field):
    act = bring_about(world)
    with nothing_changes(), pytest.raises(BusinessError) as caught:
        act()
    assert re.sub(r"on \d{1,2} [A-Z][a-z]{2} 20[2-9]\d by", "on DAY by", str(caught.value)) == said
    assert caught.value.field == field


def raised_by_services() -> Iterator[str]:
    """A pattern for each sentence with which a credit service raises a BusinessError, out of the source.

    Not what the columns of a file say: that is part of a sentence in the preview.
    """
    for path in set(Path(services.__path__[0]).rglob("*.py")) - set(Path(services.__path__[0]).rglob("columns.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name("BusinessError"), args=[text, *_])):
                    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                    yield "".join(
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts
                    )


def test_the_table_has_every_sentence_of_the_credit_services():
    sentences = [row[1] for row in TABLE]
    assert len(set(sentences)) == len(sentences)
    patterns = set(raised_by_services())
    assert len(patterns) > 25
    assert [each for each in patterns if not any(re.fullmatch(each, text) for text in sentences + RACES)] == []
