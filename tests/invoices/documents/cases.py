"""Documents of every kind, issued by the services: by name, what makes each."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from djmoney.money import Money

from clients.models import Client
from invoices.models import BillableItem, CreditNote, ExchangeRate, Invoice, TaxRate, TaxSettings
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, bill_client
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_item
from tests.invoices.companies import ACCOUNT, make_buyer, make_company

TODAY = datetime.date(2026, 11, 29)


def line(amount: str, rate: str = "20", currency: str = "EUR", **about: Any) -> NewLine:
    """A line of hosting."""
    name = about.pop("name", "Hosting")
    return NewLine(name, Money(Decimal(amount), currency), **{"tax_rate": Decimal(rate)} | about)


def untaxed(category: str, amount: str = "50.00") -> NewLine:
    """A line without tax, and why."""
    return line(amount, "0", tax_category=category)


def billed(*lines: NewLine, to: Client | None = None, **company: Any) -> Invoice:
    """An invoice of today, to a client in France, by a company in Germany with these fields."""
    make_company(**company)
    return bill_client(client=to or make_buyer(po_number="PO-77"), lines=lines, by=None, on=TODAY)


def exempt(*others: NewLine) -> Invoice:
    """By a law that is said in the settings."""
    TaxSettings.objects.create(exempt_reason="Article 132 of Directive 2006/112/EC")
    return billed(untaxed("E"), *others)


def settled(credit: str) -> Invoice:
    """60.00, so much of it by credit."""
    acme = make_buyer(po_number="PO-77")
    give_credit(acme, Money(Decimal(credit), "EUR"))
    return billed(line("50.00"), to=acme)


def foreign() -> Invoice:
    """In dollars, by a company whose books are in euros."""
    ExchangeRate.objects.create(currency="USD", day=TODAY, rate=Decimal("0.925"), accounting_currency="EUR")
    return billed(line("50.00", currency="USD"), to=make_buyer(currency="USD", po_number="PO-77"))


def yen() -> Invoice:
    """A currency without cents, and a quantity that does not come out in it."""
    lines = line("333", "10", "JPY", quantity=Decimal("1.5")), line("5000", "10", "JPY")
    return billed(*lines, to=make_buyer(currency="JPY", po_number="PO-77"), accounting_currency="JPY")


def with_periods() -> Invoice:
    """Of two months of a subscription, each with a purchase order, by a run."""
    make_company()
    TaxRate.objects.update_or_create(country="", defaults={"name": "VAT", "rate": Decimal(20)})
    acme = make_buyer()
    for po, name in (("PO-1", "Server"), ("PO-2", "Backup")):
        start = datetime.date(2026, 1, 31)
        make_item(
            acme, Money(Decimal("12.34"), "EUR"), due=start, description=name, unit="MON", po_number=po,
            cycle=BillableItem.Cycle.MONTHLY,
        )  # fmt: skip
    generate_invoices(as_of=datetime.date(2026, 2, 28), by=None)
    return Invoice.objects.get()


def credit_note(invoice: Invoice | None = None) -> CreditNote:
    """Of one of two months, and of a part of another line by its amount."""
    invoice = invoice or billed(line("30.00", quantity=Decimal(2), unit="MON"), line("20.00", "7"))
    whole, part = invoice.lines.order_by("position")[:2]
    lines = [CreditLine(whole.pk, quantity=Decimal(1)), CreditLine(part.pk, gross=Money(6, "EUR"))]
    return issue_credit_note(invoice=invoice, reason="Down for a day", by=None, lines=lines, on=TODAY).note


CASES: dict[str, Callable[[], Invoice | CreditNote]] = {
    "plain": lambda: billed(line("50.00")),
    "two rates": lambda: billed(line("30.00"), line("5.00", "7"), line("20.00")),
    "a rate of three places": lambda: billed(line("99.99", "8.125", quantity=Decimal("3.5"))),
    "reverse charge": lambda: billed(untaxed("AE")),
    "exempt": exempt,
    "exempt and taxed": lambda: exempt(line("30.00"), untaxed("Z"), untaxed("AE")),
    "zero rate": lambda: billed(untaxed("Z")),
    "outside the scope": lambda: billed(untaxed("O")),
    "partly paid": lambda: settled("40.00"),
    "wholly paid": lambda: settled("60.00"),
    "nothing to pay": lambda: billed(line("0.00")),
    "prices with tax": lambda: billed(line("3.33", quantity=Decimal(3), tax_included=True)),
    "yen": yen,
    "foreign currency": foreign,
    "no bank account": lambda: billed(line("50.00"), bank_accounts=[]),
    "an account without IBAN": lambda: billed(
        line("50.00"), bank_accounts=[{**ACCOUNT, "iban": "", "account": "12 345"}]
    ),
    "no VAT ID": lambda: billed(line("50.00"), vat_id="", tax_number="12/345/67890"),
    "no terms and no contact": lambda: billed(
        line("50.00"), terms={}, contact_name="", contact_phone="", contact_email=""
    ),
    "periods": with_periods,
    "many lines": lambda: billed(*(line(f"{n}.{n:02}", "7" if n % 3 else "20") for n in range(1, 61))),
    "credit note": credit_note,
    "credit note of an XRechnung": lambda: credit_note(
        billed(line("30.00", quantity=Decimal(2)), line("20.00", "7"), to=make_buyer(e_invoice="xrechnung"))
    ),
    "credit note of a price with tax": lambda: credit_note(
        billed(line("9.99", quantity=Decimal(7), tax_included=True), line("20.00", tax_included=True))
    ),
}
