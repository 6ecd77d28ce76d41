"""The two files that the demo imports: clients and their billable items."""

import csv
import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from billing_admin.money.amounts import round_half_up

from .people import FIELDS, LONG_COMPANY, PLANS, PRICE_FACTORS, REGIONS, TRADES, Region

FIRST_NUMBER = 1001

CLIENT_COLUMNS = (
    "Client ID", "First Name", "Last Name", "Company Name", "Email Address", "Phone", "Address", "City", "Postcode",
    "Country", "Currency", "Status", "Group", "Creation Date",
)  # fmt: skip
ITEM_COLUMNS = ("Client ID", "Description", "Quantity", "Amount", "Currency", "Due Date", "Tax Rate", "Cycle")

Row = dict[str, str]


@dataclass(frozen=True)
class Files:
    """Paths of the two files written."""

    clients: Path
    items: Path


def write_files(folder: Path, *, count: int, starts_on: datetime.date, chance: random.Random) -> Files:
    """Write the files for `count` clients whose billing begins on `starts_on`."""
    regions = chance.choices([region for region, _ in REGIONS], [share for _, share in REGIONS], k=count)
    clients = [_client(FIRST_NUMBER + n, region, starts_on, chance) for n, region in enumerate(regions)]
    _make_special(clients)
    items = [
        item
        for client, region in zip(clients, regions, strict=True)
        for item in _items(client, region, starts_on, chance)
    ]
    files = Files(folder / "clients.csv", folder / "billable_items.csv")
    _write(files.clients, CLIENT_COLUMNS, clients)
    _write(files.items, ITEM_COLUMNS, items)
    return files


def _client(number: int, region: Region, starts_on: datetime.date, chance: random.Random) -> Row:
    company = ""
    if chance.random() < 0.7:
        company = f"{chance.choice(TRADES)} {chance.choice(FIELDS)} {chance.choice(region.company_forms)}"
    status = chance.choices(["Active", "Inactive", "Closed"], [94, 4, 2])[0]
    since = starts_on - datetime.timedelta(days=chance.randint(0, 1500))
    return {
        "Client ID": str(number),
        "First Name": chance.choice(region.first_names),
        "Last Name": chance.choice(region.last_names),
        "Company Name": company,
        "Email Address": f"accounts{number}@example.com",
        "Phone": f"+{chance.randint(1, 97)} {chance.randint(200, 999)} {chance.randint(1000, 9999)}",
        "Address": f"{chance.randint(1, 240)} {chance.choice(TRADES)} Street",
        "City": chance.choice(region.cities),
        "Postcode": f"{chance.randint(10000, 99999)}",
        "Country": region.country,
        "Currency": region.currency,
        "Status": status,
        "Group": chance.choices(["", "Resellers", "Agencies", "Charities"], [80, 10, 7, 3])[0],
        "Creation Date": since.isoformat(),
    }


def _make_special(clients: list[Row]) -> None:
    """A client to show first, one with a very long name, and a few duplicates to merge."""
    hero = {"First Name": "Maria", "Last Name": "Keller", "Company Name": "Acme Ltd", "Status": "Active"}
    place = {"City": "Portland", "Country": "US", "Currency": "USD", "Phone": "+1 503 555 0142", "Postcode": "97205"}
    clients[0].update(hero, **place, **{"Email Address": "maria@acme.example"})
    if len(clients) > 20:
        clients[7]["Company Name"] = LONG_COMPANY
        for original, copy in ((3, 14), (5, 16), (9, 18), (11, 19)):
            for column in ("First Name", "Last Name", "Email Address", "City", "Country", "Currency", "Address"):
                clients[copy][column] = clients[original][column]
            clients[copy]["Company Name"] = clients[original]["Company Name"].removesuffix(".").upper()


def _items(client: Row, region: Region, starts_on: datetime.date, chance: random.Random) -> Iterator[Row]:
    is_hero = client["Client ID"] == str(FIRST_NUMBER)
    plans = (
        PLANS[:2] if is_hero else chance.choices(PLANS, [share for *_, share in PLANS], k=chance.choice([1, 1, 1, 2]))
    )
    factor = Decimal(str(PRICE_FACTORS[client["Currency"]]))
    for description, price, cycle, _ in plans:
        due = starts_on + datetime.timedelta(days=0 if is_hero or cycle == "monthly" else chance.randint(0, 330))
        yield {
            "Client ID": client["Client ID"],
            "Description": description,
            "Quantity": "1",
            "Amount": str(round_half_up(price * factor, client["Currency"])),
            "Currency": client["Currency"],
            "Due Date": due.isoformat(),
            "Tax Rate": "0" if is_hero else region.tax_rate,
            "Cycle": cycle,
        }


def _write(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
