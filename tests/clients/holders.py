"""Clients that have a row of every kind, for tests of merge, undo, delete and export."""

import datetime

from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from billing_admin.documents import Drawn
from clients.models import (
    Activity,
    ApprovalRequest,
    Client,
    ExternalReference,
    FormKey,
    ImportedEvent,
    IssuedDocument,
    MailboxMail,
    MailMessage,
    NotADuplicate,
)
from clients.services.contacts import add_contact
from clients.services.documents import add_document
from clients.services.merge.merge_clients import merge_clients
from clients.services.notes import add_note, edit_note
from credits.services.adjust import adjust_balance
from credits.services.transfer import transfer_credit
from invoices.models import BillableItem, Invoice, InvoiceRun, InvoiceRunError, ReminderFee
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.reminders.holds import hold_reminders
from invoices.services.runs.generate import generate_invoices
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.factories import (
    give_credit,
    make_client,
    make_invoice,
    make_item,
    make_payment_method,
    usd,
)
from tests.imported import import_invoice
from transactions.models import RememberedPayer
from transactions.services.receive import receive_payment

TODAY = datetime.date(2030, 1, 31)


def eur(amount: str | int) -> Money:
    return Money(amount, "EUR")


def make_holder(name: str = "Acme Ltd", *, currency: str = "USD", **profile) -> Client:
    """A client with rows in every table, in two currencies, one of which it got by a merge of its own."""
    word = name.split()[0].lower()
    profile.setdefault("phone", f"+1 555 {word}")
    holder = make_client(name, currency=currency, **profile)
    give_credit(holder, usd("30.00"), f"Downtime of {word}", key=FormKey(key=f"form of {holder.number}"))
    give_credit(holder, eur("12.50"), f"Goodwill of {word}")
    make_item(holder, usd("10.00"), due=TODAY, cycle=BillableItem.Cycle.MONTHLY)
    generate_invoices(as_of=TODAY, by=None)
    unpaid = make_invoice(holder, usd("100.00"), usd("5.00"))
    receive_payment(
        invoices=[unpaid], amount=usd("20.00"), payment_method=make_payment_method(), by=None, reference=f"{word}-1"
    )
    of_five = CreditLine(unpaid.lines.order_by("position").last().pk)
    issue_credit_note(invoice=unpaid, reason=f"Slow for {word}", by=None, lines=[of_five])
    overpaid = make_invoice(holder, usd("7.00"))
    receive_payment(
        invoices=[overpaid], amount=usd("9.00"), payment_method=make_payment_method(), by=None, fees=usd("0.30"),
        description=f"Came from {word}@bank.example",
    )  # fmt: skip
    lost = make_invoice(holder, usd("4.00"), credit_use="never")
    write_off_invoice(invoice=lost, by=None, reason=f"{word} is insolvent", amount=usd("1.00"))
    reverse_write_off(invoice=lost, by=None, reason=f"Heir of {word} found")
    write_off_invoice(invoice=lost, by=None, reason=f"{word} is dissolved")
    hold_reminders(
        invoice=unpaid, kind="disputed", said_on=timezone.localdate(), reason=f"{word} ordered less", by=None
    )
    ReminderFee.objects.create(
        client=holder, invoice=unpaid, currency="USD", level=1, item=holder.billable_items.earliest("pk")
    )
    import_invoice(holder, 11, label="OLD-1", bill_to_name="")
    draft_invoice(client=holder, lines=[NewLine(f"Draft for {word}", usd("3.00"))], by=None)
    adjust_balance(client=holder, seen=usd("2.00"), balance=usd("6.00"), by=None)
    RememberedPayer.objects.create(client=holder, kind="name", value=f"{word.upper()} AGENCY", remembered_by_name="Ann")
    add_contact(
        client=holder, first_name="Ann", last_name=word, email=f"ann@{word}.example", phone="555", roles=["technical"],
        by=None,
    )  # fmt: skip
    add_document(client=holder, name=f"contract of {word}.txt", content=f"Signed by {word}".encode(), by=None)
    ExternalReference.objects.create(client=holder, source="WHMCS", external_id=f"{word} {holder.number}")
    ImportedEvent.objects.create(
        client=holder, source="WHMCS", external_id=f"m{holder.number}", is_mail=True, text=f"Welcome {word}", who=word
    )
    note = add_note(client=holder, text=f"Call {word}", pinned=True, by=None)
    keep_document(unpaid, f"%PDF of {word}".encode())
    edit_note(note=note, text=f"Called {word}", by=None)
    MailMessage.objects.put_in("invoice", [unpaid.pk], by_id=None, by_name="Ann", typed=f"Typed about {word}")
    MailMessage.objects.filter(client=holder).update(
        address=holder.email, subject=f"To {word}", body=f"Dear {word}", state="sent"
    )
    MailboxMail.objects.create(client=holder, address=holder.email, subject=f"To {word}", raw=f"Dear {word}".encode())
    ApprovalRequest.objects.create(
        client=holder, action="credit.add", kind="given", currency="USD", amount=usd("900.00"), why="Above the limit.",
        payload={"description": f"Goodwill for {word}"}, reason=f"{word} waits", once=word, requester_name="Ann",
    )  # fmt: skip
    run = InvoiceRun.objects.create(as_of=TODAY, started_by_name="System", state=InvoiceRun.State.FINISHED)
    InvoiceRunError.objects.create(run=run, client=holder, reason=f"No address of {word}")
    former = make_client(f"{name} Branch", email="")
    give_credit(former, usd("1.00"), "Welcome")
    merge_clients(kept=holder, discarded=former, by=None)
    other = make_client(f"Neighbour {holder.number}")
    transfer_credit(source=holder, target=other, amount=usd("1.00"), by=None)
    NotADuplicate.objects.create(first_id=holder.pk, second_id=other.pk, decided_by_name="Ann")
    Activity.objects.record(by=None, client=None, verb="system.checked", summary="Checked")
    return Client.objects.get(pk=holder.pk)


def keep_document(invoice: Invoice, content: bytes) -> IssuedDocument:
    """What is kept of an invoice once it was drawn; nothing is, which takes its time."""
    return IssuedDocument.objects.keep(
        kind=IssuedDocument.Kind.INVOICE, subject_id=invoice.pk, client_id=invoice.client_id,
        name=f"{invoice.label}.pdf", draw=lambda: (Drawn(content, ""), False),
    )  # fmt: skip


def rows_of(table: str) -> list[tuple]:
    """Every row of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return cursor.fetchall()
