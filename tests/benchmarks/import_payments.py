"""A file of payments that are matched and booked, against reading its lines; and the memory that it takes."""

import datetime

from django.utils import timezone

from invoices.models import Invoice
from tests.benchmarks.measuring import Measured, memory, seconds, stage
from tests.benchmarks.synthetic.database import make_data
from transactions.models import PaymentFileMapping, PaymentMethod
from transactions.services.importing.book import import_payments, preview_payments


def run(count: int) -> list[Measured]:
    """Preview and book a file of `count` rows: one of ten pays an invoice, the others wait."""
    with stage(f"Making {max(count // 100, 100):,} clients"):
        make_data(clients=max(count // 100, 100), due=timezone.localdate(), past=True)
    content = _file(count)
    mapping = PaymentFileMapping(
        name="Bench", date_column="Date", amount_column="Amount", name_column="Name", text_column="Text",
        payer_reference_column="Ref", account_column="IBAN", currency="USD",
        payment_method=PaymentMethod.objects.order_by("pk").first(),
    )  # fmt: skip
    before = memory()
    preview = seconds(lambda: preview_payments(name="f.csv", content=content, mapping=mapping))
    print(f"preview: {memory() - before:.0f} MB more than before, {memory():.0f} MB in all")
    booked = seconds(lambda: import_payments(name="f.csv", content=content, mapping=mapping, by=None))
    print(f"booking: {memory() - before:.0f} MB more than before, {memory():.0f} MB in all")
    floor = seconds(lambda: [line.split(b",") for line in content.splitlines()])
    return [
        Measured("preview of payments", count, preview, floor, "splitting the lines"),
        Measured("import of payments", count, booked, floor, "splitting the lines"),
    ]


def _file(count: int) -> bytes:
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
    return "\n".join(lines).encode()
