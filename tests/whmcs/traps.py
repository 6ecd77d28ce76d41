"""What is wrong in a WHMCS that has been used for years, each trap on clients of its own, and what must become of it.

Each makes its rows beside what is ordinary, so that it can be counted, and what the import says can be held against it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .source import TODAY, Billed, Line, Source

D = Decimal
ON = date(2026, 5, 4)
AT = datetime(2026, 5, 7, 9, 30)
LATER = date(2031, 1, 1)


@dataclass(frozen=True)
class Trap:
    """`becomes`: the rows that the preview tells of, by table: outcome and a word of why."""

    name: str
    make: Callable[[Source], None]
    becomes: tuple[tuple[str, str, str], ...]


TRAPS: list[Trap] = []


def trap(*becomes: tuple[str, str, str]) -> Callable[[Callable[[Source], None]], Callable[[Source], None]]:
    """Put a function among the traps."""

    def register(make: Callable[[Source], None]) -> Callable[[Source], None]:
        TRAPS.append(Trap(make.__name__, make, becomes))
        return make

    return register


def line(amount: str = "10.00", text: str = "Starter", *, taxed: bool = False, kind: str = "Hosting") -> Line:
    return (kind, 0, text, D(amount), taxed)


def paid(source: Source, client: Billed, *lines: Line, **values: Any) -> int:
    number, total = source.invoice(client, ON, list(lines or (line(),)), **values)
    source.payment(client, number, total, AT)
    return number


# ── Clients ──


@trap(("clients", "comes", "date"), ("invoices", "comes", "date"))
def zero_dates(source: Source) -> None:
    client = source.client(datecreated="0000-00-00", lastlogin="0000-00-00 00:00:00")
    paid(source, client, date="0000-00-00", duedate="0000-00-00", datepaid="0000-00-00 00:00:00")
    source.done(client)


@trap(("clients", "comes", "entities"), ("lines", "comes", "entities"))
def entities(source: Source) -> None:
    client = source.client(firstname="Sine&eacute;ad", lastname="O&#039;Brien", companyname="Fish &amp;amp; Chips")
    paid(source, client, line(text="Setup &amp; transfer &lt;b&gt;"))
    source.done(client)


@trap(("clients", "comes", "encoding"), ("lines", "comes", "encoding"))
def encoded_twice(source: Source) -> None:
    client = source.client(lastname="MÃ¼ller", companyname="CafÃ© CrÃ¨me", address1="StraÃŸe 1")
    paid(source, client, line(text="EinrichtungsgebÃ¼hr"))
    source.done(client)


@trap(("clients", "comes", "long"), ("lines", "comes", ""))
def long_texts(source: Source) -> None:
    client = source.client(firstname="A" * 200, companyname="Very long " * 40, phonenumber="+1 " + "5" * 80)
    paid(source, client, line(text="Line of an order. " * 120), invoicenum="F" * 120)
    source.payment(client, 0, D("1.00"), AT, transid="t" * 255, description="Money. " * 300)
    source.done(client)


@trap(("clients", "comes", ""))
def typed_badly(source: Source) -> None:
    client = source.client(firstname="=1+1", lastname="<script>alert(1)</script>", country="UK", phonenumber="n/a",
                           email="not an address", notes="One\r\ntwo\x00 \x07three", language="klingon")  # fmt: skip
    source.done(client)


@trap(("clients", "comes", "name"))
def no_name(source: Source) -> None:
    source.done(source.client(firstname="", lastname="", companyname="", email=""))


@trap(("clients", "asks", "e-mail"), ("clients", "asks", "e-mail"))
def same_email(source: Source) -> None:
    for _ in range(2):
        source.done(source.client(email=f"twice{source.last_ids['tblclients'] // 2}@example.com"))


@trap(("clients", "comes", ""))
def no_user(source: Source) -> None:
    source.done(source.client(), user=False)


@trap(("clients", "asks", "currency"))
def unknown_currency(source: Source) -> None:
    source.done(source.client(currency=97))


@trap(("clients", "comes", ""), ("invoices", "comes", ""))
def closed_with_all(source: Source) -> None:
    client = source.client(status="Closed", groupid=99)
    source.invoice(client, ON, [line()], status="Unpaid")
    source.add_credit(client, D("5.00"), ON, "Goodwill")
    source.done(client)


# ── Rows without what they belong to ──


@trap(("invoices", "left out", "client"), ("money", "comes", "client"), ("credit", "left out", "client"),
      ("contacts", "left out", "client"), ("notes", "left out", "client"), ("items", "left out", "client"))  # fmt: skip
def deleted_client(source: Source) -> None:
    gone = source.client()
    number = paid(source, gone)
    source.add_credit(gone, D("7.00"), ON, "Add Funds")
    source.put("tblcontacts", userid=gone.id, firstname="Or", lastname="Phan")
    source.put("tblnotes", userid=gone.id, created=AT, note="Of nobody")
    source.put("tblhosting", userid=gone.id, amount=D("3.00"), billingcycle="Monthly", domainstatus="Active",
               regdate=ON, nextduedate=TODAY, nextinvoicedate=TODAY)  # fmt: skip
    source.put("tblcustomfieldsvalues", fieldid=1, relid=gone.id, value="x")
    source.put("tblactivitylog", date=AT, userid=gone.id, admin_id=1,
               description=f"Client Deleted - User ID: {gone.id} - Ada Gone")  # fmt: skip
    assert number


@trap(("lines", "left out", "invoice"), ("lines", "left out", "invoice"), ("money", "comes", "invoice"))
def deleted_invoice(source: Source) -> None:
    client = source.client()
    for invoice in (900_000_000, 0):
        source.put("tblinvoiceitems", invoiceid=invoice, userid=client.id, description="Left over", amount=D("4.00"))
    source.payment(client, 900_000_000, D("4.00"), AT)
    source.add_credit(client, D("9.00"), ON, "Add Funds")
    source.add_credit(client, D("-4.00"), ON + timedelta(1), "Credit Applied to Invoice #900000000")
    source.done(client)


@trap(("money", "asks", "client"))
def money_of_nobody(source: Source) -> None:
    source.payment(None, 0, D("12.00"), AT, currency=1, description="Found in the bank")


# ── Invoices ──


@trap(("invoices", "comes", "total"), ("invoices", "waits", "total"))
def total_is_not_its_items(source: Source) -> None:
    client = source.client()
    paid(source, client, line("10.00"), subtotal=D("12.00"), total=D("12.00"))
    source.invoice(client, ON, [line("10.00")], status="Unpaid", subtotal=D("12.00"), total=D("12.00"))
    source.done(client)


@trap(("invoices", "comes", "number"), ("invoices", "comes", "number"), ("invoices", "comes", ""))
def odd_numbers(source: Source) -> None:
    client = source.client()
    for _ in range(2):
        paid(source, client, invoicenum="2024-0001")
    paid(source, client, invoicenum=" Rechnung 7/ß <b> ")
    source.done(client)


@trap(("invoices", "comes", "credit"), ("invoices", "waits", "credit"))
def credit_beyond_total(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("40.00"), ON - timedelta(9), "Add Funds")
    source.invoice(client, ON, [line("10.00")], credit=D("15.00"))
    source.invoice(client, ON, [line("10.00")], credit=D("15.00"), status="Unpaid")
    source.done(client)


@trap(("invoices", "comes", ""), ("invoices", "waits", "credit"))
def credit_without_rows(source: Source) -> None:
    client = source.client()
    source.invoice(client, ON, [line("10.00")], credit=D("10.00"), credited=False)
    source.invoice(client, ON, [line("10.00")], credit=D("4.00"), credited=False, status="Unpaid")
    source.done(client)


@trap(("invoices", "comes", "date"), ("money", "comes", "date"))
def in_the_future(source: Source) -> None:
    client = source.client()
    number, total = source.invoice(client, LATER, [line()])
    source.payment(client, number, total, datetime(2031, 1, 4, 8))
    source.done(client)


@trap(("invoices", "comes", ""), ("invoices", "asks", "negative line"))
def negative_lines(source: Source) -> None:
    client = source.client()
    lines = [line("10.00"), line("-3.00", "Promotional Code: SUMMER", kind="PromoHosting")]
    paid(source, client, *lines)
    source.invoice(client, ON, lines, status="Unpaid")
    source.done(client)


@trap(("invoices", "comes", ""), ("invoices", "comes", ""))
def two_taxes(source: Source) -> None:
    client = source.client()
    lines = [line("100.00", taxed=True), line("50.00")]
    for status in ("Paid", "Unpaid"):
        source.invoice(client, ON, lines, status=status, rate=D("5.000"), taxrate2=D("9.975"), tax2=D("9.98"),
                       total=D("164.98"))  # fmt: skip
    source.done(client)


@trap(("invoices", "waits", "paid"), ("invoices", "comes", ""), ("invoices", "comes", ""))
def status_is_behind(source: Source) -> None:
    client = source.client()
    number, total = source.invoice(client, ON, [line()], status="Unpaid")
    source.payment(client, number, total, AT)
    number, _ = source.invoice(client, ON, [line()], status="Unpaid")
    source.payment(client, number, D("4.00"), AT)
    source.invoice(client, ON, [line()], status="Paid")  # by hand, without money
    source.done(client)


@trap(("invoices", "asks", "status"), ("invoices", "asks", "status"))
def unknown_status(source: Source) -> None:
    client = source.client()
    for status in ("Pending Review", ""):
        source.invoice(client, ON, [line()], status=status)
    source.done(client)


@trap(("invoices", "waits", "decimals"), ("money", "comes", "decimals"))
def yen_with_decimals(source: Source) -> None:
    client = source.client(currency=3)
    source.invoice(client, ON, [line("1000.50")], status="Unpaid")
    source.payment(client, 0, D("1000.50"), AT, fees=D("30.25"))
    source.done(client)


@trap(("invoices", "comes", ""), ("invoices", "comes", ""))
def other_kinds_of_lines(source: Source) -> None:
    client = source.client()
    number = paid(source, client, line("25.00", "Add Funds", kind="AddFunds"))
    source.add_credit(client, D("25.00"), ON, f"Add Funds Invoice #{number}", relid=number)
    first, _ = source.invoice(client, ON, [line("8.00")], status="Paid")
    paid(source, client, ("Invoice", first, f"Invoice #{first}", D("8.00"), False))
    source.done(client)
