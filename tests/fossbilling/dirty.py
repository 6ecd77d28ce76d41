"""What is wrong in a FOSSBilling that has been used for years."""

from datetime import date, datetime
from decimal import Decimal

from .schema import OLD
from .source import Source

ON, AT = date(2026, 5, 4), datetime(2026, 5, 7, 9, 30)
D = Decimal
STARTER = [("Starter", 1, D("10.00"), False)]


def add_dirty(source: Source) -> None:
    """One of each, on clients that are named after it."""
    put = source.put

    client = source.client(company="Smith &amp; Sons", last_name="MÃ¼ller", postcode="9" * 30, company_number="HRB 1",
                           phone="+49 221 555", lang="pt_BR")  # fmt: skip
    source.paid(client, ON, [("Caf&eacute;", 1, D("10.00"), False)], nr="A-12")

    client = source.client(company="Nothing bought", currency=None, created_at="0000-00-00 00:00:00")
    client = source.client(company="Unknown words", status="frozen")
    source.invoice(client, ON, STARTER, status="pending")

    client = source.client(company="Paid too little")
    number, _ = source.invoice(client, ON, STARTER, status="unpaid")
    source.payment(client, number, D("4.00"), AT)

    client = source.client(company="Other currency")
    source.invoice(client, ON, STARTER, currency="EUR")
    put("client_order", client_id=client, title="In euro", currency="EUR", period="1Y", price=D(5), status="active",
        invoice_option="issue-invoice", expires_at=datetime(2027, 1, 1))  # fmt: skip

    client = source.client(company="Given back")
    number = source.paid(client, ON, STARTER)
    source.payment(client, number, D("10.00"), AT, type="refund")
    source.invoice(client, ON, [("Starter", 1, D("-10.00"), False)], status="refunded", serie="CN-", nr="1")

    client = source.client(company="Below zero")
    source.balance(client, D("-3.00"), AT)
    source.balance(client, D("0.00"), AT)

    client = source.client(company="Not money")
    number, _ = source.invoice(client, ON, STARTER, status="canceled", updated_at=AT)
    source.payment(client, number, D("10.00"), AT, status="error", txn_id="broken")
    source.payment(client, number, D("10.00"), AT, type="subscription_create")
    if source.patch == OLD:
        put("transaction", invoice_id=number, gateway_id=2, amount="12,50", currency="USD", type="web_accept",
            status="processed", created_at=AT)  # fmt: skip

    client = source.client(company="Odd orders")
    common = {"client_id": client, "currency": "USD", "price": D(5), "invoice_option": "issue-invoice",
              "expires_at": datetime(2027, 1, 31), "activated_at": datetime(2026, 1, 31)}  # fmt: skip
    for title, period, status in (
        ("Weekly", "1W", "active"), ("Five years", "5Y", "active"), ("Once", None, "active"),
        ("Not yet", "1M", "pending_setup"), ("Over", "1M", "canceled"), ("Odd", "often", "active"),
    ):  # fmt: skip
        put("client_order", **common, title=title, period=period, status=status)
    put(
        "client_order",
        **common | {"invoice_option": "no-invoice"},
        title="Free of charge",
        period="1M",
        status="active",
    )

    # Rows of nobody.
    number, _ = source.invoice(9_999, ON, STARTER, buyer_company="Gone Ltd")
    source.payment(9_999, number, D("10.00"), AT)
    source.payment(9_998, None, D("7.00"), AT)
    put("invoice_item", invoice_id=99_999, title="Of nothing", price=D(1), quantity=1)
