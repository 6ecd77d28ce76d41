"""A file of payments that is matched and booked, against COPY of the same rows; and the memory that it takes."""

import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from invoices.models import Invoice
from tests.benchmarks.command import run_alone
from tests.benchmarks.copied import copied_out, copy_in, last_ids
from tests.benchmarks.measuring import Measured, empty_database, seconds, stage
from tests.benchmarks.synthetic.database import make_data
from transactions.models import PaymentFileMapping, PaymentMethod

_BOOKED = ("transactions_paymentbatch", "transactions_transaction", "clients_activity")


def run(count: int) -> list[Measured]:
    """Preview and book a file of `count` rows: one of ten pays an invoice, the others wait."""
    _make_clients(count)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "payments.csv"
        file.write_text(_file(count))
        PaymentFileMapping.objects.create(
            name="Bench", date_column="Date", amount_column="Amount", name_column="Name", text_column="Text",
            payer_reference_column="Ref", account_column="IBAN", currency="USD", date_order="ymd", decimal_sign=".",
            payment_method=PaymentMethod.objects.order_by("pk").first(),
        )  # fmt: skip
        before = last_ids(*_BOOKED)
        preview, preview_memory = run_alone("import_payments", str(file), "--format", "Bench", "--preview")
        booked, booked_memory = run_alone("import_payments", str(file), "--format", "Bench")
    print(f"The preview had {preview_memory:.0f} MB at the most, booking {booked_memory:.0f} MB.")
    rows = copied_out(before)
    empty_database()
    _make_clients(count)
    floor = seconds(lambda: copy_in(rows))
    return [
        Measured("preview of payments", count, preview, floor, "COPY of the booked rows, triggers and indexes on"),
        Measured("import of payments", count, booked, floor, "COPY of the booked rows, triggers and indexes on"),
    ]


def _make_clients(count: int) -> None:
    with stage(f"Making {max(count // 100, 100):,} clients"):
        make_data(clients=max(count // 100, 100), due=timezone.localdate(), past=True)


def _file(count: int) -> str:
    invoices = list(Invoice.objects.filter(status="unpaid", currency="USD").select_related("client")[: count // 10])
    day = datetime.date(2026, 1, 1)
    lines = ["Date,Amount,Name,Text,Ref,IBAN"]
    for number in range(count):
        on = day + datetime.timedelta(days=number % 300)
        if number % 10 == 0 and number // 10 < len(invoices):
            invoice = invoices[number // 10]
            lines.append(f"{on},{invoice.due.amount:.2f},{invoice.client.name},Invoice {invoice.label},R{number},")
        else:
            lines.append(
                f"{on},{number % 5000}.{number % 100:02d},Payer {number},Order {number} thanks,R{number},DE{number}"
            )
    return "\n".join(lines)
