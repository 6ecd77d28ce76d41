"""A dirty WHMCS from its database to the comparison: explained to the cent, and nothing new the second time."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from billing_admin.models import STAGED, SystemImport
from clients.models import Client
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.system_import.commit import commit
from clients.services.system_import.preview import preview
from clients.services.system_import.switch import switch_over
from credits.services.check import check_ledger
from invoices.models import BillableItem, Invoice
from invoices.services.runs.generate import NothingDue, generate_invoices
from tests.importing.reading import read
from tests.importing.whole import came
from tests.whmcs.traps_of_money import TRAPS

pytestmark = pytest.mark.django_db


def book(server, database: str) -> SystemImport:
    return commit(read(server, database), by=None, progress=lambda doing, done, total: None)


@pytest.mark.parametrize("version", [7, 8])
def test_a_dirty_system_comes_explained_and_only_once(server, made, version):
    database = made(clients=30, traps=2, version=version)
    run = book(server, database)
    assert run.state == "done"
    assert run.comparison["is_explained"]
    assert not run.comparison["is_equal"]  # what waits is a difference
    assert run.receipt["came"]["invoice"] > 300
    assert check_ledger().finding_count == 0
    assert not any(model._default_manager.exists() for model in STAGED)
    first = came()
    again = book(server, database)
    assert again.receipt["came"] == {}
    assert again.comparison["is_explained"]
    assert came() == first
    assert check_ledger().finding_count == 0


def test_what_becomes_of_each_trap_is_told(server, made):
    run = read(server, made(clients=1, traps=1))
    run = preview(run)
    told = [(reason["kind"], reason["outcome"], reason["why"]) for reason in run.preview["reasons"]]
    mended = {table["kind"]: table["mended"] for table in run.preview["tables"]}
    kinds = {"clients": "client", "invoices": "invoice", "lines": "line", "money": "money", "credit": "credit",
             "items": "item", "contacts": "contact", "notes": "note"}  # fmt: skip
    missing = [
        (trap.name, table, outcome, word)
        for trap in TRAPS
        for table, outcome, word in trap.becomes
        if outcome != "comes" and not any(
            kind == kinds[table] and said == outcome for kind, said, why in told
        )
    ]  # fmt: skip
    assert missing == []
    assert mended["client"] >= 5


def test_imported_clients_are_billed_merged_and_deleted_as_any(server, made):
    book(server, made(clients=30, traps=2))
    with pytest.raises(NothingDue):
        generate_invoices(as_of=datetime.date(2027, 1, 31), by=None)
    assert BillableItem.objects.filter(waits_for_switch=True).count() > 20
    call_command("daily", stdout=StringIO())
    assert not Invoice.objects.filter(origin="").exclude(status="draft").exists()
    switch_over(source="WHMCS", day=datetime.date(2026, 12, 1), by=None)
    run = generate_invoices(as_of=datetime.date(2026, 12, 31), by=None)
    assert run.invoice_count > 10
    one, other, third = Client.objects.order_by("number")[:3]
    merge_clients(kept=one, discarded=other, by=None)
    delete_client(client=third, by=None)
    assert check_ledger().finding_count == 0


def test_merged_and_deleted_clients_stay_so_when_it_comes_again(server, made):
    database = made(clients=30, traps=2)
    book(server, database)
    one, other, third = Client.objects.order_by("number")[:3]
    merge_clients(kept=one, discarded=other, by=None)
    delete_client(client=third, by=None)
    before = came()
    run = book(server, database)
    assert run.receipt["came"] == {}
    assert run.comparison["is_explained"]
    assert came() == before
    assert not Client.objects.filter(number__in=[other.number, third.number]).exists()
