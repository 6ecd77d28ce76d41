"""A file of billable items, against COPY of the same rows; and the memory that it takes."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from clients.models import Client
from tests.benchmarks.command import run_alone
from tests.benchmarks.copied import copied_out, copy_in, last_ids
from tests.benchmarks.measuring import Measured, empty_database, seconds
from tests.benchmarks.synthetic.database import make_data

_ADDED = ("invoices_billableitem", "clients_activity")
_HEADER = "Client ID,Description,Quantity,Amount,Currency,Due Date,Tax Rate,Cycle,End Date,Reference"


def run(count: int) -> list[Measured]:
    """Import `count` items of a tenth as many clients; every other one has a reference."""
    numbers = _make_clients(count)
    before = last_ids(*_ADDED)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "items.csv"
        rows = map(_line, range(count), itertools.cycle(numbers))
        file.write_text("\n".join([_HEADER, *rows]))
        took, most = run_alone("import_billable_items", str(file))
    print(f"The import of billable items had {most:.0f} MB at the most.")
    added = copied_out(before)
    empty_database()
    _make_clients(count)
    floor = seconds(lambda: copy_in(added))
    return [Measured("import of billable items", count, took, floor, "COPY of the same rows, triggers and indexes on")]


def _make_clients(count: int) -> list[int]:
    make_data(clients=max(count // 10, 100), due=timezone.localdate())
    return list(Client.objects.order_by("pk").values_list("number", flat=True))


def _line(number: int, client: int) -> str:
    reference = f"R{number}" if number % 2 else ""
    amount, month = f"{number % 500}.{number % 100:02d}", f"{1 + number % 12:02d}"
    return f"{client},Hosting {number},1,{amount},USD,2027-{month}-11,,monthly,,{reference}"
