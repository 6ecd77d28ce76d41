"""A client with something of everything, for tests that look at every page."""

import datetime
from decimal import Decimal

from djmoney.money import Money

from billing_admin.staff.groups import SUPPORT
from clients.models import Client, Contact
from clients.services.custom_fields import add_custom_field
from clients.services.documents import add_document
from clients.services.merge.merge_clients import merge_clients
from clients.services.notes import add_note, edit_note
from credits.services.adjust import adjust_balance
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.tax_settings import add_tax_rate
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.browser.every_page import make_runs
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from tests.limits import ask_for_approval, limit
from tests.mails import mail_with_all, set_up_mail
from transactions.models import PaymentFileMapping, PaymentMethod
from transactions.services.importing.upload import keep_upload
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment


def make_acme() -> Client:
    """A client with something of everything: several currencies, expiry, an adjustment, invoices in each state."""
    acme = make_client("Acme Ltd", first_name="Maria", last_name="Keller")
    give_credit(acme, usd("25.00"), "Downtime", expires_on=datetime.date(2099, 12, 31))
    give_credit(acme, Money("1.500", "KWD"), "رصيد ترويجي")
    adjust_balance(client=acme, seen=usd(25), balance=usd(30), by=None)
    make_invoice(acme, usd("20.00"))
    unpaid = make_invoice(acme, usd("50.00"), tax_rate="20")
    line = CreditLine(unpaid.lines.get().pk, gross=usd("6.00"))
    issue_credit_note(invoice=unpaid, reason="Downtime", by=None, lines=[line])
    make_item(acme, usd("5.00"), due=datetime.date(2026, 1, 1), cycle="monthly")
    add_tax_rate(country="DE", name="MwSt", rate=Decimal(19), by=None)
    draft_invoice(client=acme, lines=[NewLine("Hosting", usd("5.00"))], by=None)
    lost = make_invoice(acme, usd("9.00"), credit_use="never")
    write_off_invoice(invoice=lost, amount=usd("4.00"), reason="Disputed", by=None)
    reverse_write_off(invoice=lost, reason="They do pay", by=None)
    write_off_invoice(invoice=lost, reason="Insolvent", by=None)
    payment = receive_payment(
        invoices=[acme.invoices.get(status="unpaid")],
        amount=usd(2),
        payment_method=PaymentMethod.objects.get(name="Card"),
        by=None,
        reference="ch_1",
    ).transaction
    refund_payment(payment=payment, amount=usd(1), to="credit", by=None)
    receive_payment(client=None, amount=usd(7), payment_method=payment.payment_method, by=None, reference="T1")
    file = b"Date,Amount,Currency,Method,Name\n2026-03-01,5,USD,Card,Acme Ltd\n2026-03-01,x,USD,Card,\n"
    keep_upload(name="bank.csv", content=file, mapping=None, by=make_staff())
    PaymentFileMapping.objects.create(
        name="House bank", date_column="D", amount_column="A", currency="EUR", payment_method=payment.payment_method
    )
    make_runs(acme)
    merge_clients(kept=acme, discarded=make_client("Acme Branch"), by=None)
    twin = make_client("Acme Ltd", phone="555 1234")
    for each in (acme, twin):
        Contact.objects.create(client=each, first_name=f"Ann {each.number}", email="ann@example.com")
    for kind in ("text", "number", "date", "choice", "yes_no"):
        add_custom_field(name=f"Field of {kind}", kind=kind, choices=["A"] if kind == "choice" else [], by=None)
    edit_note(note=add_note(client=acme, text="Call first", by=None, pinned=True), text="Call before ten", by=None)
    add_note(client=acme, text="Pays late", by=None)
    add_document(client=acme, name="offer.pdf", content=b"%PDF", by=None)
    set_up_mail("invoice")
    mail_with_all(acme)
    ask_for_approval(acme)
    limit(SUPPORT, {"given entry USD": 100, "given person_day USD": 500})
    return acme
