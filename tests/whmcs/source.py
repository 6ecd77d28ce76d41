"""A believable WHMCS, made up row by row: who its clients are, what they were billed, what they paid and with what.

The same `seed` makes the same rows. Nothing here is wrong; `traps.py` adds what is.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pymysql

from .schema import create, tables_of

TODAY = date(2026, 11, 30)
VERSIONS = {7: "7.10.3-release.1", 8: "8.13.1-release.1"}
GATEWAYS = {"paypal": "PayPal", "stripe": "Credit Card", "banktransfer": "Bank Transfer"}
CURRENCIES = (
    ("USD", "$", " USD", 2, "1.00000", 1),
    ("EUR", "", " €", 3, "0.92000", 0),
    ("JPY", "¥", "", 4, "150.0", 0),
)
_FIRST = [
    "Ada",
    "Grace",
    "Linus",
    "Margaret",
    "Dennis",
    "Barbara",
    "Ken",
    "Radia",
    "Tim",
    "Karen",
    "Edsger",
    "Frances",
    "Alan",
    "Jean",
    "Donald",
    "Mary",
]
_LAST = [
    "Lovelace",
    "Hopper",
    "Torvalds",
    "Hamilton",
    "Ritchie",
    "Liskov",
    "Thompson",
    "Perlman",
    "Lee",
    "Jones",
    "Dijkstra",
    "Allen",
    "Kay",
    "Knuth",
]
_CITIES = (("Boston", "MA", "02110", "US"), ("Köln", "NRW", "50667", "DE"), ("Lyon", "", "69001", "FR"))
CENT = Decimal("0.01")
_NULL = object()
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})

Line = tuple[str, int, str, Decimal, bool]


@dataclass
class Billed:
    """A client there, while its rows are made."""

    id: int
    currency: int
    credit: Decimal = Decimal(0)
    row: dict[str, Any] = field(default_factory=dict)


class Source:
    """Writes rows into a file for each table, which `load` gives to the server."""

    def __init__(self, *, version: int, seed: int) -> None:
        self.version, self.random = version, random.Random(seed)
        self.columns = tables_of(version)
        self.last_ids = dict.fromkeys(self.columns, 0)
        self.counts = dict.fromkeys(self.columns, 0)
        self.folder = tempfile.TemporaryDirectory(prefix="whmcs-")
        self.open = ExitStack()
        self.files: dict[str, IO[str]] = {
            table: self.open.enter_context((Path(self.folder.name) / table).open("w", encoding="utf-8"))
            for table in self.columns
        }

    def put(self, table: str, **values: Any) -> int:
        """A row; its id is the next one where none is said. What is not said is the column's default."""
        if table not in self.columns:
            return 0  # a table of later versions
        number = values.setdefault("id", self.last_ids[table] + 1)
        self.last_ids[table] = max(number, self.last_ids[table])
        self.counts[table] += 1
        self.files[table].write("\t".join(map(_told, (values.get(each, _NULL) for each in self.columns[table]))) + "\n")
        return int(number)

    def client(self, **values: Any) -> Billed:
        """A client with its user; `done` writes it down, with the credit that it has by then."""
        number = values.pop("id", self.last_ids["tblclients"] + 1)
        self.last_ids["tblclients"] = max(number, self.last_ids["tblclients"])
        first, last = self.random.choice(_FIRST), self.random.choice(_LAST)
        city, state, postcode, country = self.random.choice(_CITIES)
        row = {
            "id": number, "uuid": f"00000000-0000-4000-8000-{number:012}", "firstname": first, "lastname": last,
            "companyname": f"{last} {number} Hosting" if number % 3 else "", "email": f"client{number}@example.com",
            "address1": f"{number} Main Street", "city": city, "state": state, "postcode": postcode,
            "country": country, "phonenumber": f"+1.555{number:07}", "password": "$2y$10$never-read",
            "cardnum": "never read", "securityqans": "never read", "currency": 1, "status": "Active",
            "defaultgateway": "stripe", "datecreated": TODAY - timedelta(700 + number % 900), "groupid": number % 4,
            "language": "english", "created_at": datetime(2024, 1, 1, 12), "updated_at": datetime(2026, 1, 1, 12),
        } | values  # fmt: skip
        return Billed(number, row["currency"], row=row)

    def done(self, client: Billed, *, credit: Decimal | None = None, user: bool = True) -> None:
        """Write the client down. `credit`: its balance, where that is not what its rows come to."""
        self.put("tblclients", **client.row | {"credit": client.credit if credit is None else credit})
        if user:
            row = client.row
            one = self.put(
                "tblusers", first_name=row["firstname"], last_name=row["lastname"],
                email=f"user{client.id}@example.com", password="$2y$10$never-read", last_login=datetime(2026, 11, 1),
            )  # fmt: skip
            self.put("tblusers_clients", auth_user_id=one, client_id=client.id, owner=1)

    def add_credit(self, client: Billed, amount: Decimal, on: Any, description: str, **values: Any) -> int:
        """A row of credit, given (positive) or used."""
        client.credit += amount
        return self.put(
            "tblcredit", clientid=client.id, date=on, description=description, amount=amount, **{"admin_id": 1} | values
        )

    def invoice(
        self, client: Billed, on: date, lines: list[Line], *, status: str = "Paid", credit: Decimal = Decimal(0),
        rate: Decimal = Decimal(0), **values: Any,
    ) -> tuple[int, Decimal]:  # fmt: skip
        """An invoice with its items: its id, and its total net of credit, as WHMCS up to 8 keeps it."""
        subtotal = sum((line[3] for line in lines), Decimal(0))
        tax = (sum((line[3] for line in lines if line[4]), Decimal(0)) * rate / 100).quantize(CENT)
        total = subtotal + tax - credit
        row = {
            "userid": client.id, "invoicenum": "", "date": on, "duedate": on + timedelta(14), "subtotal": subtotal,
            "credit": credit, "tax": tax, "taxrate": rate, "total": total, "status": status,
            "datepaid": datetime(on.year, on.month, on.day, 9, 30) + timedelta(3) if status == "Paid" else _NULL,
            "paymentmethod": "stripe", "created_at": datetime(on.year, on.month, on.day, 2),
        } | values  # fmt: skip
        number = self.put("tblinvoices", **row)
        for kind, relid, description, amount, taxed in lines:
            self.put(
                "tblinvoiceitems", invoiceid=number, userid=client.id, type=kind, relid=relid, description=description,
                amount=amount, taxed=int(taxed), duedate=on + timedelta(14), paymentmethod="stripe",
            )  # fmt: skip
        if credit and values.get("credited", True):
            self.add_credit(client, -credit, on, f"Credit Applied to Invoice #{number}")
        return number, total

    def payment(self, client: Billed | None, invoice: int, amount: Decimal, at: datetime, **values: Any) -> int:
        """Money that came in."""
        row = {
            "userid": client.id if client else 0, "currency": 0, "gateway": "stripe", "date": at,
            "description": "Invoice Payment", "amountin": amount, "fees": (amount / 50).quantize(CENT),
            "transid": f"ch_{self.last_ids['tblaccounts'] + 1:08}", "invoiceid": invoice,
        }  # fmt: skip
        return self.put("tblaccounts", **row | values)

    def load(self, session: "pymysql.Connection[Any]", database: str) -> None:
        """Make the database and give it all rows."""
        self.open.close()
        with session.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{database}`")
            cursor.execute(
                f"USE `{database}`; {create(self.version)} SET SESSION sql_mode = '', foreign_key_checks = 0"
            )
            while cursor.nextset():
                pass
            for table, columns in self.columns.items():
                kept, given = [], []
                for name in columns:
                    kept.append(f"@{name}_")
                    given.append(f"`{name}` = COALESCE(@{name}_, DEFAULT(`{name}`))" if name != "id" else "`id` = @id_")
                cursor.execute(
                    f"LOAD DATA LOCAL INFILE '{self.folder.name}/{table}' INTO TABLE `{table}` CHARACTER SET utf8mb4 "
                    f"({', '.join(kept)}) SET {', '.join(given)}"
                )
        self.discard()

    def discard(self) -> None:
        """Forget the files."""
        self.open.close()
        self.folder.cleanup()


def _told(value: Any) -> str:
    if value is _NULL:
        return "\\N"
    return value.translate(_ESCAPED) if isinstance(value, str) else str(value)


def months(count: int) -> Iterator[date]:
    """The first days of the last months, the oldest first."""
    first = TODAY.replace(day=1)
    for back in reversed(range(count)):
        month = first.year * 12 + first.month - 1 - back
        yield date(month // 12, month % 12 + 1, 1)
