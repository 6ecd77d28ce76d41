"""Traps in money, credit and what recurs: beside those of `traps.py`, in the same list."""

from datetime import date, timedelta
from typing import Any

from .source import TODAY, Source
from .traps import AT, LATER, ON, TRAPS, D, paid, trap

__all__ = ["TRAPS"]


# ── Money ──


@trap(("money", "comes", "both"))
def in_and_out(source: Source) -> None:
    client = source.client()
    source.payment(client, 0, D("20.00"), AT, amountout=D("5.00"))
    source.done(client)


@trap(("money", "comes", ""), ("money", "comes", "reference"))
def repeated_reference(source: Source) -> None:
    client = source.client()
    for _ in range(2):
        source.payment(client, 0, D("6.00"), AT, transid=f"same-{client.id}")
    source.done(client)


@trap(("money", "left out", "zero"), ("money", "comes", "below zero"), ("money", "comes", "fee"))
def odd_amounts(source: Source) -> None:
    client = source.client()
    source.payment(client, 0, D("0.00"), AT)
    source.payment(client, 0, D("-3.00"), AT, fees=D("0.00"))
    source.payment(client, 0, D("9.00"), AT, fees=D("-0.40"))
    source.done(client)


@trap(("money", "comes", "refund"), ("money", "comes", "refund"), ("money", "comes", "refund"))
def odd_refunds(source: Source) -> None:
    client, other = source.client(), source.client()
    came = source.payment(client, 0, D("10.00"), AT)
    more = {"amountin": D(0), "fees": D(0), "transid": ""}
    source.payment(client, 0, D(0), AT, **more | {"amountout": D("15.00"), "refundid": came})
    source.payment(other, 0, D(0), AT, **more | {"amountout": D("1.00"), "refundid": came})
    source.payment(client, 0, D(0), AT, **more | {"amountout": D("1.00"), "refundid": 900_000_000})
    source.done(client)
    source.done(other)


@trap(("money", "asks", "gateway"))
def forgotten_gateway(source: Source) -> None:
    client = source.client(defaultgateway="liberty")
    source.payment(client, 0, D("2.00"), AT, gateway="liberty")
    source.done(client)


# ── Credit ──


@trap(("credit", "comes", "opening"))
def balance_above_its_rows(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("5.00"), ON, "Add Funds")
    source.done(client, credit=D("12.50"))


@trap(("credit", "comes", "opening"))
def balance_below_its_rows(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("30.00"), ON, "Add Funds")
    source.done(client, credit=D("12.50"))


@trap(("credit", "comes", "opening"))
def used_before_given(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("-10.00"), ON, "Removed by staff")
    source.add_credit(client, D("10.00"), ON + timedelta(5), "Given back")
    source.done(client)


@trap(("credit", "comes", "opening"))
def used_first_and_given_more(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("-100.00"), ON, "Removed by staff")
    source.add_credit(client, D("100.00"), ON + timedelta(5), "Add Funds")
    source.done(client, credit=D("0.00"))


@trap(("credit", "asks", "negative"))
def negative_balance(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("5.00"), ON, "Add Funds")
    source.add_credit(client, D("-20.00"), ON + timedelta(1), "Chargeback")
    source.done(client)


@trap(("credit", "comes", ""))
def credit_on_strange_days(source: Source) -> None:
    client = source.client()
    source.add_credit(client, D("5.00"), "0000-00-00", "Before anybody remembers", admin_id=0)
    source.add_credit(client, D("5.00"), LATER, "Not yet")
    source.add_credit(client, D("0.00"), ON, "Nothing")
    source.done(client)


@trap(("credit", "comes", "invoice"))
def applied_to_anothers_invoice(source: Source) -> None:
    client, other = source.client(), source.client()
    number = paid(source, other)
    source.add_credit(client, D("5.00"), ON, "Add Funds")
    source.add_credit(client, D("-2.00"), ON + timedelta(1), f"Credit Applied to Invoice #{number}")
    source.add_credit(client, D("2.00"), ON + timedelta(2), f"Credit Removed from Invoice #{number}")
    source.done(client)
    source.done(other)


# ── What recurs ──


@trap(*[("items", "comes", "")] * 2, *[("items", "left out", "")] * 5, *[("items", "waits", "")] * 3)
def odd_services(source: Source) -> None:
    client = source.client()

    def service(amount: str, **values: Any) -> None:
        row = {"userid": client.id, "amount": D(amount), "billingcycle": "Monthly", "domainstatus": "Active",
               "regdate": date(2025, 1, 31), "nextduedate": date(2026, 12, 31), "nextinvoicedate": date(2026, 12, 31),
               "paymentmethod": "stripe", "packageid": 1}  # fmt: skip
        source.put("tblhosting", **row | values)

    service("4.00", qty=3)
    service("4.00", nextduedate=date(2026, 11, 30), nextinvoicedate=date(2026, 12, 31))  # billed, and not paid yet
    service("0.00", billingcycle="Free Account")
    service("99.00", billingcycle="One Time")
    for status in ("Terminated", "Fraud", "Pending"):
        service("5.00", domainstatus=status)
    service("5.00", nextduedate="0000-00-00", nextinvoicedate="0000-00-00")
    service("5.00", billingcycle="Fortnightly")
    source.put("tbldomains", userid=client.id, type="Register", registrationdate=ON, domain="ten.example",
               recurringamount=D("150.00"), registrationperiod=10, nextduedate=LATER, nextinvoicedate=LATER,
               status="Active")  # fmt: skip
    source.done(client)


@trap(("items", "comes", ""), ("items", "comes", ""), ("items", "left out", ""))
def billable_items(source: Source) -> None:
    client = source.client()
    common = {"userid": client.id, "description": "Consulting &amp; more", "amount": D("80.00"), "duedate": TODAY}
    source.put("tblbillableitems", **common, hours=D("2.0"), invoiceaction=3)
    source.put("tblbillableitems", **common, recur=1, recurcycle="Months", recurfor=12, invoiceaction=4)
    source.put("tblbillableitems", **common, invoiceaction=0, invoicecount=1)  # billed long ago
    source.done(client)
