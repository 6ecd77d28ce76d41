"""What goes wrong in a month and is put right: refunds, credit notes, a merge. No screen is then without a row."""

from collections.abc import Iterator
from itertools import islice

from django.contrib.auth.models import User
from djmoney.money import Money

from billing_admin.money.amounts import round_half_up
from clients.models import Client, ClientNote, Contact
from clients.services.merge.merge_clients import merge_clients
from clients.services.profile import open_client
from credits.models import CreditAccount
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from credits.services.check import check_ledger
from credits.services.transfer import transfer_credit
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.write_off import write_off_invoice
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment


def put_right(*, by: User) -> None:
    """One of each, with the client of the first number among them where it fits."""
    _refund(by)
    _correct_invoices(by)
    _move_credit(by)
    _merge(by)
    money = Money(75, "USD")
    bank = PaymentMethod.objects.order_by("pk").last()
    if bank is not None:
        receive_payment(
            client=None, amount=money, payment_method=bank, by=by, reference="TRF-88213", description="Hosting, thanks"
        )
    check_ledger()


def _refund(by: User) -> None:
    """A refund to the payment method, one to credit, and a chargeback."""
    paid = _newest_payments()
    for payment in islice(paid, 2):
        half = Money(round_half_up(payment.amount_in.amount / 2, payment.currency), payment.currency)
        refund_payment(payment=payment, amount=half, to="method", by=by, description="Left in mid-month")
    for payment in islice(paid, 2):
        refund_payment(payment=payment, amount=payment.amount_in, to="credit", by=by)
    for payment in islice(paid, 2):
        fee = Money(15, payment.currency)
        reverse_payment(payment=payment, by=by, fee=fee, description="Chargeback")


def _newest_payments() -> Iterator[Transaction]:
    """Payments that paid one whole invoice, a client each, the newest first."""
    seen: set[int | None] = set()
    paid = Transaction.objects.filter(invoice__status=Invoice.Status.PAID, amount_in__gt=1)
    for payment in paid.order_by("-pk")[:200]:
        if payment.client_id not in seen and not Transaction.objects.filter(part_of=payment.pk).exists():
            seen.add(payment.client_id)
            yield payment


def _correct_invoices(by: User) -> None:
    """A line credited, a whole invoice credited, one cancelled, one written off, and a draft that waits."""
    unpaid = list(Invoice.objects.filter(status=Invoice.Status.UNPAID, total__gt=2).order_by("-pk")[:6])
    for invoice in unpaid[:2]:
        line = invoice.lines.order_by("position").first()
        if line is not None and line.amount.amount > 1:
            half = Money(round_half_up(line.amount.amount / 2, line.currency), line.currency)
            issue_credit_note(
                invoice=invoice, reason="Down for half of the month", by=by, lines=[CreditLine(line.pk, gross=half)]
            )
    for invoice in unpaid[2:3]:
        issue_credit_note(invoice=invoice, reason="Ordered twice", by=by)
    for invoice in unpaid[3:4]:
        cancel_invoice(invoice=invoice, by=by, reason="Never used")
    for invoice in unpaid[4:-1]:  # one stays unpaid, however small the demo is
        write_off_invoice(invoice=invoice, by=by, reason="The company was dissolved")
    client = _first()
    draft_invoice(client=client, lines=[NewLine("Migration of three sites", Money(240, client.currency))], by=by)


def _first() -> Client:
    return Client.objects.filter(status=Client.Status.ACTIVE).order_by("number")[0]


def _move_credit(by: User) -> None:
    """A file that gave credit to several, and a transfer."""
    clients = list(Client.objects.filter(status=Client.Status.ACTIVE).order_by("number")[1:6])
    rows = "".join(f"{client.number},5,{client.currency},Mail server down on Tuesday\n" for client in clients)
    header = "Client ID,Amount,Currency,Description\n"
    if clients:
        booked = preview_credit_file(path="mail-server.csv", content=f"{header}{rows}".encode(), by=by)
        book_credit_batch(batch_id=booked.pk, by=by)
    held = CreditAccount.objects.filter(balance__gt=2).select_related("client").order_by("client__number")
    for account in held[:1]:
        for target in clients[-1:]:
            if target.pk != account.client_id:
                amount = Money(1, account.currency)
                transfer_credit(source=account.client, target=target, amount=amount, by=by, reason="Same owner")


def _merge(by: User) -> None:
    """A client that was there twice is one again; another pair waits to be looked at."""
    first = _first()
    Contact.objects.create(client=first, first_name="Ana", last_name="Reyes", email="ana.reyes@example.com")
    ClientNote.objects.create(
        client=first, text="Pays by the tenth; call before sending a reminder.", pinned=True, author=by,
        author_name=by.get_full_name(),
    )  # fmt: skip
    twins = [
        open_client(
            by=by, company_name=first.company_name, first_name=first.first_name, last_name=first.last_name,
            email=email, currency=first.currency, city=first.city, postcode=first.postcode, country=first.country,
        )
        for email in (first.email, f"accounts.{first.number}@example.com")
    ]  # fmt: skip
    merge_clients(kept=first, discarded=twins[0], by=by)
