"""After a deletion a dump of the database has no trace of the client but the label of its transactions."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing_admin.models import Job
from clients.models import Client, ClientDeletion, ClientDocument, ClientNote, Contact
from clients.services.contacts import add_contact, remove_contact
from clients.services.delete.delete_client import delete_client
from clients.services.documents import add_document, delete_document
from clients.services.importing.own_format import import_clients
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.notes import add_note, edit_note
from clients.services.profile import edit_client
from credits.models import CreditEntry, CreditGrant
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from credits.services.bulk.reverse import reverse_credit_batch
from credits.services.check import check_ledger
from credits.services.edit import edit_grant
from credits.services.remove import remove_credit
from credits.services.take_back import take_back_rest
from credits.services.transfer import transfer_credit
from invoices.models.number_series import Document
from invoices.services.numbering import set_prefix
from tests.clients.holders import make_holder
from tests.dumped import lines_with
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from transactions.models import PaymentFile, PaymentFileMapping, Transaction
from transactions.services.attach import attach_money
from transactions.services.delete import delete_transactions
from transactions.services.importing.upload import keep_upload
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

PERSONAL = {
    "email": "maria.keller@acme-hosting.example", "phone": "+41 44 668 1800", "tax_id": "CHE-116.281.710",
    "address_1": "Bahnhofstrasse 77", "address_2": "Hinterhaus", "city": "Winterthur", "region": "Kanton Zuerich",
    "postcode": "CH-8400", "first_name": "Mariella", "last_name": "Kellermann",
}  # fmt: skip


def delete(client: Client, **options) -> ClientDeletion:
    deletion = delete_client(client=client, by=None, **options)
    connection.check_constraints()
    return deletion


def test_a_dump_has_no_trace_but_the_transactions_label():
    acme, globex = make_holder("Acme Ltd", **PERSONAL), make_holder("Globex Inc")
    words = [*PERSONAL.values(), "Acme", "Called acme", "Ann acme", "acme ordered less"]
    assert {line.partition(":")[0] for line in lines_with(*words)} == {
        "clients_activity", "clients_approvalrequest", "clients_client", "clients_clientdocument",
        "clients_clientmerge", "clients_clientnote",
        "clients_contact", "clients_mailboxmail", "clients_mailmessage",
        "clients_externalreference", "clients_formkey", "clients_importedevent", "credits_creditentry",
        "credits_creditgrant", "invoices_creditnote", "invoices_invoice",
        "invoices_invoiceline", "invoices_invoicerunerror", "invoices_reminderhold", "invoices_writeoff",
        "transactions_rememberedpayer", "transactions_transaction",
    }  # fmt: skip
    delete(acme)
    left = lines_with(*words)
    # Only the label, number and name, and the gateway's reference, without which a callback would count twice.
    assert [line.partition(": ")[0] for line in left] == ["transactions_transaction"] * 3
    labelled = Transaction.objects.filter(client=None)
    assert set(labelled.values_list("client_number", "client_name")) == {(acme.number, "Acme Ltd")}
    assert sorted(labelled.values_list("reference", flat=True)) == ["", "", "acme-1"]
    assert lines_with(*PERSONAL.values(), "bank.example") == lines_with("globex@bank.example")
    assert lines_with(globex.email)


def test_what_was_merged_into_the_client_leaves_no_trace_either():
    acme, globex = make_client("Acme Ltd"), make_client("Globex", **PERSONAL)
    Contact.objects.create(client=acme, first_name="Gundula", email="gundula@example.org")
    Contact.objects.create(client=globex, first_name="Gundel", email="gundula@example.org")
    merge_clients(kept=acme, discarded=globex, by=None, choices=Choices(fields=frozenset(["email"])))
    assert lines_with("Gundel")
    assert lines_with("Winterthur")
    delete(acme)
    assert lines_with("Gundula", "Gundel", "Globex", "Acme", *PERSONAL.values()) == []


def test_an_undone_merge_leaves_nothing_with_the_other_client():
    acme, globex = make_client("Acme Ltd"), make_client("Globex", **PERSONAL)
    ClientNote.objects.create(client=globex, text="Ask for Gundula", author_name="Ann")
    everything = frozenset(["email", "phone", "company_name", "first_name", "last_name", "address_1", "city"])
    done = merge_clients(kept=acme, discarded=globex, by=None, choices=Choices(fields=everything))
    acme.refresh_from_db()
    edit_client(client=acme, by=None, language="de", postcode="CH-8400")
    edit_client(client=acme, by=None, postcode="")
    delete(undo_merge(merge=done, by=None))
    assert lines_with("Gundula", "Globex", *PERSONAL.values()) == []
    acme.refresh_from_db()
    assert acme.name == "Acme Ltd"


@pytest.mark.parametrize("gone", ["source", "target"])
def test_what_was_typed_into_a_transfer_goes_with_the_first_of_the_two(gone):
    source, target = make_client("Acme Ltd"), make_client("Globex")
    give_credit(source, usd(10), "Welcome")
    give_credit(source, usd(10), "Downtime")
    transfer_credit(source=source, target=target, amount=usd(15), by=None, reason="Gundula: wants\nit: there")
    take_back_rest(grant=CreditGrant.objects.filter(client=target).first(), by=None)
    transfer_credit(source=source, target=make_client("Initech"), amount=usd(1), by=None, reason="Gerlinde asked")
    assert len(lines_with("Gundula")) == 8
    delete(source if gone == "source" else target)
    assert lines_with("Gundula") == []
    assert len(lines_with("Gerlinde")) == (0 if gone == "source" else 5)
    if gone == "source":
        from_source = f"Transferred from client {source.number}"
        assert (
            list(CreditGrant.objects.filter(client=target).values_list("description", flat=True)) == [from_source] * 2
        )
        assert list(CreditEntry.objects.filter(client=target).order_by("pk").values_list("description", flat=True)) == [
            from_source, from_source, "Rest taken back",
        ]  # fmt: skip
        assert [activity.words for activity in target.activities.order_by("pk")][1:] == [
            f"Credit of 15.00 USD received from client {source.number}",
            f"Credit of 10.00 USD taken back: {from_source}",
        ]
    assert check_ledger().finding_count == 0


def test_what_was_said_of_credit_from_a_deleted_client_goes():
    source, target = make_client("Acme Ltd"), make_client("Globex")
    give_credit(source, usd(10))
    given = give_credit(target, usd(5), "Gerlinde asked")
    edit_grant(grant=given, description="Gerlinde got it", expires_on=None, priority=50, by=None)
    transfer_credit(source=source, target=target, amount=usd(10), by=None, reason="Gundula asked")
    moved = CreditGrant.objects.get(kind="transfer")
    edit_grant(grant=moved, description="Gundula got it", expires_on=None, priority=1, by=None)
    delete(source)
    assert lines_with("Gundula") == []
    assert [activity.words for activity in target.activities.order_by("-pk")][:4] == [
        "Credit of 10.00 USD edited: priority 1 instead of 50",
        f"Credit of 10.00 USD received from client {source.number}",
        "Credit of 5.00 USD edited: “Gerlinde asked” is now “Gerlinde got it”",
        "Credit of 5.00 USD added: Gerlinde asked",
    ]


def test_our_words_stay_when_what_was_typed_goes():
    acme, card = make_client("Acme Ltd"), make_payment_method()
    set_prefix(document=Document.INVOICE, prefix="INV-{year}-", by=None)
    invoice = make_invoice(acme, usd(50), usd(30), on=datetime.date(2026, 3, 1))
    receive_payment(invoices=[invoice], amount=usd(30), payment_method=card, by=None)
    typed = receive_payment(invoices=[invoice], amount=usd(60), payment_method=card, by=None, description="From Ann")
    refund_payment(payment=typed.transaction, amount=usd(5), to="method", by=None, description="Ann left")
    delete(acme)
    assert list(Transaction.objects.order_by("pk").values_list("description", "note")) == [
        ("Payment of INV-2026-000001", ""),
        ("Payment of INV-2026-000001", ""),
        ("Overpayment of INV-2026-000001", ""),
        ("Refund of INV-2026-000001", ""),
    ]


def test_what_money_that_is_nobodys_said_is_not_kept_when_it_is_deleted():
    money = receive_payment(
        client=None, amount=usd(5), payment_method=make_payment_method(), by=None, description="From Mariella"
    ).transaction
    delete_transactions(client=None, chosen=[money.pk], by=None)
    assert lines_with("Mariella") == []


def test_references_of_payments_that_go_too_are_in_no_activity():
    acme, card = make_client(), make_payment_method()
    given = {"payment_method": card, "by": None, "invoices": [make_invoice(acme, usd(5))]}
    paid = receive_payment(client=acme, amount=usd(9), reference="Gundula 1", **given).transaction
    refund_payment(payment=paid, amount=usd(1), to="method", by=None)
    other = receive_payment(client=acme, amount=usd(3), payment_method=card, reference="Gundula 2", by=None).transaction
    reverse_payment(payment=other, by=None)
    money = receive_payment(client=None, amount=usd(5), payment_method=card, reference="Gundula 3", by=None).transaction
    attach_money(transaction=money, client=acme, by=None)
    assert len([line for line in lines_with("Gundula") if line.startswith("clients_activity")]) == 4
    delete(acme, with_transactions=True)
    assert lines_with("Gundula") == []


def test_what_was_typed_of_another_clients_deleted_payment_goes():
    acme, globex = make_client("Acme Ltd", **PERSONAL), make_client("Globex")
    paid = receive_payment(
        client=globex, amount=usd(5), payment_method=make_payment_method(), by=None, description="Sent by Acme Ltd"
    ).transaction
    delete_transactions(client=globex, chosen=[paid.pk], by=None)
    assert lines_with("Sent by Acme Ltd")
    delete(acme)
    assert lines_with("Acme Ltd") == []
    assert check_ledger().finding_count == 0


@pytest.mark.parametrize(
    "line", ["ACME LTD, Bern", "Kellermann, Mariella", "paid by maria.keller@acme-hosting.example", "ann beck 5"]
)
def test_an_upload_that_names_the_client_goes(line):
    acme = make_client("Acme Ltd", **PERSONAL)
    Contact.objects.create(client=acme, first_name="Ann", last_name="Beck", email="ann@example.org")
    header = "Date,Amount,Currency,Method,Description\n"
    ann = make_staff()
    keep_upload(name="1.csv", content=f'{header}2026-03-01,5,USD,Card,"{line}"\n'.encode(), mapping=None, by=ann)
    others = header + "".join(
        f"2026-03-01,5,USD,Card,{words}\n" for words in ("Mariella of Acme", "Anna Becker", "Kellermann")
    )
    keep_upload(name="2.csv", content=others.encode(), mapping=None, by=ann)
    delete(acme)
    assert list(PaymentFile.objects.values_list("name", flat=True)) == ["2.csv"]


def test_an_upload_in_the_signs_of_a_bank_is_read_in_them():
    acme = make_client("Käserei Müller")
    mapping = PaymentFileMapping.objects.create(
        name="Bank", encoding="cp1252", date_column="D", amount_column="A", text_column="T", currency="EUR",
        payment_method=make_payment_method(),
    )  # fmt: skip
    content = "D,A,T\n2026-03-01,5,KÄSEREI MÜLLER\n".encode("cp1252")
    keep_upload(name="bank.csv", content=content, mapping=mapping, by=make_staff())
    delete(acme)
    assert not PaymentFile.objects.exists()


def test_what_was_typed_elsewhere_and_names_the_client_goes(tmp_path):
    acme, globex = make_client("Acme Ltd", **PERSONAL), make_client("Globex")
    give_credit(globex, usd(5), "Moved from ACME LTD by mistake")
    give_credit(globex, usd(5), "Acme of Bern")
    remove_credit(client=globex, amount=usd(1), description="Kellermann, Mariella asked", by=None)
    rows = f"Client ID,Amount,Currency,Description\n{acme.number},2,USD,Down\n{globex.number},2,USD,As for Acme Ltd\n"
    batch = preview_credit_file(path="acme ltd.csv", content=rows.encode(), by=None)
    book_credit_batch(batch_id=batch.pk, by=None)
    reverse_credit_batch(batch_id=batch.pk, by=None, reason=f"Wrong for {PERSONAL['email']}")
    Job.objects.create(kind="credits.reverse_batch", arguments={"reason": "Acme Ltd"}, outcome="Acme Ltd was billed")
    content = f"Client ID,Company Name,Currency\n{globex.number + 900},Initech,USD\n"
    path = tmp_path / "Mariella Kellermann.csv"
    path.write_text(content)
    import_clients(path=path, by=None)
    assert len(lines_with("Acme Ltd", "Mariella", PERSONAL["email"])) > 15
    delete(acme)
    assert lines_with("Acme Ltd", "Mariella", *PERSONAL.values()) == []
    assert set(globex.credit_grants.values_list("description", flat=True)) == {"Credit", "Acme of Bern"}
    assert [activity.words for activity in globex.activities.order_by("pk")][1:] == [
        "Credit of 5.00 USD added",
        "Credit of 5.00 USD added: Acme of Bern",
        "Credit of 1.00 USD removed",
        "Credit of 2.00 USD added",
        "Credit of 2.00 USD taken back",
    ]
    assert check_ledger().finding_count == 0


def test_notes_and_file_names_of_another_client_that_name_it_go():
    acme, globex = make_client("Acme Ltd", **PERSONAL), make_client("Globex")
    named = add_note(client=globex, text="Shares an office with\nAcme Ltd", by=None, pinned=True)
    edited = add_note(client=globex, text="Ask Kellermann, Mariella first", by=None)
    edit_note(note=edited, text="Ask nobody", by=None)
    other = add_note(client=globex, text="Nobody's business", by=None)
    add_document(client=globex, name="Letter to ACME LTD.pdf", content=b"%PDF", by=None)
    add_document(client=globex, name="Offer.pdf", content=b"%PDF", by=None)
    delete(acme)
    assert lines_with("Acme Ltd", "Mariella", *PERSONAL.values()) == []
    for note in (named, edited, other):
        note.refresh_from_db()
    assert (named.text, named.pinned) == ("Removed: it named a client that was deleted.", True)
    assert (edited.text, edited.history) == ("Removed: it named a client that was deleted.", [])
    assert other.text == "Nobody's business"
    assert list(ClientDocument.objects.order_by("pk").values_list("name", flat=True)) == ["file.pdf", "Offer.pdf"]


def test_contacts_and_files_that_were_removed_before_leave_nothing_either():
    acme = make_client("Acme Ltd")
    remove_contact(contact=add_contact(client=acme, by=None, first_name="Gundula", email="g@acme.example"), by=None)
    delete_document(document=add_document(client=acme, name="Offer to Gundula.pdf", content=b"%PDF", by=None), by=None)
    assert lines_with("Gundula")
    delete(acme)
    assert lines_with("Gundula", "g@acme.example") == []


def test_a_first_name_alone_takes_nobody_elses_words():
    mariella, globex = make_client("", first_name="Mariella", email="m@example.org"), make_client("Globex")
    give_credit(globex, usd(5), "Mariella of support promised it")
    delete(mariella)
    assert globex.credit_grants.get().description == "Mariella of support promised it"


def test_deleting_takes_as_many_statements_however_often_it_is_named():
    counts = []
    for times in (1, 20):
        acme, globex = make_client(f"Acme {times} Ltd"), make_client("Globex")
        for _ in range(times):
            give_credit(globex, usd(5), f"As for Acme {times} Ltd")
        with CaptureQueriesContext(connection) as queries:
            delete_client(client=acme, by=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]
