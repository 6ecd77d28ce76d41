"""The document of an invoice or credit note on its page: opened, saved, as an e-invoice, and why it is not there."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from djmoney.money import Money

from billing_admin.documents import press
from billing_admin.models import Job
from billing_admin.staff.groups import VIEWER
from clients.models import IssuedDocument
from invoices.models import Invoice
from invoices.services import documents
from invoices.services.credit_notes import issue_credit_note
from invoices.services.issue import NewLine, bill_client, draft_invoice
from tests.clients.holders import keep_document
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.invoices.companies import make_buyer, make_company
from tests.jobs import do_jobs
from tests.pages import get_page
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 29)


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


def at(name: str, document: Any) -> str:
    return reverse(f"invoices:{name}", args=[document.pk])


def billed(to: Any = None) -> Invoice:
    lines = [NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20))]
    return bill_client(client=to or make_buyer(), lines=lines, by=None, on=TODAY)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_document_is_shown_and_kept(staff):
    make_company()
    invoice = billed()
    answer = staff.get(at("document", invoice))
    kept = IssuedDocument.objects.get()
    assert (content(answer), answer["Content-Length"]) == (bytes(kept.content), str(kept.size))
    assert answer["Content-Disposition"] == 'inline; filename="INV-000001.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert (answer["ETag"], answer["Cache-Control"]) == (f'"{kept.sha256}"', "no-store")
    with nothing_changes():
        assert content(staff.get(at("document", invoice))) == bytes(kept.content)
        assert staff.get(at("document", invoice), headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_kept_document_is_read_by_few_statements(staff, django_assert_max_num_queries):
    invoice = make_invoice(make_client(), usd(10))
    keep_document(invoice, b"%PDF")
    with django_assert_max_num_queries(7):
        assert content(staff.get(at("document", invoice))) == b"%PDF"


def test_it_is_saved_and_no_browser_opens_it(staff):
    invoice = make_invoice(make_client(), usd(10))
    keep_document(invoice, b"%PDF")
    answer = staff.get(at("document", invoice) + "?download")
    assert answer["Content-Disposition"] == 'attachment; filename="INV-000001.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(("syntax", "root"), [("ubl", b"<Invoice"), ("cii", b"CrossIndustryInvoice")])
def test_the_e_invoice_is_saved_in_both_syntaxes(staff, syntax, root):
    make_company()
    answer = staff.get(at("document_xml", billed()) + f"?syntax={syntax}")
    assert root in content(answer)
    assert answer["Content-Disposition"] == f'attachment; filename="INV-000001.{syntax}.xml"'
    assert answer["Content-Security-Policy"].startswith("sandbox")
    get_page(staff, at("document_xml", Invoice.objects.get()) + "?syntax=edifact", status=400)


def test_a_credit_note_has_its_own(staff):
    make_company()
    note = issue_credit_note(invoice=billed(), reason="Slow", by=None).note
    assert staff.get(at("note_document", note))["Content-Disposition"] == 'inline; filename="CN-000001.pdf"'
    assert b"CreditNote" in content(staff.get(at("note_document_xml", note)))
    links = get_page(staff, at("credit_note", note)).links()
    address = at("note_document", note)
    assert links["Document"] == address
    assert links["Save PDF"] == f"{address}?download"
    assert links["Save e-invoice (CII)"] == f"{at('note_document_xml', note)}?syntax=cii"


def test_a_draft_is_shown_as_it_would_be_and_not_kept(staff):
    make_company()
    lines = [NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20))]
    draft = draft_invoice(client=make_buyer(), lines=lines, by=None)
    assert get_page(staff, at("detail", draft)).links()["Preview"] == at("document", draft)
    with nothing_changes():
        answer = staff.get(at("document", draft))
        assert content(answer).startswith(b"%PDF")
        assert answer["Content-Disposition"] == 'inline; filename="draft.pdf"'
        page = get_page(staff, at("document_xml", draft), status=422)
    assert page.one("[role=alert]").text == "A draft is no e-invoice; issue it first."


def test_the_page_says_why_it_is_no_e_invoice_and_where_that_is_filled_in(staff):
    make_company(registration="", vat_id="")
    page = get_page(staff, at("detail", billed()))
    assert {item.text: item.one("a")["href"] for item in page.one("#e-invoice").all("li")} == {
        "The company has no VAT ID and no tax number. Fill in": "/settings/company/",
        "The company has no registration number. Fill in": "/settings/company/",
    }
    assert "Save e-invoice (UBL)" not in page.links()
    assert "Save PDF" in page.links()
    refused = get_page(staff, at("document_xml", Invoice.objects.get()), status=422)
    assert refused.one("[role=alert]").text.startswith("INV-000001 cannot be an e-invoice. The company has no VAT ID")
    assert refused.links()["Back to INV-000001"] == at("detail", Invoice.objects.get())


def test_the_page_says_that_it_can_be_saved_as_one(staff):
    make_company()
    page = get_page(staff, at("detail", billed()))
    assert page.one("#e-invoice").text.startswith("E-invoice It can be saved as one, and its XML is in the PDF, too.")
    assert page.links()["Save e-invoice (UBL)"].endswith("document.xml?syntax=ubl")


def test_nothing_is_said_of_e_invoices_without_a_company(staff):
    page = get_page(staff, at("detail", make_invoice(make_client(), usd(10))))
    assert page.all("#e-invoice") == []
    make_company()
    page = get_page(staff, at("detail", Invoice.objects.get()))
    assert page.one("#e-invoice li").text.startswith("It was issued before the company was filled in,")


def test_letters_left_out_are_told_on_the_page(staff):
    invoice = bill_client(client=make_client(), lines=[NewLine("Ring \U00012345", usd(5))], by=None)
    assert get_page(staff, at("detail", invoice)).all("#left-out") == []
    content(staff.get(at("document", invoice)))
    assert get_page(staff, at("detail", invoice)).one("#left-out [role=status]").text == (
        "The document could not show: \U00012345"
    )


def test_a_press_that_fails_is_a_page_with_a_way_back(staff, monkeypatch):
    invoice = make_invoice(make_client(), usd(10))
    monkeypatch.setattr(press, "_SECONDS", 0.001)
    with nothing_changes():
        page = get_page(staff, at("document", invoice) + "?download=", status=422)
    assert page.one("[role=alert]").text == (
        "The document could not be made: it took longer than 0.001 seconds and was stopped."
    )
    assert page.links()["Try Again"] == at("document", invoice) + "?download="
    assert page.links()["Back to INV-000001"] == at("detail", invoice)
    monkeypatch.undo()
    assert content(staff.get(at("document", invoice))).startswith(b"%PDF")


def test_a_long_one_is_drawn_by_a_worker_while_a_page_waits(staff, monkeypatch):
    monkeypatch.setattr("invoices.views.documents.MOST_LINES_AT_ONCE", 1)
    invoice = make_invoice(make_client(), usd(10), usd(5))
    page = get_page(staff, at("document", invoice) + "?download")
    assert page.one("#job p").text.startswith("Waiting for its turn")
    job = Job.objects.get()
    assert page.one("#job")["hx-get"] == f"{at('document', invoice)}?download=&job={job.pk}"
    get_page(staff, at("document", invoice))
    assert Job.objects.count() == 1
    asks = {"headers": {"HX-Request": "true", "HX-Target": "job"}}
    assert b"Waiting" in staff.get(page.one("#job")["hx-get"], **asks).content
    do_jobs()
    answer = staff.get(page.one("#job")["hx-get"], **asks)
    assert answer["HX-Redirect"] == at("document", invoice) + "?download"
    assert content(staff.get(answer["HX-Redirect"])) == bytes(IssuedDocument.objects.get().content)


def test_a_worker_that_could_not_draw_it_says_so(staff, monkeypatch):
    monkeypatch.setattr("invoices.views.documents.MOST_LINES_AT_ONCE", 0)
    monkeypatch.setattr(press, "_SECONDS", 0.001)
    invoice = make_invoice(make_client(), usd(10))
    get_page(staff, at("document", invoice))
    do_jobs()
    page = get_page(staff, at("document", invoice) + f"?job={Job.objects.get().pk}")
    assert page.one("#job").text.startswith("The document could not be made: it took longer")
    assert page.links()["Try Again"] == at("document", invoice)
    assert not IssuedDocument.objects.exists()


def test_strangers_see_no_document(client):
    invoice = make_invoice(make_client(), usd(10))
    note = issue_credit_note(invoice=invoice, reason="Slow", by=None).note
    addresses = [at("document", invoice), at("document_xml", invoice)]
    addresses += [at("note_document", note), at("note_document_xml", note)]
    for address in addresses:
        assert client.get(address).status_code == 302
        client.force_login(person_with("view_client"))
        get_page(client, address, status=403)
        client.logout()
    assert not IssuedDocument.objects.exists()


def test_who_may_look_may_have_it_and_an_unknown_one_is_not_found(client):
    client.force_login(make_staff(VIEWER))
    invoice = make_invoice(make_client(), usd(10))
    keep_document(invoice, b"%PDF")
    assert client.get(at("document", invoice)).status_code == 200
    for name in ("document", "document_xml", "note_document", "note_document_xml"):
        get_page(client, reverse(f"invoices:{name}", args=[999999]), status=404)
    assert documents.kept_of(invoice) is not None
