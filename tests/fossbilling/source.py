"""A believable FOSSBilling, made up row by row: payments go to a client's balance, which pays the invoices."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pymysql

from .schema import NEW, create, tables_of

TODAY = date(2026, 11, 30)
CENT = Decimal("0.01")
SECRET = "never read"
_LAST = ("Lovelace", "Hopper", "Hamilton", "Liskov", "Perlman", "Allen", "Kay", "Knuth")
_STATUSES = ("active", "suspended", "canceled")

# Title, quantity, price of one, taxed.
Line = tuple[str, int, Decimal, bool]


class Source:
    """Rows by table, in the order in which they are put; the same `seed` makes the same."""

    def __init__(self, *, patch: int = NEW, seed: int = 1) -> None:
        self.patch, self.random = patch, random.Random(seed)
        self.columns = tables_of(patch)
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in self.columns}
        self.put("setting", param="last_patch", value=str(patch))
        self.put("setting", param="smtp_password", value=SECRET)
        self.put("admin", name="Staff", **{"pass": SECRET}, created_at=datetime(2023, 1, 2, 3, 4, 5))
        for code, default in (("USD", 1), ("EUR", 0), ("JPY", 0)):
            self.put("currency", code=code, is_default=default)
        for title in ("Resellers", "Staff &amp; Friends"):
            self.put("client_group", title=title)
        for name in ("Bank transfer", "PayPal"):
            self.put("pay_gateway", name=name, gateway=name, config=SECRET)
        self.put("tax", level=1, name="VAT", country="DE", taxrate="19")

    def put(self, table: str, **values: Any) -> int:
        """A row; its id is the next one where none is said. What is not said is the column's default."""
        rows = self.rows[table]
        number = values.setdefault("id", rows[-1]["id"] + 1 if rows else 1)
        rows.append({name: value for name, value in values.items() if name == "id" or name in self.columns[table]})
        return int(number)

    def client(self, **values: Any) -> int:
        """A client."""
        number = len(self.rows["client"]) + 1
        return self.put(
            "client",
            **{
                "first_name": "Ada", "last_name": _LAST[number % len(_LAST)], "company": f"Company {number}",
                "email": f"client{number}@example.com", "pass": SECRET, "salt": SECRET, "api_token": SECRET,
                "status": "active", "address_1": f"{number} Main Street", "city": "Köln", "postcode": "50667",
                "country": "DE", "phone_cc": "49", "phone": f"555{number:05}", "currency": "USD", "lang": "en_US",
                "client_group_id": 1, "created_at": datetime(2024, 1, 31, 12),
            } | values,
        )  # fmt: skip

    def invoice(self, client: int, on: date, lines: list[Line], *, status: str = "paid", rate: str = "0", **values: Any
                ) -> tuple[int, Decimal]:  # fmt: skip
        """An invoice with its items: its id and its total, as this version reckons it."""
        number = self.put(
            "invoice",
            **{
                "client_id": client, "serie": "FOSS", "nr": str(len(self.rows["invoice"]) + 1), "currency": "USD",
                "status": status, "approved": 1, "taxrate": rate, "taxname": "VAT", "gateway_id": 1,
                "due_at": datetime.combine(on + timedelta(14), time(0)), "created_at": datetime.combine(on, time(2)),
                "paid_at": datetime.combine(on + timedelta(3), time(9)) if status == "paid" else None,
                "buyer_first_name": "Ada", "buyer_last_name": f"Buyer {client}",
            } | values,
        )  # fmt: skip
        for title, quantity, price, taxed in lines:
            self.put("invoice_item", invoice_id=number, type="custom", title=title, quantity=quantity, price=price,
                     taxed=int(taxed))  # fmt: skip
        subtotal = sum((quantity * price for _, quantity, price, _ in lines), Decimal(0))
        return number, subtotal + self._tax(lines, Decimal(rate))

    def _tax(self, lines: list[Line], rate: Decimal) -> Decimal:
        taxed = [(quantity, price) for _, quantity, price, is_taxed in lines if is_taxed]
        if self.patch == NEW:
            return (sum((q * p for q, p in taxed), Decimal(0)) * rate / 100).quantize(CENT, "ROUND_HALF_UP")
        return sum((q * (p * rate / 100).quantize(CENT, "ROUND_HALF_UP") for q, p in taxed), Decimal(0))

    def balance(self, client: int, amount: Decimal, at: datetime, kind: str = "default", rel: object = None,
                description: str = "Correction") -> int:  # fmt: skip
        """A row of the balance."""
        return self.put("client_balance", client_id=client, type=kind, rel_id=rel, amount=amount, created_at=at,
                        description=description)  # fmt: skip

    def payment(self, client: int, invoice: int | None, amount: Decimal, at: datetime, **values: Any) -> int:
        """Money that came in: into the balance."""
        number = self.put(
            "transaction",
            **{"invoice_id": invoice, "gateway_id": 2, "txn_id": f"T{len(self.rows['transaction']) + 1:06}",
               "txn_status": "complete", "amount": str(amount), "currency": "USD", "type": "payment",
               "status": "processed", "ipn": SECRET, "created_at": at} | values,
        )  # fmt: skip
        if values.get("type", "payment") == "payment" and values.get("status", "processed") == "processed":
            self.balance(client, amount, at, "transaction", number, f"Transaction {number}")
        return number

    def paid(self, client: int, on: date, lines: list[Line], **values: Any) -> int:
        """An invoice that was paid by a payment."""
        number, total = self.invoice(client, on, lines, **values)
        at = datetime.combine(on + timedelta(3), time(9, 30))
        self.payment(client, number, total, at, currency=values.get("currency", "USD"))
        self.balance(client, -total, at, "invoice", number, f"Payment for invoice #{number} using account credit.")
        return number

    def load(self, session: "pymysql.Connection[Any]", database: str) -> None:
        """Make the database and give it all rows."""
        with session.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{database}`")
            cursor.execute(f"USE `{database}`; {create(self.patch)} SET SESSION sql_mode = ''")
            while cursor.nextset():
                pass
            for table, rows in self.rows.items():
                for row in rows:
                    names = ", ".join(f"`{name}`" for name in row)
                    marks = ", ".join(["%s"] * len(row))
                    cursor.execute(f"INSERT INTO `{table}` ({names}) VALUES ({marks})", list(row.values()))


def add_client(source: Source, number: int) -> None:
    """One with ten invoices, credit that was bought and used, an order and some history."""
    choice = source.random
    code = "JPY" if number % 11 == 5 else "EUR" if number % 5 == 3 else "USD"
    client = source.client(currency=code, status=choice.choices(_STATUSES, (85, 10, 5))[0],
                           custom_2="Gold" * (number % 2),
                           billing_email=f"bills{number}@example.com" if number % 4 == 0 else None)  # fmt: skip
    price = Decimal(choice.randrange(500, 5000)) / (1 if code == "JPY" else 100)
    rate = "19" if number % 3 == 0 and code != "JPY" else "0"
    lines: list[Line] = [("Starter", 3, price, True), ("Domain", 1, Decimal(9), False)]
    for month in range(1, 10):
        on = date(2026, month, choice.randrange(1, 28))
        source.paid(client, on, lines, rate=rate, currency=code)
    source.balance(client, Decimal(50), datetime(2026, 9, 1, 9), description="Gift")
    if number % 3 == 1:
        _, total = source.invoice(client, date(2026, 10, 1), lines[1:], currency=code)
        source.balance(client, -total, datetime(2026, 10, 2, 9), "invoice", len(source.rows["invoice"]))
    unpaid, _ = source.invoice(client, date(2026, 11, 20), lines, status="unpaid", rate=rate, currency=code,
                               approved=int(number % 6 != 0))  # fmt: skip
    source.put("client_order", client_id=client, title=f"Starter {number}.example", currency=code, period="1M",
               quantity=3, price=price, status="active", invoice_option="issue-invoice", config=SECRET,
               unpaid_invoice_id=unpaid if number % 2 else None, activated_at=datetime(2026, 1, 5, 12),
               expires_at=datetime(2026, 12, 5, 12))  # fmt: skip
    source.put("activity_client_email", client_id=client, subject="Your password", recipients="a@example.com",
               content_html=SECRET, created_at=datetime(2026, 1, 1, 8))  # fmt: skip
    source.put("activity_client_history", client_id=client, ip="192.0.2.1", created_at=datetime(2026, 1, 1, 9))
    source.put("activity_system", client_id=client, message="Order activated", created_at=datetime(2026, 1, 5, 12))


def make_source(*, clients: int = 20, patch: int = NEW) -> Source:
    """All that is ordinary."""
    source = Source(patch=patch)
    for number in range(1, clients + 1):
        add_client(source, number)
    return source
