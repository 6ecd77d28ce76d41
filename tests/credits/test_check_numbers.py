"""check_ledger finds numbers that are missing, and knows those that went with a deleted client."""

import datetime

import pytest
from django.db import connection

from clients.models import Client, ClientDeletion
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import LedgerFinding
from credits.services.check import check_ledger
from invoices.models import DeletedNumbers, NumberSeries
from invoices.models.number_series import Document
from invoices.services.credit_notes import issue_credit_note
from invoices.services.numbering import set_prefix
from tests.clients.holders import make_holder
from tests.factories import make_client, make_invoice, usd
from tests.raw_sql import triggers_off

pytestmark = pytest.mark.django_db


def findings() -> list[str]:
    """What a check says of the numbers."""
    prefixes = {0: "?", **dict(NumberSeries.objects.values_list("pk", "prefix"))}
    found = LedgerFinding.objects.filter(check_run=check_ledger(), invariant="I9").order_by("pk")
    return [f"{prefixes[finding.subject_id]} {finding.text.split(' ', 4)[4]}" for finding in found]


def behind_the_services(sql: str) -> None:
    connection.check_constraints()
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0


def ranges_of(deletion: ClientDeletion) -> dict[str, list[tuple[int, int]]]:
    """Prefix → first and last number of each range."""
    return {
        row.prefix: [(part.lower, part.upper - 1) for part in row.ranges]
        for row in DeletedNumbers.objects.filter(deletion=deletion)
    }


def interleaved() -> tuple[Client, Client]:
    """Acme has INV-000001, 3, 4, 7 and CN-000001, Globex INV-000002, 5, 6 and CN-000002."""
    acme, globex = make_client(), make_client("Globex")
    for owner in (acme, globex, acme, acme, globex, globex, acme):
        make_invoice(owner, usd(1))
    for owner in (acme, globex):
        issue_credit_note(invoice=owner.invoices.earliest("pk"), reason="Downtime", by=None)
    return acme, globex


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "DELETE FROM invoices_invoice WHERE number = 2",
            ["INV- goes on with INV-000003 where INV-000002 should follow"],
        ),
        (
            "DELETE FROM invoices_invoice WHERE number < 3",
            ["INV- goes on with INV-000003 where INV-000001 should follow"],
        ),
        (
            "DELETE FROM invoices_invoice WHERE number > 5",
            ["INV- gives INV-000008 next, but INV-000006 follows what it has given"],
        ),
        (
            "DELETE FROM invoices_creditnote WHERE number = 1",
            ["CN- goes on with CN-000002 where CN-000001 should follow"],
        ),
        (
            "DELETE FROM invoices_creditnote",
            ["CN- gives CN-000003 next, but CN-000001 follows what it has given"],
        ),
        (
            "UPDATE invoices_invoice SET number = 90, label = 'INV-000090' WHERE number = 7",
            [
                "INV- goes on with INV-000090 where INV-000007 should follow",
                "INV- gives INV-000008 next, but INV-000091 follows what it has given",
            ],
        ),
        (
            "UPDATE invoices_numberseries SET next_number = 7 WHERE prefix = 'INV-'",
            ["INV- gives INV-000007 next, but INV-000008 follows what it has given"],
        ),
    ],
)
def test_a_gap_made_behind_the_services_is_found(sql, found):
    interleaved()
    assert findings() == []
    behind_the_services(sql)
    assert findings() == found


def test_numbers_whose_series_is_gone_are_found():
    make_invoice(make_client(), usd(1))
    behind_the_services("DELETE FROM invoices_numberseries")
    assert findings() == ["? gives INV-000001 next, but INV-000002 follows what it has given"]


def test_numbers_that_went_with_a_client_are_no_finding():
    acme, globex = interleaved()
    deletion = delete_client(client=acme, by=None)
    assert ranges_of(deletion) == {"INV-": [(1, 1), (3, 4), (7, 7)], "CN-": [(1, 1)]}
    assert check_ledger().finding_count == 0
    make_invoice(globex, usd(1))
    assert globex.invoices.latest("pk").label == "INV-000008"
    assert ranges_of(delete_client(client=globex, by=None)) == {"INV-": [(2, 2), (5, 6), (8, 8)], "CN-": [(2, 2)]}
    assert check_ledger().finding_count == 0


def test_each_year_and_prefix_has_numbers_of_its_own_that_went():
    acme = make_client()
    make_invoice(acme, usd(1))
    set_prefix(document=Document.INVOICE, prefix="R{year}-", by=None)
    for year in (2029, 2030, 2030):
        make_invoice(acme, usd(1), on=datetime.date(year, 1, 5))
    deletion = delete_client(client=acme, by=None)
    assert ranges_of(deletion) == {"INV-": [(1, 1)], "R2029-": [(1, 1)], "R2030-": [(1, 2)]}
    assert check_ledger().finding_count == 0


def test_a_client_without_documents_leaves_no_numbers():
    delete_client(client=make_client(), by=None)
    assert not DeletedNumbers.objects.exists()


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "DELETE FROM invoices_deletednumbers WHERE document = 'invoice'",
            [
                "INV- goes on with INV-000002 where INV-000001 should follow",
                "INV- goes on with INV-000005 where INV-000003 should follow",
                "INV- gives INV-000008 next, but INV-000007 follows what it has given",
            ],
        ),
        (
            'UPDATE invoices_deletednumbers SET ranges = \'{"[1,1]","[3,3]","[7,7]"}\' WHERE document = \'invoice\'',
            ["INV- goes on with INV-000005 where INV-000004 should follow"],
        ),
        (
            'UPDATE invoices_deletednumbers SET ranges = \'{"[1,1]","[3,5]","[7,7]"}\' WHERE document = \'invoice\'',
            ["INV- goes on with INV-000005 where INV-000006 should follow"],
        ),
        (
            'UPDATE invoices_deletednumbers SET ranges = \'{"[1,1]","[4,5]","[7,7]"}\' WHERE document = \'invoice\'',
            [
                "INV- goes on with INV-000004 where INV-000003 should follow",
                "INV- goes on with INV-000005 where INV-000006 should follow",
            ],
        ),
        (
            'UPDATE invoices_deletednumbers SET ranges = \'{"[1,1]","[3,4]","[7,9]"}\' WHERE document = \'invoice\'',
            ["INV- gives INV-000008 next, but INV-000010 follows what it has given"],
        ),
        (
            "UPDATE invoices_deletednumbers SET document = 'invoice', prefix = '' WHERE document = 'credit_note'",
            [
                "CN- goes on with CN-000002 where CN-000001 should follow",
                "? gives 000001 next, but 000002 follows what it has given",
            ],
        ),
    ],
)
def test_a_deletion_whose_numbers_were_tampered_with_is_found(sql, found):
    acme, _ = interleaved()
    delete_client(client=acme, by=None)
    behind_the_services(sql)
    assert findings() == found


def test_a_merge_and_its_undo_change_no_numbers():
    acme, globex = interleaved()
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    assert check_ledger().finding_count == 0
    restored = undo_merge(merge=merge, by=None)
    assert check_ledger().finding_count == 0
    assert not DeletedNumbers.objects.exists()
    deletion = delete_client(client=restored, by=None)
    assert ranges_of(deletion) == {"INV-": [(2, 2), (5, 6)], "CN-": [(2, 2)]}
    assert check_ledger().finding_count == 0


def test_numbers_of_a_client_merged_into_the_deleted_one_go_with_it():
    acme, globex = interleaved()
    merge_clients(kept=acme, discarded=globex, by=None)
    deletion = delete_client(client=acme, by=None)
    assert ranges_of(deletion) == {"INV-": [(1, 7)], "CN-": [(1, 2)]}
    assert check_ledger().finding_count == 0


def test_a_client_with_a_row_of_every_kind_is_deleted_without_a_finding():
    acme, globex = make_holder(), make_holder("Globex Inc")
    for each in (acme, globex):
        delete_client(client=each, by=None)
        assert check_ledger().finding_count == 0
