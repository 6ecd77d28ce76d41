"""A dirty FOSSBilling, and dirty exports of Stripe, from where they are read to the comparison, and a second time."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from billing_admin.models import SystemImport
from clients.models import Client
from clients.services.system_import.commit import commit
from credits.services.check import check_ledger
from invoices.models import BillableItem, Invoice
from tests.fossbilling.schema import NEW, OLD
from tests.stripe.exports import Exports, add_dirty, make_exports
from tests.whmcs.server import MariaDb

from .fossbilling import dirty, load
from .fossbilling import read as read_fossbilling
from .test_stripe import read as read_stripe
from .whole import came

pytestmark = pytest.mark.django_db


def quiet(doing: str, done: int, total: int) -> None:
    """Nobody looks."""


def unexplained(run: SystemImport) -> list[dict[str, object]]:
    return [figure for figure in run.comparison["figures"] if figure["unexplained"] != "0"]


@pytest.mark.parametrize("patch", [OLD, NEW])
def test_fossbilling_comes_explained_and_only_once(server: MariaDb, patch: int):
    database = load(server, dirty(patch, clients=15))
    run = commit(read_fossbilling(server, database), by=None, progress=quiet)
    assert unexplained(run) == []
    assert check_ledger().finding_count == 0
    assert run.receipt["came"]["invoice"] > 150
    first = came()
    again = commit(read_fossbilling(server, database), by=None, progress=quiet)
    assert again.receipt["came"] == {}
    assert unexplained(again) == []
    assert came() == first


@pytest.mark.parametrize("minor", [False, True])
def test_stripe_comes_explained_and_only_once(tmp_path: Path, minor: bool):
    exports = make_exports(15, minor=minor)
    if not minor:
        add_dirty(exports)
    paths = exports.write(tmp_path)
    run = commit(read_stripe(paths), by=None, progress=quiet)
    assert unexplained(run) == []
    assert check_ledger().finding_count == 0
    assert run.receipt["came"]["invoice"] > 100
    first = came()
    again = commit(read_stripe(paths), by=None, progress=quiet)
    assert again.receipt["came"] == {}
    assert unexplained(again) == []
    assert came() == first


def test_new_rows_of_a_later_export_come_and_settle_what_was_open(tmp_path: Path):
    exports = Exports()
    customer = exports.customer("Ada Lovelace", balance="-10.00")
    invoice = exports.invoice(customer, "25.00", status="open")
    commit(read_stripe(exports.write(tmp_path)), by=None, progress=quiet)
    assert Invoice.objects.get().balance_due == 25
    exports.invoices[0] |= {"Status": "paid", "Amount Paid": "25.00", "Paid At (UTC)": "2026-06-01 10:00"}
    exports.moved("charge", "25.00", fee="1.00", customer=customer, invoice=invoice)
    run = commit(read_stripe(exports.write(tmp_path)), by=None, progress=quiet)
    settled = Invoice.objects.get()
    assert (settled.status, settled.balance_due) == ("paid", 0)
    assert run.receipt["came"] == {"money": 1}
    assert unexplained(run) == []
    assert check_ledger().finding_count == 0


def test_nothing_of_either_bills_or_mails(server: MariaDb, tmp_path: Path, mailoutbox):
    commit(read_fossbilling(server, dirty(clients=6)), by=None, progress=quiet)
    commit(read_stripe(make_exports(6).write(tmp_path)), by=None, progress=quiet)
    assert BillableItem.objects.filter(waits_for_switch=True, paused=True).count() == BillableItem.objects.count() > 5
    before = Invoice.objects.count()
    call_command("daily", stdout=StringIO())
    assert (Invoice.objects.count(), mailoutbox) == (before, [])


def test_the_command_previews_decides_and_books_exports(tmp_path: Path):
    exports = make_exports(4)
    add_dirty(exports)
    paths = exports.write(tmp_path)
    places = [f"--{said}={path}" for said, path in paths.items()]
    decisions, told, out = tmp_path / "decisions.json", tmp_path / "told.json", StringIO()
    call_command("import_stripe", *places, "--preview", f"--decisions={decisions}", stdout=out)
    assert not Client.objects.exists()
    text = out.getvalue()
    assert "Amounts of customers are counted in units" in text
    assert "status:uncollectible" in decisions.read_text()
    words = decisions.read_text().replace('"answer": "leave out"', '"answer": "cancelled"', 1)
    decisions.write_text(words)
    out = StringIO()
    call_command("import_stripe", "--resume", f"--decisions={decisions}", f"--json={told}", stdout=out)
    assert Client.objects.count() == len(exports.customers)
    assert "clients Active" in out.getvalue()
    assert told.exists()
