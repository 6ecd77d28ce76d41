"""A file of clients, our own and another system's, against COPY of the same rows; and the memory that it takes."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.command import run_alone
from tests.benchmarks.copied import copied_out, copy_in, last_ids
from tests.benchmarks.measuring import Measured, empty_database, seconds

_ADDED = ("clients_client", "clients_externalreference", "clients_activity")
_OWN = ("Client ID", "First Name", "Last Name", "Company Name", "Email Address", "Phone", "Address", "City", "Postcode",
        "Country", "Currency", "Creation Date")  # fmt: skip
_OTHER = ("id", "firstname", "lastname", "companyname", "email", "phonenumber", "address1", "city", "postcode",
          "country", "currency_code", "datecreated")  # fmt: skip


def run(count: int) -> list[Measured]:
    """Import a file of `count` clients, by our own format and as one of WHMCS."""
    return [
        _measured("import of clients", count, _OWN),
        _measured("import of WHMCS clients", count, _OTHER, "--accept-changes", "--import-duplicates"),
    ]


def _measured(what: str, count: int, header: tuple[str, ...], *flags: str) -> Measured:
    empty_database()
    before = last_ids(*_ADDED)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "clients.csv"
        file.write_text("\n".join([",".join(header), *map(_line, range(1, count + 1))]))
        took, most = run_alone("import_clients", str(file), *flags)
    print(f"The {what} had {most:.0f} MB at the most.")
    rows = copied_out(before)
    empty_database()
    floor = seconds(lambda: copy_in(rows))
    return Measured(what, count, took, floor, "COPY of the same rows, triggers and indexes on")


def _line(number: int) -> str:
    return (
        f"{number},First{number},Last{number % 5000},Company {number} Ltd,name{number}@mail.example,"
        f"+1 555 {number:07d},"
        f"{number % 240} Mill Lane,Town {number % 100},{number % 99999:05d},US,USD,2024-{1 + number % 12:02d}-11"
    )
