"""Bulk credit out of a file, against the plain SQL that writes the same rows."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction as db_transaction

from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from tests.benchmarks.data import add_clients
from tests.benchmarks.measuring import Measured, execute, seconds, stage

# What the product leaves behind: accounts, grants, entries (with the trigger that keeps the sums) and activity.
_FLOOR = (
    """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT id, 'USD', 0 FROM clients_client WHERE number > %(after)s ORDER BY id
    """,
    """
    INSERT INTO credits_creditgrant (account_id, client_id, kind, category, description, currency, amount, remaining,
        priority, listed, created_by_name, created_at)
    SELECT account.id, account.client_id, 'credit', 'promotional', 'Downtime', 'USD', 12.5, 0, 50, true, 'System', now()
    FROM credits_creditaccount account JOIN clients_client client ON client.id = account.client_id
    WHERE client.number > %(after)s
    """,
    """
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, batch, description,
        actor_name, at)
    SELECT grant_.id, account_id, client_id, 'grant', 'USD', amount, '6f1f34a6-9d56-4f4e-8d1c-0b8a5b1a2c3d', 'Downtime',
           'System', now()
    FROM credits_creditgrant grant_ JOIN clients_client client ON client.id = grant_.client_id
    WHERE client.number > %(after)s
    """,
    """
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, data, at)
    SELECT client_id, 'System', 'credit.added', 'Credit of 12.50 USD added: Downtime',
           jsonb_build_object('grant', grant_.id, 'amount', '12.500', 'currency', 'USD'), now()
    FROM credits_creditgrant grant_ JOIN clients_client client ON client.id = grant_.client_id
    WHERE client.number > %(after)s
    """,
)


def run(count: int) -> list[Measured]:
    """Give credit to `count` clients by a file, and to as many others by SQL."""
    with stage(f"Making {2 * count:,} clients"):
        add_clients(2 * count)
    lines = "".join(f"{number},12.50,USD,Downtime\n" for number in range(1, count + 1))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "downtime.csv"
        file.write_text("Client ID,Amount,Currency,Description\n" + lines)
        batches = []
        with stage("Previewing"):
            looking = seconds(lambda: batches.append(preview_credit_file(path=file, by=None)))
        with stage("Booking"):
            booking = seconds(lambda: book_credit_batch(batch_id=batches[0].pk, by=None))

    @db_transaction.atomic
    def bare() -> None:
        for statement in _FLOOR:
            execute(statement, {"after": count})

    with stage("The same rows by plain SQL"):
        floor = seconds(bare)
    return [
        Measured("bulk credit: booking", count, booking, floor, "INSERT … SELECT of the same rows"),
        Measured("bulk credit: file to ledger", count, looking + booking, floor, "the same; no file is read"),
    ]
