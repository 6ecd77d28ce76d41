"""What a message says when it goes out, and why some does not."""

import pytest

from clients.models import IssuedDocument, MailMessage, MailSettings, MailTemplate
from clients.services.contacts import add_contact
from clients.services.profile import edit_client
from invoices.services.cancel import cancel_invoice
from tests.clients.holders import keep_document
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.mail import send_all, states, switch_on, tell
from transactions.services.receive import receive_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db


def test_a_message_goes_out_and_says_what_it_is_about(server):
    tell("a@acme.example")
    assert send_all() == 1
    (mail,) = server.taken
    assert mail["To"] == "a@acme.example"
    assert mail["From"] == "Acme Hosting <billing@hosting.example>"
    assert mail["Subject"] == "You have been given credit of 5.00 USD"
    assert "Reason: Downtime" in mail.get_body(["plain"]).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    (row,) = MailMessage.objects.all()
    assert (row.state, row.address, row.attempts, row.why) == ("sent", "a@acme.example", 1, "")
    assert row.sent_at
    assert mail["Message-ID"].startswith(f"<mail.{row.pk}.")


def test_what_was_typed_stands_in_one_column_alone(server):
    tell("a@acme.example")
    send_all()
    (row,) = MailMessage.objects.all()
    assert row.typed == "Downtime"
    assert "Reason: {reason}" in row.body
    assert "Downtime" not in row.body


def test_an_invoice_goes_with_its_kept_document(server):
    switch_on("invoice")
    invoice = make_invoice(make_client(), usd(10))
    keep_document(invoice, b"%PDF of ours")
    send_all()
    (mail,) = server.taken
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (f"{invoice.label}.pdf", b"%PDF of ours")
    assert f"Invoice: {invoice.label}" in mail.get_body(["plain"]).get_content()


def test_a_document_that_was_not_drawn_is_drawn_and_kept(server):
    switch_on("invoice")
    invoice = make_invoice(make_client(), usd(10))
    send_all()
    (file,) = server.taken[0].iter_attachments()
    assert file.get_content() == bytes(IssuedDocument.objects.get(subject_id=invoice.pk).content)


def test_what_is_switched_off_meanwhile_is_withheld(server):
    tell("a@acme.example")
    MailSettings.objects.update(switched_on=[])
    send_all()
    assert states() == [("withheld", "Mail of this kind is switched off.")]
    assert server.taken == []


def test_a_client_who_gets_no_mail_meanwhile_gets_none(server):
    (row,) = tell("a@acme.example")
    edit_client(client=row.client, by=None, no_mail=True)
    send_all()
    assert states() == [("withheld", "The client gets no mail.")]


def test_the_address_is_that_of_the_moment_of_sending(server):
    (row,) = tell("a@acme.example")
    edit_client(client=row.client, by=None, email="new@acme.example")
    send_all()
    assert server.recipients == ["new@acme.example"]


def test_a_contact_that_is_gone_meanwhile_gets_nothing(server):
    switch_on("invoice")
    acme = make_client()
    bo = add_contact(
        client=acme,
        email="bo@acme.example",
        roles=["receives_invoices"],
        by=None,
        first_name="Bo",
        last_name="",
        phone="",
    )
    keep_document(make_invoice(acme, usd(10)), b"%PDF")
    bo.delete()
    send_all()
    assert [state for state, _ in states()] == ["sent", "withheld"]


def test_a_cancelled_invoice_is_not_sent(server):
    switch_on("invoice")
    invoice = make_invoice(make_client(), usd(10))
    keep_document(invoice, b"%PDF")
    cancel_invoice(invoice=invoice, by=None)
    send_all()
    assert states() == [("withheld", f"{invoice.label} was cancelled.")]


def test_a_payment_that_was_given_back_is_not_told(server):
    switch_on("payment")
    invoice = make_invoice(make_client(), usd(10))
    paid = receive_payment(invoices=[invoice], amount=usd(10), payment_method=make_payment_method(), by=None)
    reverse_payment(payment=paid.transaction, by=None)
    send_all()
    assert states() == [("withheld", f"The payment for {invoice.label} was given back.")]


def test_a_payment_says_what_it_paid_and_what_became_credit(server):
    switch_on("payment")
    invoice = make_invoice(make_client(), usd(10))
    receive_payment(
        invoices=[invoice], amount=usd(15), payment_method=make_payment_method("Wire"), by=None, reference="R1"
    )
    send_all()
    text = server.taken[0].get_body(["plain"]).get_content().replace("\u00a0", " ")
    for line in ("Amount: 15.00 USD", "Paid by: Wire", "Reference: R1", f"For: {invoice.label}", "credit: 5.00 USD"):
        assert line in text
    assert "Still to pay" not in text


def test_a_text_that_cannot_be_filled_fails_with_a_sentence(server):
    tell("a@a.example")
    MailTemplate.objects.create(kind="credit", language="en", subject="Hello", body="{nothing}")
    send_all()
    ((state, why),) = states()
    assert state == "failed"
    assert "There is no {nothing} in this text." in why


def test_mail_is_in_the_clients_language(server):
    switch_on("credit")
    give_credit(make_client(language="de-AT"), usd(5), tell=True)
    send_all()
    assert "Guthaben" in server.taken[0]["Subject"]


def test_a_language_without_a_text_of_ours_gets_the_companys(server):
    switch_on("credit")
    give_credit(make_client(language="pl"), usd(5), tell=True)
    send_all()
    assert server.taken[0]["Subject"].startswith("You have been given credit")
