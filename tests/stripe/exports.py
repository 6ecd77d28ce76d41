"""Made-up exports of Stripe: customers, invoices, balance transactions, as its dashboard and reports write them."""

import csv
import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

CUSTOMERS = (
    "id", "Description", "Email", "Name", "Created (UTC)", "Delinquent", "Card ID", "Card Last4", "Address Line1",
    "Address City", "Address State", "Address Postal Code", "Address Country", "Phone", "Account Balance", "Currency",
    "Business Vat ID", "Tax Exempt", "plan code (metadata)",
)  # fmt: skip
INVOICES = (
    "id", "Amount Due", "Billing", "Currency", "Customer", "Date (UTC)", "Due Date (UTC)", "Number", "Status",
    "Subtotal", "Total Discount Amount", "Tax", "Tax Percent", "Total", "Amount Paid", "Paid At (UTC)",
    "Voided At (UTC)", "Description",
)  # fmt: skip
DASHBOARD = (
    "id", "Type", "Source", "Amount", "Fee", "Net", "Currency", "Created (UTC)", "Available On (UTC)", "Description",
    "Customer Facing Amount", "Customer Facing Currency", "Transfer",
)  # fmt: skip
REPORT = (
    "balance_transaction_id", "created_utc", "created", "currency", "gross", "fee", "net", "reporting_category",
    "source_id", "description", "customer_facing_amount", "customer_facing_currency", "customer_id", "customer_name",
    "charge_id", "invoice_id", "payment_method_type",
)  # fmt: skip
_IN_REPORT = {
    "balance_transaction_id": "id", "created_utc": "Created (UTC)", "created": "Created (UTC)", "currency": "Currency",
    "gross": "Amount", "fee": "Fee", "net": "Net", "reporting_category": "Type", "source_id": "Source",
    "description": "Description", "customer_facing_amount": "Customer Facing Amount",
    "customer_facing_currency": "Customer Facing Currency",
}  # fmt: skip
SECRET = "card_never_read"
D = Decimal


@dataclass
class Exports:
    """Rows of the three files. `minor`: amounts are counted in the smallest unit, as the API counts them."""

    minor: bool = False
    customers: list[dict[str, Any]] = field(default_factory=list)
    invoices: list[dict[str, Any]] = field(default_factory=list)
    balance: list[dict[str, Any]] = field(default_factory=list)

    def customer(self, name: str = "Ada Lovelace", *, balance: str = "0", currency: str = "usd", **more: Any) -> str:
        """A customer. Its balance is credit below zero."""
        number = len(self.customers) + 1
        key = f"cus_{number:06}"
        row = {
            "id": key, "Name": name, "Email": f"customer{number}@example.com", "Created (UTC)": "2024-01-31 23:30",
            "Card ID": SECRET, "Card Last4": "4242", "Address Line1": f"{number} Main Street", "Address City": "Köln",
            "Address Country": "DE", "Account Balance": self._amount(D(balance), currency), "Currency": currency,
        }  # fmt: skip
        self.customers.append(row | more)
        return key

    def invoice(
        self, customer: str, subtotal: str, *, status: str = "paid", tax: str = "0", discount: str = "0",
        credit: str = "0", currency: str = "usd", on: str = "2026-05-04 10:00", **more: Any,
    ) -> str:  # fmt: skip
        """An invoice, of which the balance pays `credit`."""
        number = len(self.invoices) + 1
        total = D(subtotal) - D(discount) + D(tax)
        due = total - D(credit)
        row = {
            "id": f"in_{number:06}", "Number": f"ABCD-{number:04}", "Customer": customer, "Currency": currency,
            "Date (UTC)": on, "Due Date (UTC)": "2026-06-03 10:00", "Status": status,
            "Paid At (UTC)": on if status == "paid" else "", "Billing": "charge_automatically",
            "Tax Percent": "19.0" if D(tax) else "",
        } | {
            name: self._amount(D(value), currency)
            for name, value in (
                ("Subtotal", subtotal), ("Total Discount Amount", discount), ("Tax", tax), ("Total", total),
                ("Amount Due", due), ("Amount Paid", due if status == "paid" else 0),
            )
        }  # fmt: skip
        self.invoices.append(row | more)
        return str(row["id"])

    def moved(
        self, kind: str, amount: str, *, fee: str = "0", currency: str = "usd", at: str = "2026-05-04 10:05",
        customer: str = "", invoice: str = "", charge: str = "", **more: Any,
    ) -> str:  # fmt: skip
        """A balance transaction; its source's id."""
        number = len(self.balance) + 1
        letters = {"charge": "ch", "refund": "re", "payout": "po", "adjustment": "dp"}.get(kind, "xx")
        row = {
            "id": f"txn_{number:06}", "Type": kind, "Source": f"{letters}_{number:06}", "Currency": currency,
            "Created (UTC)": at, "Description": f"{kind} {number}", "Amount": self._amount(D(amount), currency),
            "Fee": self._amount(D(fee), currency), "Net": self._amount(D(amount) - D(fee), currency),
            "customer_id": customer, "invoice_id": invoice, "charge_id": charge, "payment_method_type": "card",
        }  # fmt: skip
        self.balance.append(row | more)
        return str(row["Source"])

    def paid(self, customer: str, subtotal: str, **more: Any) -> str:
        """An invoice, and the charge that paid it."""
        key = self.invoice(customer, subtotal, **more)
        due, currency = self.invoices[-1]["Amount Due"], more.get("currency", "usd")
        amount = D(due).scaleb(-2) if self.minor and currency != "jpy" else D(due)
        fee = "3" if currency == "jpy" else "0.59"
        at = more.get("on", "2026-05-04 10:00")
        self.moved("charge", str(amount), fee=fee, currency=currency, customer=customer, invoice=key, at=at)
        return key

    def write(
        self, folder: Path, *, report: bool = True, encoding: str = "utf-8", delimiter: str = ","
    ) -> dict[str, Path]:
        """The three files."""
        files = {"customers": (CUSTOMERS, self.customers), "invoices": (INVOICES, self.invoices)}
        rows = [{name: row.get(_IN_REPORT.get(name, name), "") for name in REPORT} for row in self.balance]
        files["balance"] = (REPORT, rows) if report else (DASHBOARD, self.balance)
        paths = {}
        for said, (columns, found) in files.items():
            paths[said] = folder / f"{said}.csv"
            with paths[said].open("w", encoding=encoding, newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", delimiter=delimiter)
                writer.writeheader()
                writer.writerows(found)
        return paths

    def _amount(self, amount: Decimal, currency: str) -> str:
        if currency == "jpy":
            return f"{amount:.0f}"
        return f"{amount.scaleb(2):.0f}" if self.minor else f"{amount:.2f}"


def make_exports(customers: int = 20, *, minor: bool = False) -> Exports:
    """What is ordinary: a bill a month, credit that was used, an open invoice, payouts."""
    exports, choice = Exports(minor=minor), random.Random(1)
    for number in range(1, customers + 1):
        code = "jpy" if number % 11 == 5 else "eur" if number % 5 == 3 else "usd"
        balance = "0" if number % 4 else "-500" if code == "jpy" else "-12.50"
        name = f"Ada Byron-{chr(64 + number)}" if number % 2 else f"Company {number} Ltd"
        customer = exports.customer(name, balance=balance, currency=code,
                                    **{"plan code (metadata)": "gold" if number % 3 else ""})  # fmt: skip
        price = str(choice.randrange(500, 5000)) if code == "jpy" else f"{choice.randrange(500, 5000) / 100:.2f}"
        tax = f"{D(price) * 19 / 100:.2f}" if number % 3 == 0 and code != "jpy" else "0"
        for month in range(1, 8):
            on = f"2026-{month:02}-{choice.randrange(1, 28):02} 10:00"
            exports.paid(customer, price, currency=code, tax=tax, on=on, credit="5" if month == 3 else "0")
        exports.invoice(customer, price, status="open", currency=code, tax=tax, on="2026-11-20 09:00")
        exports.moved("payout", "-100", currency=code)
    return exports


def add_dirty(exports: Exports) -> None:
    """What is odd, on customers that are named after it."""
    customer = exports.customer("Smith &amp; Sons", Email="mÃ¼ller@example.com", Description="Old\nnotes", **{
        "Created (UTC)": "yesterday", "Address Postal Code": "9" * 30, "Tax Exempt": "exempt"})  # fmt: skip
    exports.paid(customer, "10.00", Description="Caf&eacute;")

    exports.customer("Debtor Owes", balance="7.25")
    never = exports.customer("Never Billed", currency="")
    assert never
    late = exports.customer("Billed Later", currency="")
    exports.paid(late, "10.00", currency="eur")
    exports.customer("", Description="Described only")

    customer = exports.customer("Two Currencies")
    exports.paid(customer, "10.00", currency="eur")
    customer = exports.customer("Part Discounted")
    exports.paid(customer, "100.00", discount="10.00", tax="17.10")

    customer = exports.customer("Every Status")
    for status in ("draft", "open", "void", "uncollectible", "odd"):
        exports.invoice(customer, "10.00", status=status)
    customer = exports.customer("Old Debt")
    exports.invoice(customer, "10.00", status="open", credit="-5.00")

    customer = exports.customer("Given Back")
    invoice = exports.invoice(customer, "10.00")
    charge = exports.moved("charge", "10.00", fee="0.59", customer=customer, invoice=invoice)
    exports.moved("refund", "-4.00", customer=customer, charge=charge)
    exports.moved("adjustment", "-6.00", fee="15.00", customer=customer, charge=charge)
    exports.moved("charge", "11.00", fee="0.62", customer=customer,
                  **{"Customer Facing Amount": "10.00", "Customer Facing Currency": "eur"})  # fmt: skip

    for kind, amount in (("stripe_fee", "-2.00"), ("transfer", "-3.00"), ("adjustment", "1.00")):
        exports.moved(kind, amount, **({"Source": "adj_1"} if kind == "adjustment" else {}))
    exports.moved("charge", "7.00", fee="0.50", customer="cus_gone", customer_name="Gone Ltd")
    exports.invoice("cus_gone", "7.00")
    exports.balance.append(dict(exports.balance[0]))  # two files put together
