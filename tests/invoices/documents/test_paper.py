"""An invoice, a credit note and a draft on paper: what a reader finds there, and what is not there."""

import io
from decimal import Decimal

import pikepdf
import pytest

from billing_admin.documents import Sheet, redrawn_logo
from invoices.documents.e_invoice import invoice_data
from invoices.documents.paper import paper_of
from invoices.documents.snapshot import known_of, snapshot_of, snapshot_of_draft
from invoices.models import Invoice
from invoices.services.issue import bill_client, draft_invoice
from tests.billing_admin.documents.papers import tags_of, texts_of
from tests.invoices.companies import make_buyer, make_company

from .cases import CASES, TODAY, billed, credit_note, line

pytestmark = pytest.mark.django_db

ENGLISH = {"language": "en", "terms": {"en": "Pay within 14 days."}}


def text_of(press, document, **company):
    snapshot = snapshot_of(document)
    assert snapshot is not None
    return " ".join(texts_of(press.draw(paper_of(snapshot)).content))


def test_an_invoice_says_who_what_and_where_to_pay(press):
    make = billed(
        line("30.00", quantity=Decimal(3), unit="MON"), line("20.00", "7"), footer="HRB 12345 · Berlin", **ENGLISH
    )
    page = text_of(press, make)
    for said in (
        f"Invoice {make.label}", "Date of issue 29 Nov 2026", "Due date 13 Dec 2026", "Date of supply 29 Nov 2026",
        "Purchase order PO-77", "Your reference 04011000-12345-34", "129.40 EUR due 13 Dec 2026",
        "Hoster GmbH Hauptstraße 1 10115 Berlin Germany", "VAT ID DE123456789", "Registration HRB 12345",
        "Acme SA Ada Martin 1 rue de Rivoli 75001 Paris France", "VAT ID FR12345678901",
        "Hosting 3 months 30.00 20% 90.00", "Hosting 1 20.00 7% 20.00",
        "Subtotal 110.00 EUR Tax 20% on 90.00 18.00 EUR Tax 7% on 20.00 1.40 EUR Total 129.40 EUR",
        "Account holder Hoster IBAN DE02 1203 0000 0000 2020 51 BIC BYLADEM1001", f"Reference {make.label}",
        "Pay within 14 days.", "HRB 12345 · Berlin", "Page 1 / 1",
    ):  # fmt: skip
        assert said in page
    assert "Draft" not in page


@pytest.mark.parametrize(
    ("case", "said", "unsaid"),
    [
        ("partly paid", ["Gesamtbetrag 60,00 EUR Verrechnetes Guthaben −40,00 EUR Zu zahlen 20,00 EUR",
                         "20,00 EUR, fällig am 13.12.2026", "IBAN"], []),
        ("wholly paid", ["Zu zahlen 0,00 EUR"], ["IBAN", "0,00 EUR, fällig"]),
        ("nothing to pay", ["Gesamtbetrag 0,00 EUR"], ["IBAN", "0,00 EUR, fällig"]),
        ("reverse charge", ["Steuerschuldnerschaft des Leistungsempfängers", "Steuer 0 % auf 50,00 0,00 EUR"], []),
        ("exempt", ["Steuerfrei: Article 132 of Directive 2006/112/EC"], []),
        ("outside the scope", ["Nicht steuerbar.", "Hosting 1 50,00 – 50,00",
                               "Zwischensumme 50,00 EUR Gesamtbetrag 50,00 EUR"], ["Steuer 0"]),
        ("prices with tax", ["Hosting 3 3,33 * 20 % 8,32", "* Dieser Preis enthält die Steuer."], []),
        ("plain", [], ["* Dieser Preis", "Guthaben", "Zu zahlen"]),
        ("yen", ["Gesamtbetrag 6.050 JPY", "Hosting 1,5 333 10 % 500"], ["IBAN"]),
        ("foreign currency", ["Gesamtbetrag 60,00 USD Steuer in EUR zum Kurs 0,925 9,25 EUR"], ["IBAN"]),
        ("a rate of three places", ["Steuer 8,125 % auf 349,97 28,44 EUR"], []),
        ("an account without IBAN", ["Kontonummer 12 345"], ["IBAN"]),
        ("credit note of an XRechnung", ["Rechnungskorrektur", "Grund Down for a day"], ["IBAN", "Überweisung"]),
        ("periods", ["Zeitraum 31.01.2026 bis 30.03.2026", "Server 31.01.2026 bis 27.02.2026 Bestellnummer PO-1",
                     "1 Monat"], ["Leistungsdatum"]),
    ],
)  # fmt: skip
def test_each_kind_says_what_it_must(press, case, said, unsaid):
    page = text_of(press, CASES[case]()).replace("\u00a0", " ")
    assert [each for each in said if each not in page] == []
    assert [each for each in unsaid if each in page] == []


def test_a_credit_note_names_its_invoice_and_asks_for_no_money(press):
    note = credit_note(billed(line("30.00", quantity=Decimal(2), unit="MON"), line("20.00", "7"), **ENGLISH))
    page = text_of(press, note)
    for said in (
        f"Credit note {note.label}", f"For invoice {note.invoice.label}, 29 Nov 2026", "Reason Down for a day",
        "Hosting 1 month 30.00 20% 30.00", "Total 42.00 EUR",
    ):  # fmt: skip
        assert said in page
    for unsaid in ("due", "Due date", "IBAN", "Bank transfer", "Pay within"):
        assert unsaid not in page


def test_a_draft_says_that_it_is_one(press):
    make_company(**ENGLISH)
    draft = draft_invoice(client=make_buyer(), lines=[line("50.00")], by=None)
    sheet = paper_of(snapshot_of_draft(draft, TODAY))
    page = " ".join(texts_of(press.draw(sheet).content))
    assert sheet.data["mark"] == "Draft"
    assert "Draft invoice" in page
    assert "Total 60.00 EUR" in page
    for unsaid in ("Date of issue", "Date of supply", "Reference INV", "Invoice INV"):
        assert unsaid not in page


def test_an_older_invoice_says_nothing_that_it_does_not_know(press):
    invoice = bill_client(client=make_buyer(), lines=[line("50.00")], by=None, on=TODAY)
    make_company()
    invoice = Invoice.objects.get(pk=invoice.pk)
    invoice.bill_to_address = "Ada Martin\n1 Old Street\nFrance"
    page = " ".join(texts_of(press.draw(paper_of(known_of(invoice))).content))
    for said in (f"Invoice {invoice.label}", "Ada Martin 1 Old Street France", "Total 60.00 EUR", "13 Dec 2026"):
        assert said in page
    for unsaid in (
        "Hoster",
        "IBAN",
        "From",
        "Date of supply",
        "EUR due",
        "Credit",
        "To pay",
        "Pay within",
        "VAT ID DE",
    ):
        assert unsaid not in page


def test_what_became_of_it_later_is_not_on_it():
    invoice = billed(line("50.00"))
    snapshot = snapshot_of(invoice)
    invoice.status = Invoice.Status.CANCELLED
    assert snapshot is not None
    assert paper_of(snapshot) == paper_of(snapshot_of(invoice))


def test_the_logo_stands_where_the_name_would(press):
    logo = redrawn_logo(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>')
    snapshot = snapshot_of(billed(line("50.00")))
    assert snapshot is not None
    with pikepdf.open(io.BytesIO(press.draw(paper_of(snapshot, logo)).content)) as document:
        assert "/Figure" in tags_of(document)
    assert paper_of(snapshot).logo is None


@pytest.mark.parametrize("case", ["partly paid", "credit note"])
def test_the_file_with_its_xml_can_be_archived_and_read_aloud(press, case):
    document = CASES[case]()
    snapshot = snapshot_of(document)
    assert snapshot is not None
    sheet = paper_of(snapshot)
    whole = Sheet(sheet.template, sheet.data, sheet.on, invoice=invoice_data(snapshot))
    content = press.draw(whole).content
    assert press.draw(Sheet(sheet.template, sheet.data, sheet.on, invoice=invoice_data(snapshot))).content == content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (attached,) = pdf.Root.AF
        assert str(attached.AFRelationship) == "/Alternative"
        assert str(attached.F) == "factur-x.xml"
        assert attached.EF.F.read_bytes() == press.xml(invoice_data(snapshot), "cii")
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "de-DE"
        tags = tags_of(pdf)
        lines = len(snapshot["lines"])
        assert (tags.count("/H1"), tags.count("/TH"), tags.count("/TD")) == (1, 5, 5 * lines)
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261129")
        with pdf.open_metadata() as metadata:
            marks = [metadata[f"pdfaid:{part}"] for part in ("part", "conformance")] + [metadata["pdfuaid:part"]]
            assert marks == ["3", "B", "1"]
            assert metadata["dc:title"] == sheet.data["title"] == f"{_KINDS[case]} {document.label}"


_KINDS = {"partly paid": "Rechnung", "credit note": "Rechnungskorrektur"}
