"""What is ordinary in a WHMCS: clients with services, a bill a month, credit that is bought and used."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from .source import CENT, CURRENCIES, GATEWAYS, TODAY, VERSIONS, Billed, Line, Source, months
from .traps_of_money import TRAPS

_CYCLES = ("Monthly", "Quarterly", "Semi-Annually", "Annually", "Biennially", "Triennially")


def add_settings(source: Source) -> None:
    """The rows that there are once."""
    put = source.put
    for setting, value in {
        "Version": VERSIONS[source.version], "CompanyName": "Example Hosting", "TaxEnabled": "on",
        "SystemURL": "https://billing.example.com/",
        "TaxType": "Exclusive", "DateFormat": "DD/MM/YYYY", "InvoiceIncrement": "1",
        "SequentialInvoiceNumbering": "", "SMTPPassword": "never read",
    }.items():  # fmt: skip
        put("tblconfiguration", setting=setting, value=value)
    for code, prefix, suffix, form, rate, default in CURRENCIES:
        put("tblcurrencies", code=code, prefix=prefix, suffix=suffix, format=form, rate=rate, default=default)
    for name in ("Resellers", "Partners", "Staff &amp; Friends"):
        put("tblclientgroups", groupname=name, groupcolour="#ffffff", susptermexempt="on", separateinvoices="")
    for order, (gateway, name) in enumerate(GATEWAYS.items()):
        put("tblpaymentgateways", gateway=gateway, setting="name", value=name, order=order)
        put("tblpaymentgateways", gateway=gateway, setting="secretKey", value="never read", order=order)
    put("tbltax", level=1, name="VAT", country="DE", taxrate="19.000")
    put("tblcustomfields", type="client", fieldname="VAT office", fieldtype="text")
    put(
        "tblcustomfields",
        type="client",
        fieldname="Tier|Service level",
        fieldtype="dropdown",
        fieldoptions="Gold,Silver",
    )
    put("tblcustomfields", type="product", relid=1, fieldname="Host name", fieldtype="text")
    put("tblproducts", gid=1, type="hostingaccount", name="Starter", tax=1)
    put("tbladdons", name="Backups", tax=1)


def add_client(source: Source, number: int) -> None:
    """One with about twelve invoices and six rows of credit."""
    choice = source.random
    client = source.client(
        id=number, currency=choice.choices((1, 2, 3), (80, 18, 2))[0],
        status=choice.choices(("Active", "Inactive", "Closed"), (85, 10, 5))[0],
    )  # fmt: skip
    whole = client.currency == 3
    price = Decimal(choice.randrange(500, 5000)) if whole else Decimal(choice.randrange(500, 5000)) / 100
    hosting = _add_services(source, client, price)
    rate = Decimal(19) if client.row["country"] == "DE" and not whole else Decimal(0)
    for index, month in enumerate(months(12)):
        if index % 4 == 1:
            source.add_credit(
                client, (price / 2).quantize(CENT) if not whole else price, month - timedelta(2), "Add Funds Invoice"
            )
        _add_bill(source, client, month + timedelta(choice.randrange(27)), hosting, price, rate, is_last=index == 11)
    if number % 5 == 0:
        source.put("tblcontacts", userid=number, firstname="Bill", lastname="Payer", email=f"bills{number}@example.com",
                   city="Bonn", invoiceemails=1, password="never read")  # fmt: skip
        source.put("tblnotes", userid=number, adminid=1, created=datetime(2025, 3, 1, 10), note="Prefers mail.",
                   modified=datetime(2025, 3, 1, 10), sticky=number // 5 % 2)  # fmt: skip
    if number % 2 == 0:
        source.put("tblcustomfieldsvalues", fieldid=1, relid=number, value="Bonn")
        source.put("tblcustomfieldsvalues", fieldid=2, relid=number, value="Gold")
    source.put("tblemails", userid=number, subject="Your password", message="never read", to=client.row["email"],
               date=datetime(2026, 1, 1, 8))  # fmt: skip
    source.put("tblactivitylog", date=datetime(2026, 1, 1, 8), user="Client", userid=number, ipaddr="192.0.2.1",
               description=f"Client Login - {client.row['firstname']}")  # fmt: skip
    source.done(client)


def _add_services(source: Source, client: Billed, price: Decimal) -> int:
    cycle, due = source.random.choice(_CYCLES), TODAY + timedelta(source.random.randrange(1, 28))
    common = {"userid": client.id, "paymentmethod": "stripe", "nextduedate": due, "nextinvoicedate": due}
    hosting = source.put(
        "tblhosting", **common, packageid=1, domain=f"client{client.id}.example", firstpaymentamount=price,
        amount=price, billingcycle=cycle, regdate=date(due.year - 1, due.month, min(due.day, 28)),
        domainstatus=source.random.choices(("Active", "Suspended", "Terminated", "Cancelled"), (90, 4, 3, 3))[0],
        username="u", password="never read",
    )  # fmt: skip
    if client.id % 3 == 0:
        source.put("tbldomains", **common, type="Register", registrationdate=date(2025, 1, 31), status="Active",
                   domain=f"client{client.id}.example", recurringamount=price, expirydate=due)  # fmt: skip
    if client.id % 4 == 0:
        source.put("tblhostingaddons", **common, hostingid=hosting, addonid=1, recurring=price, billingcycle="Monthly",
                   status="Active", regdate=date(2025, 2, 1), tax="on")  # fmt: skip
    return hosting


def _add_bill(
    source: Source, client: Billed, on: date, hosting: int, price: Decimal, rate: Decimal, *, is_last: bool
) -> None:
    lines: list[Line] = [("Hosting", hosting, f"Starter - client{client.id}.example ({on} - {on})", price, bool(rate))]
    if on.month % 2:
        lines.append(("Domain", 0, f"Domain Renewal - client{client.id}.example", price, False))
    unpaid = ("Unpaid", "Paid", "Collections", "Payment Pending")
    status = source.random.choices(unpaid, (50, 45, 3, 2))[0] if is_last else ""
    status = status or source.random.choices(("Paid", "Cancelled", "Refunded", "Draft"), (94, 3, 2, 1))[0]
    takes = min(client.credit, price) if status == "Paid" and on.month % 3 else Decimal(0)
    number, total = source.invoice(client, on, lines, status=status, rate=rate, credit=takes)
    at = datetime.combine(on + timedelta(3), time(9, 30))
    if status in ("Paid", "Refunded") and total:
        paid = source.payment(client, number, total, at)
        if status == "Refunded":
            source.put("tblaccounts", userid=client.id, gateway="stripe", date=at + timedelta(5), amountout=total,
                       description=f"Refund of Transaction ID ch_{paid:08}", transid=f"re_{paid:08}",
                       invoiceid=number, refundid=paid)  # fmt: skip


def make_source(*, clients: int, seed: int = 1, version: int = 8, traps: int = 0) -> Source:
    """All that is ordinary, and each trap so many times; the ids of clients have gaps, as they have."""
    source = Source(version=version, seed=seed)
    add_settings(source)
    for place in range(clients):
        add_client(source, place + place // 10 + 1)
    for trap in TRAPS:
        for _ in range(traps):
            trap.make(source)
    return source
