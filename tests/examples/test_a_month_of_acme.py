"""A worked example: January 2030 at Acme Ltd, to the cent.

Read it from top to bottom. Each step is what staff or a batch job does on that day; below it stands what Acme's account
then says. Acme pays 8.25 percent of tax.
"""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from billing_admin.errors import BusinessError
from clients.models import Activity, Client, FormKey
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.adjust import BalanceMoved, adjust_balance
from credits.services.apply import apply_credit
from credits.services.grant import add_credit
from invoices.models import BillableItem, Invoice
from invoices.services.issue import NewLine, bill_client
from invoices.services.runs.generate import generate_invoices
from tests.factories import make_client, make_item, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

TAX = Decimal("8.25")


def january(day: int) -> datetime.date:
    return datetime.date(2030, 1, day)


def account_of(acme: Client) -> tuple[str, str]:
    """What Acme has in credit, and what it still owes on its invoices."""
    assert_invariants()
    balance = CreditAccount.objects.get(client=acme, currency="USD").balance.amount
    owed = sum(invoice.due.amount for invoice in acme.invoices.filter(status=Invoice.Status.UNPAID))
    return f"{balance:.2f} in credit", f"{owed:.2f} due"


def test_a_month_of_acme():
    ann, bo = make_staff(username="ann"), make_staff(username="bo")

    # 2 January. Acme becomes a client: hosting for 49.00 a month, and a domain for 12.00 once.
    acme = make_client("Acme Ltd", first_name="Wile", last_name="Coyote")
    make_item(acme, usd("49.00"), due=january(31), cycle=BillableItem.Cycle.MONTHLY, tax_rate=TAX)
    make_item(acme, usd("12.00"), due=january(31), description="acme.example", tax_rate=TAX)

    # 3 January. The server was down on Acme's first night. Ann gives 20.00 for it, to be used by the end of 2099.
    downtime = give(acme, "20.00", "Downtime on 2 Jan", by=ann, expires_on=datetime.date(2099, 12, 31))
    assert account_of(acme) == ("20.00 in credit", "0.00 due")

    # 4 January. Bo bills the move of Acme's site: 2.5 hours at 79.90. That is 199.75, and 16.48 of tax (16.479375).
    # The 20.00 are applied by themselves; Acme owes 196.23.
    move = bill(
        acme, NewLine("Moving the site", usd("79.90"), quantity=Decimal("2.5"), tax_rate=TAX), by=bo, on=january(4)
    )
    assert (move.label, move.subtotal, move.tax, move.total) == (
        "INV-000001",
        usd("199.75"),
        usd("16.48"),
        usd("216.23"),
    )
    assert (move.credit_applied, move.due) == (usd("20.00"), usd("196.23"))
    assert account_of(acme) == ("0.00 in credit", "196.23 due")

    # 9 January. A transfer of 200.00 comes in. It pays the invoice; 3.77 were too much and become credit that was paid
    # for. The bank reports the transfer a second time the next morning: nothing more happens.
    bank = make_payment_method("Savings bank")
    for day, repeated in ((9, False), (10, True)):
        paid = receive_payment(
            invoices=[move], amount=usd("200.00"), payment_method=bank, by=bo, on=january(day), reference="TRX-77"
        )
        assert (paid.credited, paid.repeated) == (usd("3.77"), repeated)
    move.refresh_from_db()
    assert (move.status, move.amount_paid, move.credit_applied) == ("paid", usd("196.23"), usd("20.00"))
    assert account_of(acme) == ("3.77 in credit", "0.00 due")

    # 15 January. Ann agreed on a goodwill of 10.00 by phone. She gives it twice, by going back in the browser: it is
    # given once, with the grant that it was shown as first.
    goodwill = give(acme, "10.00", "Goodwill", by=ann, key=FormKey(key="form-of-15-january"))
    assert give(acme, "10.00", "Goodwill", by=ann, key=FormKey(key="form-of-15-january")) == goodwill
    assert account_of(acme) == ("13.77 in credit", "0.00 due")

    # 20 January. Bo finds that only 8.00 had been agreed on, and sets the balance to 11.77. His page is from before the
    # goodwill, so he is told the new figure first; then 2.00 are taken, from the goodwill, because it is promotional.
    with pytest.raises(BalanceMoved, match=r"moved from 3\.77 USD to 13\.77 USD"):
        adjust_balance(client=acme, seen=usd("3.77"), balance=usd("11.77"), by=bo)
    adjust_balance(client=acme, seen=usd("13.77"), balance=usd("11.77"), by=bo, reason="8.00 was agreed on")
    assert left_of(goodwill) == "8.00"
    assert account_of(acme) == ("11.77 in credit", "0.00 due")

    # 31 January. The monthly run bills hosting and the domain on one invoice: 61.00, and 4.04 + 0.99 of tax. The credit
    # is applied, goodwill first, then what was paid too much. Acme owes 54.26.
    run = generate_invoices(as_of=january(31), by=None)
    monthly = Invoice.objects.get(run=run)
    assert [(line.description, line.amount, line.tax) for line in monthly.lines.order_by("position")] == [
        ("Hosting", usd("49.00"), usd("4.04")),
        ("acme.example", usd("12.00"), usd("0.99")),
    ]
    assert (monthly.label, monthly.total, monthly.due) == ("INV-000002", usd("66.03"), usd("54.26"))
    assert [(used.grant, used.amount) for used in CreditEntry.objects.filter(invoice=monthly).order_by("id")] == [
        (goodwill, usd("-8.00")),
        (CreditGrant.objects.get(kind="overpayment"), usd("-3.77")),
    ]
    assert run.totals == {
        "USD": {"invoices": 1, "total": "66.030", "credit_applied": "11.770", "paid": 0},
    }
    assert account_of(acme) == ("0.00 in credit", "54.26 due")

    # Later that day. Bo would apply more credit, but none is left, and that is said.
    with pytest.raises(BusinessError, match=r"^No USD credit is available for INV-000002\.$"):
        apply_credit(invoice=monthly, by=bo)

    # What January looks like from February: 282.26 billed, and where each cent of it came from.
    assert [left_of(grant) for grant in CreditGrant.objects.filter(account__client=acme)] == ["0.00", "0.00", "0.00"]
    assert left_of(downtime) == "0.00"
    billed, credit, money = (
        sum(getattr(invoice, figure).amount for invoice in acme.invoices.all())
        for figure in ("total", "credit_applied", "amount_paid")
    )
    assert (billed, credit, money) == (Decimal("282.26"), Decimal("31.77"), Decimal("196.23"))
    assert billed - credit - money == Decimal("54.26")
    assert [(str(part), part.part, part.amount_in) for part in Transaction.objects.order_by("part")] == [
        ("TRX-77", 1, usd("196.23")),
        ("TRX-77", 2, usd("3.77")),
    ]

    # And what Acme's activity tells who asks how it came about.
    assert [f"{did.actor_name}: {did.words}" for did in Activity.objects.filter(client=acme).order_by("id")] == [
        "System: Client Acme Ltd added",
        "ann: Credit of 20.00 USD added: Downtime on 2 Jan",
        "bo: Draft invoice of 216.23 USD made",
        "bo: INV-000001 of 216.23 USD issued",
        "bo: Credit of 20.00 USD applied to INV-000001",
        "bo: Credit of 3.77 USD added: Overpayment of INV-000001",
        "bo: Payment of 200.00 USD recorded: 196.23 USD for INV-000001, 3.77 USD became credit",
        "ann: Credit of 10.00 USD added: Goodwill",
        "bo: Credit balance set from 13.77 USD to 11.77 USD: 8.00 was agreed on",
        "System: INV-000002 of 66.03 USD issued by an invoice run",
        "System: Credit of 11.77 USD applied to INV-000002",
    ]


def give(acme: Client, amount: str, description: str, *, by: User, **details: Any) -> CreditGrant:
    return add_credit(client=acme, amount=usd(amount), description=description, by=by, **details)


def bill(acme: Client, line: NewLine, *, by: User, on: datetime.date) -> Invoice:
    return bill_client(client=acme, lines=[line], by=by, on=on)


def left_of(grant: CreditGrant) -> str:
    grant.refresh_from_db()
    return f"{grant.remaining.amount:.2f}"
