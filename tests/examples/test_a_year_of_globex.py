"""A worked example: the year 2030 at Globex, to the cent.

Read it from top to bottom. Each step is what staff or a batch job does on that day; below it stands what Globex then
has in credit and owes. Globex pays 20 percent of tax.
"""

import datetime
from decimal import Decimal

import pytest

from clients.models import Client
from credits.models import CreditAccount, CreditEntry
from credits.services.check import check_ledger
from credits.services.grant import add_credit
from credits.services.remove import remove_credit
from invoices.models import BillableItem, CreditNote, Invoice
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_note_refunds import RefundTo
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, bill_client
from invoices.services.runs.generate import generate_invoices
from tests.factories import make_client, make_item, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

TAX = Decimal(20)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2030, month, number)


@pytest.fixture
def on(time_machine):
    """`on(3, 15)`: it is noon of 15 March."""

    def move(month: int, number: int) -> datetime.date:
        time_machine.move_to(f"2030-{month:02}-{number:02} 12:00", tick=False)
        return day(month, number)

    return move


def standing(globex: Client) -> tuple[str, str]:
    """What Globex has in credit, and what it owes on unpaid invoices."""
    assert_invariants()
    account = CreditAccount.objects.filter(client=globex, currency="USD").first()
    owed = sum(invoice.due.amount for invoice in globex.invoices.filter(status=Invoice.Status.UNPAID))
    return f"{account.balance.amount if account else 0:.2f} in credit", f"{owed:.2f} owed"


def newest(globex: Client) -> Invoice:
    return globex.invoices.latest("number")


def test_a_year_of_globex(on):
    # 31 January. Globex becomes a client: hosting for 100.00 a month (120.00 with tax), billed on the last of the
    # month, and a domain for 15.00 a year (18.00 with tax).
    today = on(1, 31)
    globex = make_client("Globex Inc")
    hosting = make_item(globex, usd("100.00"), due=today, cycle=BillableItem.Cycle.MONTHLY, tax_rate=TAX)
    yearly = BillableItem.Cycle.YEARLY
    make_item(globex, usd("15.00"), due=today, description="globex.example", cycle=yearly, tax_rate=TAX)
    bank, card = PaymentMethod.objects.get(name="Bank transfer"), PaymentMethod.objects.get(name="Card")
    generate_invoices(as_of=today, by=None)
    january = newest(globex)
    assert (january.label, january.total) == ("INV-000001", usd("138.00"))
    assert standing(globex) == ("0.00 in credit", "138.00 owed")

    # February. Globex pays in two parts, the second too much: 38.00 by bank, then 105.00 by card, 5.00 of it too much.
    # What is too much becomes paid credit. The card company keeps 1.50.
    receive_payment(invoices=[january], amount=usd("38.00"), payment_method=bank, by=None, on=on(2, 5))
    by_card = receive_payment(
        invoices=[january], amount=usd("105.00"), payment_method=card, by=None, on=on(2, 9), reference="ch_feb",
        fees=usd("1.50"),
    )  # fmt: skip
    assert by_card.credited == usd("5.00")
    assert standing(globex) == ("5.00 in credit", "0.00 owed")

    # 28 February. January's 31st has no sister in February: the last day it is. Of the 120.00, credit pays 5.00.
    generate_invoices(as_of=on(2, 28), by=None)
    february = newest(globex)
    assert [line.period for line in february.lines.all()] == [day(2, 28)]
    assert (february.credit_applied, february.due) == (usd("5.00"), usd("115.00"))
    assert standing(globex) == ("0.00 in credit", "115.00 owed")

    # 4 March. The servers were down. Globex gets 30.00 for it, good until the end of April.
    on(3, 4)
    add_credit(client=globex, amount=usd("30.00"), description="Downtime on 3 March", by=None, expires_on=day(4, 30))

    # 10 March. Globex sends 135.00: February's 115.00, and 20.00 that nobody owes, which it wants kept as credit.
    receive_payment(
        client=globex, amount=usd("135.00"), payment_method=bank, by=None, invoices=[february], on=on(3, 10),
        reference="T-10",
    )  # fmt: skip
    assert standing(globex) == ("50.00 in credit", "0.00 owed")

    # 31 March. Back on the 31st. The promotional 30.00 go first (they expire), then the paid 20.00.
    generate_invoices(as_of=on(3, 31), by=None)
    march = newest(globex)
    assert [line.period for line in march.lines.all()] == [day(3, 31)]
    applied = CreditEntry.objects.filter(invoice=march).order_by("pk")
    assert [(entry.grant.category, entry.applied) for entry in applied] == [
        ("promotional", usd("30.00")), ("paid", usd("20.00"))
    ]  # fmt: skip
    assert standing(globex) == ("0.00 in credit", "70.00 owed")

    # 2 April. The March payment of 135.00 turns out to be somebody else's: the bank takes it back. But 20.00 of it were
    # used for March's invoice: that cannot just vanish.
    payment = Transaction.objects.get(reference="T-10", part=1)
    on(4, 2)
    with refused(
        "20.00 USD of the 20.00 USD of credit that this payment gave (“Overpayment of INV-000002”) has been used; "
        "0.00 USD is unspent. Use Take Credit Off on what it paid first; nothing was reversed."
    ):
        reverse_payment(payment=payment, by=None)

    # 3 April. So March is cancelled first and billed anew; what was
    # promotional and what was paid go back to where they came from. Then the payment is reversed, for a fee of 7.50.
    today = on(4, 3)
    assert cancel_invoice(invoice=march, by=None, reason="Payment was not theirs").released == usd("50.00")
    assert standing(globex) == ("50.00 in credit", "0.00 owed")
    reverse_payment(payment=payment, by=None, fee=usd("7.50"))
    february.refresh_from_db()
    assert (february.status, february.due) == ("unpaid", usd("115.00"))
    assert standing(globex) == ("30.00 in credit", "115.00 owed")

    # March is billed anew by hand: its period is not billed again by a run. Credit pays 30.00 of it.
    again = bill_client(
        client=globex, lines=[NewLine("Hosting in March", usd("100.00"), tax_rate=TAX)], by=None, on=today
    )
    assert (again.label, again.credit_applied, again.due) == ("INV-000004", usd("30.00"), usd("90.00"))
    with refused("Nothing is due by 3 Apr 2030; no invoice was made."):
        generate_invoices(as_of=today, by=None)
    assert standing(globex) == ("0.00 in credit", "205.00 owed")

    # 20 April. Globex pays both by card, in one go.
    both = receive_payment(
        client=globex, amount=usd("205.00"), payment_method=card, by=None, invoices=[february, again], on=on(4, 20),
        reference="ch_apr", fees=usd("6.15"),
    )  # fmt: skip
    assert standing(globex) == ("0.00 in credit", "0.00 owed")
    assert both.transaction.reference == "ch_apr"

    # 30 April. Hosting as always; from now on it is paused while Globex moves house. It is paid at once.
    today = on(4, 30)
    generate_invoices(as_of=today, by=None)
    april = newest(globex)
    paid = receive_payment(
        invoices=[april], amount=usd("120.00"), payment_method=card, by=None, on=today, reference="ch_30"
    )
    hosting.refresh_from_db()
    hosting.paused = True
    hosting.save(update_fields=["paused"])

    # 6 May. April was slow: a credit note takes back a quarter of it, 30.00 with tax. It was paid, so 30.00 go back to
    # the card; the invoice itself stays as it was, and Paid.
    on(5, 6)
    (line,) = april.lines.all()
    credited = issue_credit_note(
        invoice=april, reason="April was slow", by=None, lines=[CreditLine(line.pk, gross=usd("30.00"))],
        refund_to=RefundTo.METHOD,
    )  # fmt: skip
    assert (credited.note.label, credited.note.subtotal, credited.note.tax) == ("CN-000001", usd("25.00"), usd("5.00"))
    april.refresh_from_db()
    assert (april.total, april.amount_paid, april.amount_credited, april.status) == (
        usd("120.00"), usd("90.00"), usd("30.00"), "paid"
    )  # fmt: skip
    assert standing(globex) == ("0.00 in credit", "0.00 owed")

    # 7 May. Nobody gets more back than came in: of the 120.00, 30.00 went back already.
    on(5, 7)
    with refused(
        "120.00 USD came in, 30.00 USD was given back before: 90.00 USD can be refunded, 91.00 USD was asked for.",
        "amount",
    ):
        refund_payment(payment=paid.transaction, amount=usd("91.00"), to="method", by=None)

    # 1 June. Globex would rather have 40.00 of April's money as credit. Then April owes it, and credit pays nothing by
    # itself on an invoice that stands already.
    on(6, 1)
    refund_payment(payment=paid.transaction, amount=usd("40.00"), to="credit", by=None)
    assert standing(globex) == ("40.00 in credit", "40.00 owed")
    with refused("Only 40.00 USD of credit is available; 40.01 USD was asked for.", "amount"):
        remove_credit(client=globex, amount=usd("40.01"), description="Typing error", by=None)

    # 15 June. So Globex pays the 40.00 again.
    receive_payment(invoices=[april], amount=usd("40.00"), payment_method=bank, by=None, on=on(6, 15))
    assert standing(globex) == ("40.00 in credit", "0.00 owed")

    # 30 November. Hosting goes on. The seven months in between are billed one after the other, nothing is left out and
    # nothing is guessed: 840.00, of which credit pays 40.00.
    today = on(11, 30)
    hosting.paused = False
    hosting.save(update_fields=["paused"])
    run = generate_invoices(as_of=today, by=None)
    periods = sorted(line.period for line in newest(globex).lines.all())
    assert (run.invoice_count, newest(globex).total) == (1, usd("840.00"))
    assert [period.isoformat()[5:] for period in periods] == [
        "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30"
    ]  # fmt: skip
    assert standing(globex) == ("0.00 in credit", "800.00 owed")

    # 12 December. A paid invoice is not cancelled, it is corrected.
    on(12, 12)
    with refused(
        "Payments of 90.00 USD are recorded on INV-000004. Use Refund on each of them first, to the payment method "
        "or to credit; or use Credit Note."
    ):
        cancel_invoice(invoice=again, by=None)

    # 31 December. The books of the year: what was billed, less what was taken back, is what was paid and given.
    receive_payment(invoices=[newest(globex)], amount=usd("800.00"), payment_method=bank, by=None, on=on(12, 30))
    standing_invoices = globex.invoices.exclude(status=Invoice.Status.CANCELLED)
    billed = sum((invoice.total for invoice in standing_invoices), usd(0))
    taken_back = sum((note.total for note in CreditNote.objects.all()), usd(0))
    money = sum((row.amount_in - row.amount_out for row in Transaction.objects.all()), usd(0))
    promotional = usd("30.00")
    assert (billed, taken_back) == (usd("1338.00"), usd("30.00"))
    assert money == billed - taken_back - promotional
    assert sum((row.fees for row in Transaction.objects.all()), usd(0)) == usd("15.15")
    assert standing(globex) == ("0.00 in credit", "0.00 owed")
    assert check_ledger().finding_count == 0
