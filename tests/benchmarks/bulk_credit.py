"""Bulk credit out of a file, against the plain SQL that writes the same rows; and the memory that it takes."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction as db_transaction
from django.utils import timezone

from clients.models import Client
from tests.benchmarks.command import run_alone
from tests.benchmarks.measuring import Measured, execute, seconds, stage
from tests.benchmarks.synthetic.database import make_data

# What the product leaves behind: accounts, grants, entries (with the trigger that keeps the sums) and activity.
_FLOOR = (
    """
    CREATE TEMP TABLE given ON COMMIT DROP AS
    SELECT id AS client_id, currency FROM clients_client WHERE id > %(after)s AND status = 'active' ORDER BY id
    """,
    """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT client_id, currency, 0 FROM given ORDER BY client_id ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO credits_creditgrant (account_id, client_id, kind, category, description, currency, amount, remaining,
        priority, listed, created_by_name, created_at)
    SELECT account.id, client_id, 'credit', 'promotional', 'Outage', currency, 12, 0, 50, true, 'System', now()
    FROM given JOIN credits_creditaccount account USING (client_id, currency)
    """,
    """
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, batch, description,
        note, actor_name, at)
    SELECT grant_.id, account_id, client_id, 'grant', grant_.currency, amount, '6f1f34a6-9d56-4f4e-8d1c-0b8a5b1a2c3d',
           '', 'Outage', 'System', now()
    FROM given JOIN credits_creditgrant grant_ USING (client_id) WHERE grant_.description = 'Outage'
    """,
    """
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, note, data, at)
    SELECT client_id, 'System', 'credit.added', 'Credit of 12.00 USD added', 'Outage',
           jsonb_build_object('grant', grant_.id, 'amount', '12.000', 'currency', grant_.currency), now()
    FROM given JOIN credits_creditgrant grant_ USING (client_id) WHERE grant_.description = 'Outage'
    """,
)


def run(count: int) -> list[Measured]:
    """Give credit to the active ones of `count` clients by a file, and to those of as many others by SQL."""
    with stage(f"Making {2 * count:,} clients"):
        make_data(clients=2 * count, due=timezone.localdate())
    middle = Client.objects.order_by("pk")[count - 1].pk
    active = Client.objects.filter(status=Client.Status.ACTIVE)
    numbers = list(active.filter(pk__lte=middle).order_by("pk").values_list("number", "currency"))
    lines = "".join(f"{number},12,{currency},Outage\n" for number, currency in numbers)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "outage.csv"
        file.write_text("Client ID,Amount,Currency,Description\n" + lines)
        with stage("Previewing"):
            looking, reading_memory = run_alone("grant_credit", str(file), "--dry-run")
        with stage("Previewing and booking"):
            both, memory = run_alone("grant_credit", str(file), "--no-input")
    print(f"The preview had {reading_memory:.0f} MB at the most, file to ledger {memory:.0f} MB.")

    @db_transaction.atomic
    def bare() -> None:
        for statement in _FLOOR:
            execute(statement, {"after": middle})

    with stage("The same rows by plain SQL"):
        floor = seconds(bare)
    return [
        Measured("bulk credit: preview", len(numbers), looking, floor, "INSERT … SELECT of the booked rows"),
        Measured("bulk credit: file to ledger", len(numbers), both, floor, "the same; no file is read"),
    ]
