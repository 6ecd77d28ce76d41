"""Staged invoices with their lines, money and credit, as a reader of WHMCS writes them, and bringing them."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing_admin.models import (
    Staged,
    StagedClient,
    StagedCredit,
    StagedInvoice,
    StagedItem,
    StagedLine,
    StagedMoney,
    SystemImport,
)
from clients.models import Client, ExternalReference
from invoices.services.system_import import bring_invoices, bring_items, judge
from tests.staged import batch, stage

ON, DUE = datetime.date(2026, 5, 4), datetime.date(2026, 5, 18)
AT = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)

Line = tuple[str, bool]


def stage_client(run: SystemImport, source_id: int = 7, **values: Any) -> Staged:
    return stage(run, StagedClient, source_id, **{"first_name": "Ada", "currency": "1"} | values)


def stage_invoice(run: SystemImport, source_id: int, *lines: Line, client: int = 7, **values: Any) -> Staged:
    """An invoice of these lines (amount, taxed); its figures come out of them, where nothing else is said."""
    lines = lines or (("10.00", False),)
    subtotal = sum((Decimal(amount) for amount, _ in lines), Decimal(0))
    row: dict[str, Any] = {"label": str(source_id), "status": "Unpaid", "issued_on": ON, "due_on": DUE}
    row |= {"subtotal": subtotal, "tax": Decimal(0), "tax2": Decimal(0), "credit": Decimal(0)}
    row |= {name: Decimal(value) if isinstance(value, str) and name in _AMOUNTS else value
            for name, value in values.items()}  # fmt: skip
    row.setdefault("total", row["subtotal"] + row["tax"] + row["tax2"] - row["credit"])
    invoice = stage(run, StagedInvoice, source_id, client, **row)
    for place, (amount, taxed) in enumerate(lines):
        stage(run, StagedLine, source_id * 100 + place, client, invoice_source_id=str(source_id),
              position=source_id * 100 + place, description=f"Line {place}", amount=Decimal(amount),
              taxed=taxed)  # fmt: skip
    return invoice


_AMOUNTS = ("subtotal", "tax", "tax2", "credit", "total", "paid", "tax_rate", "tax2_rate")


def stage_money(run: SystemImport, source_id: int, invoice: int, amount: str, client: int = 7) -> None:
    stage(run, StagedMoney, source_id, client, invoice_source_id=str(invoice), amount_in=Decimal(amount))


def stage_credit(run: SystemImport, source_id: int, invoice: int, amount: str, client: int = 7) -> None:
    stage(run, StagedCredit, source_id, client, invoice_source_id=str(invoice), amount=Decimal(amount))


def stage_item(run: SystemImport, source_id: object = 1, **values: Any) -> Staged:
    row = {"description": "Starter - example.com", "amount": Decimal("4.00"), "cycle": "Monthly", "status": "Active",
           "starts_on": datetime.date(2025, 1, 31), "next_due_on": datetime.date(2027, 2, 28)}  # fmt: skip
    return stage(run, StagedItem, source_id, 7, **row | values)


def bring(run: SystemImport, client: Client, source_id: int = 7) -> dict[str, tuple[int, str, str]]:
    """Judge and bring all that is staged of the client: what `importing_invoice` says then, by the id there."""
    judge(run)
    if not ExternalReference.objects.filter(source=run.source, kind="client", external_id=str(source_id)).exists():
        ExternalReference.objects.create(
            client=client,
            source=run.source,
            kind="client",
            external_id=str(source_id),
            row_id=client.pk,
            system_import=run,
        )
    with batch(**{f"c{source_id}": client}) as cursor:
        bring_invoices(cursor, run, AT)
        bring_items(cursor, run, AT)
        cursor.execute("SELECT source_id, invoice_id, origin, label FROM importing_invoice")
        brought = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute("DROP TABLE importing_invoice")
    return brought


def again(run: SystemImport) -> SystemImport:
    """A later import of the same source."""
    run.state = "done"
    run.save()
    return SystemImport.objects.create(
        system="whmcs", source=run.source, state="read", facts=run.facts, created_by_name="Tests",
        created_at=timezone.now(),
    )  # fmt: skip
