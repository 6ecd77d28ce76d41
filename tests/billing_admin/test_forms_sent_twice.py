"""Every form that creates or moves something, sent twenty times: it does so once, and says so nineteen times."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

import billing_admin.urls  # noqa: F401 all forms are imported with the views
from billing_admin.web.form_fields import KeyField
from clients.forms import AddClientForm
from clients.forms.contacts import AddContactForm
from clients.forms.documents import DocumentForm
from clients.forms.mail import SendForm
from clients.forms.notes import AddNoteForm
from clients.models import ClientDocument, ClientFile, CreditUse, FormKey
from credits.forms import AddCreditForm, InvoiceCreditForm, RemoveCreditForm, TransferForm
from credits.models import CreditBatch
from invoices.forms import InvoiceForm
from invoices.forms.actions import DuplicateForm
from invoices.forms.credit_note import CreditNoteForm
from invoices.forms.items import AddItemForm
from invoices.forms.reminders import HoldForm
from invoices.forms.runs import StartRunForm
from invoices.forms.write_off import WriteOffForm
from invoices.models import Invoice, InvoiceRun
from invoices.services.write_off import write_off_invoice
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.mails import set_up_mail
from tests.pages import get_page, values_of
from tests.unchanged import nothing_changes
from transactions.forms import AddTransactionForm, PaymentForm, RefundForm, ReversalForm
from transactions.models import PaymentFile, Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

TIMES = 20

# What a form says that was sent before.
BEFORE = ("Nothing more was done.", "; nothing more was recorded.")


def invoice(*, credit: str = "0", paid: str = "0", off: str = "0") -> Invoice:
    """An invoice of 100.00 USD of a client who has 50.00 USD of credit left."""
    acme = make_client(credit_use=CreditUse.NEVER)
    give_credit(acme, usd(50))
    if float(credit):
        give_credit(acme, usd(credit))
    made = make_invoice(acme, usd(100), credit_use=CreditUse.ALWAYS if float(credit) else "")
    if float(paid):
        receive_payment(invoices=[made], amount=usd(paid), payment_method=make_payment_method(), by=None)
    if float(off):
        write_off_invoice(invoice=made, amount=usd(off), reason="Insolvent", by=None)
    return made


def of_client(name: str) -> str:
    return reverse(name, args=[invoice().client.number])


def of_invoice(name: str, **settled: str) -> str:
    return reverse(name, args=[invoice(**settled).pk])


def sent_by_mail() -> str:
    set_up_mail()
    return reverse("invoices:send", args=[make_invoice(make_client(email="ann@example.com"), usd(100)).pk])


def of_payment(name: str) -> str:
    return reverse(name, args=[Transaction.objects.get(invoice=invoice(paid="60")).pk])


# The form, where it is, and what is typed into it.
SENT: dict[str, tuple[type[forms.BaseForm], Callable[[], str], dict[str, str]]] = {
    "add a client": (
        AddClientForm, lambda: reverse("clients:add"), {"company_name": "Initech", "email": "ask@initech.example"}
    ),
    "add credit": (
        AddCreditForm, lambda: of_client("credits:manage"), {"amount": "5", "description": "Downtime"}
    ),
    "remove credit": (
        RemoveCreditForm, lambda: of_client("credits:remove"), {"amount": "5", "description": "Mistake"}
    ),
    "transfer credit": (
        TransferForm, lambda: of_client("credits:transfer"), {"amount": "5", "to": "4011"}
    ),
    "apply credit": (InvoiceCreditForm, lambda: of_invoice("credits:apply"), {"amount": "5"}),
    "apply all credit": (InvoiceCreditForm, lambda: of_invoice("credits:apply"), {}),
    "take credit off": (InvoiceCreditForm, lambda: of_invoice("credits:release", credit="20"), {"amount": "5"}),
    "take all credit off": (InvoiceCreditForm, lambda: of_invoice("credits:release", credit="20"), {}),
    "save a draft": (
        InvoiceForm, lambda: of_client("invoices:create"),
        {"line-0-description": "Hosting", "line-0-quantity": "1", "line-0-unit_price": "10", "draft": "1"},
    ),
    "issue an invoice": (
        InvoiceForm, lambda: of_client("invoices:create"),
        {"line-0-description": "Hosting", "line-0-quantity": "1", "line-0-unit_price": "10", "issue": "1"},
    ),
    "add a contact": (AddContactForm, lambda: of_client("clients:add_contact"), {"email": "ann@example.com"}),
    "add a note": (AddNoteForm, lambda: of_client("clients:add_note"), {"text": "Called", "pinned": "on"}),
    "duplicate an invoice": (DuplicateForm, lambda: of_invoice("invoices:duplicate"), {}),
    "credit an invoice": (CreditNoteForm, lambda: of_invoice("invoices:issue_credit_note"), {"reason": "Downtime"}),
    "credit a settled invoice": (
        CreditNoteForm, lambda: of_invoice("invoices:issue_credit_note", credit="20", paid="80"),
        {"reason": "Downtime", "order": "credit_first", "refund_to": "credit"},
    ),
    "write off an invoice": (
        WriteOffForm, lambda: of_invoice("invoices:write_off"), {"amount": "5", "reason": "Insolvent"}
    ),
    "reverse a write-off": (
        WriteOffForm, lambda: of_invoice("invoices:reverse_write_off", off="20"), {"amount": "5", "reason": "Mistake"}
    ),
    "announce a payment": (HoldForm, lambda: of_invoice("invoices:announce"), {"reason": "Next week"}),
    "dispute an invoice": (HoldForm, lambda: of_invoice("invoices:dispute"), {"reason": "Never ordered"}),
    "send an invoice": (SendForm, lambda: sent_by_mail(), {}),
    "add a billable item": (
        AddItemForm, lambda: of_client("invoices:add_item"), {"description": "Hosting", "unit_price": "10"}
    ),
    "record a payment": (PaymentForm, lambda: of_invoice("transactions:record"), {"amount": "60"}),
    "record a payment of all and more": (PaymentForm, lambda: of_invoice("transactions:record"), {"amount": "120"}),
    "add a transaction of a client": (
        AddTransactionForm, lambda: of_client("transactions:add_for_client"), {"amount": "60", "as_credit": "on"}
    ),
    "add a transaction of nobody": (
        AddTransactionForm, lambda: reverse("transactions:add"), {"amount": "60", "currency": "USD"}
    ),
    "refund a payment": (RefundForm, lambda: of_payment("transactions:refund"), {"to": "method"}),
    "refund a payment to credit": (RefundForm, lambda: of_payment("transactions:refund"), {"to": "credit"}),
    "reverse a payment": (ReversalForm, lambda: of_payment("transactions:reverse"), {}),
}  # fmt: skip


def forms_with_a_key(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Every form of ours whose key makes it count once, but for those that others are made from."""
    for form in of.__subclasses__():
        if isinstance(getattr(form, "base_fields", {}).get("key"), KeyField) and not form.__name__.startswith("_"):
            yield form
        yield from forms_with_a_key(form)


def test_every_form_with_a_key_is_sent_here():
    sent = {form for form, _, _ in SENT.values()} | {StartRunForm, DocumentForm}
    assert sent == set(forms_with_a_key())


@pytest.mark.parametrize("what", SENT)
def test_a_form_sent_twenty_times_does_it_once(client, what):
    _, at, typed = SENT[what]
    make_client("Globex", number=4011)
    client.force_login(make_staff())
    url = at()
    (shown,) = (each for each in get_page(client, url).all("form") if each.all("input[name=key]"))
    sent: dict[str, Any] = {**values_of(shown), **typed}
    first = said(client.post(url, sent))
    assert first[0] == "success"
    assert FormKey.objects.get(key=sent["key"]).text
    with nothing_changes():
        again = {said(client.post(url, sent)) for _ in range(TIMES - 1)}
    ((level, text),) = again
    assert (level, text.endswith(BEFORE)) == ("warning", True)
    assert_invariants()


def test_a_run_asked_for_twenty_times_is_one(client):
    make_item(make_client(), usd(10), due=timezone.localdate())
    client.force_login(make_staff())
    url = reverse("invoices:start_run")
    (shown,) = (each for each in get_page(client, url).all("form") if each.all("input[name=key]"))
    sent = {**values_of(shown), "dry_run": "on"}
    assert client.post(url, sent).status_code == 302
    InvoiceRun.objects.update(state=InvoiceRun.State.FINISHED)
    again = {said(client.post(url, sent)) for _ in range(TIMES - 1)}
    ((level, text),) = again
    assert (level, text.endswith(BEFORE)) == ("warning", True)
    assert InvoiceRun.objects.count() == 1


def test_a_file_added_twenty_times_is_one(client):
    client.force_login(make_staff())
    url = of_client("clients:documents")
    sent = values_of(get_page(client, url).one("#upload"))

    def send() -> tuple[str, str]:
        return said(client.post(url, sent | {"file": SimpleUploadedFile("offer.pdf", b"%PDF")}))

    assert send() == ("success", "offer.pdf added.")
    again = {send() for _ in range(TIMES - 1)}
    ((level, text),) = again
    assert (level, text.endswith(BEFORE)) == ("warning", True)
    assert ClientDocument.objects.count() == 1


UPLOADS = {
    "payments": ("transactions:import", PaymentFile, "Date,Amount,Currency,Method\n2026-03-02,5.00,USD,Card\n"),
    "clients": (
        "clients:import",
        ClientFile,
        "Client ID,Company Name,Email Address,Currency\n77,Acme Ltd,acme@mail.example,USD\n",
    ),
    "credit": ("credits:upload", CreditBatch, "Client ID,Amount,Currency,Description\n4011,5.00,USD,Gift\n"),
}


@pytest.mark.parametrize("what", UPLOADS)
def test_a_file_sent_again_waits_once(client, what):
    name, model, text = UPLOADS[what]
    make_client("Globex", number=4011)
    client.force_login(make_staff())
    answers = [client.post(reverse(name), {"file": SimpleUploadedFile("rows.csv", text.encode())}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}, answers[0].content.decode()
    assert len({answer.url for answer in answers}) == model._default_manager.count() == 1
    client.post(reverse(name), {"file": SimpleUploadedFile("rows.csv", f"{text}\n".encode())})
    client.force_login(make_staff(username="another"))
    client.post(reverse(name), {"file": SimpleUploadedFile("rows.csv", text.encode())})
    assert model._default_manager.count() == 3


def said(answer: Any) -> tuple[str, str]:
    """The level and text of the last message; the answer goes to where it is shown."""
    assert answer.status_code == 302, answer.content.decode()
    last = list(get_messages(answer.wsgi_request))[-1]
    return str(last.level_tag), str(last)
