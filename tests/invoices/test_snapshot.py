"""What an issued invoice and credit note say: all of it, frozen at issue, by hand as in a run."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from djmoney.money import Money

from clients.services.profile import edit_client
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from invoices.documents.snapshot import known_of, snapshot_of, snapshot_of_draft
from invoices.models import BillableItem, ExchangeRate, Invoice, TaxRate, TaxSettings
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, bill_client, draft_invoice, issue_invoice
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_item
from tests.invoices.companies import make_buyer, make_company

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 29)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def line(amount: str, **about: Any) -> NewLine:
    return NewLine("Hosting", eur(amount), **{"tax_rate": Decimal(20)} | about)


def billed(*lines: NewLine, to: Any = None, **about: Any) -> Invoice:
    return bill_client(client=to or make_buyer(), lines=lines or [line("50.00")], by=None, on=TODAY, **about)


def said(document: Any) -> Any:
    snapshot = snapshot_of(document)
    assert snapshot is not None
    return json.loads(json.dumps(snapshot))


def test_an_invoice_says_seller_buyer_lines_and_what_was_paid_by_credit():
    seller = make_company()
    acme = make_buyer(po_number="PO-77")
    give_credit(acme, eur("40.00"))
    invoice = billed(to=acme)
    assert said(invoice) == {
        "version": 1, "kind": "invoice", "number": invoice.label, "issued_on": "2026-11-29", "due_on": "2026-12-13",
        "delivered_on": "2026-11-29", "language": "de", "currency": "EUR", "profile": "",
        "seller": {
            "id": seller.pk, "name": "Hoster GmbH", "vat_id": "DE123456789", "tax_number": "",
            "registration": {"id": "HRB 12345", "scheme": ""}, "electronic": {"scheme": "0088", "id": "4012345000009"},
            "address": {
                "line_1": "Hauptstraße 1", "line_2": "", "postcode": "10115", "city": "Berlin", "region": "",
                "country": "DE",
            },
            "contact": {"name": "Accounts", "phone": "+49 30 1234", "email": "billing@hoster.example"},
            "footer": "", "paper": "a4", "accent": "#1f4e79", "logo_sha256": None,
        },
        "buyer": {
            "name": "Acme SA", "person": "Ada Martin", "email": acme.email, "vat_id": "FR12345678901",
            "registration": {"id": "", "scheme": ""}, "electronic": {"scheme": "9957", "id": "FR12345678901"},
            "address": {
                "line_1": "1 rue de Rivoli", "line_2": "", "postcode": "75001", "city": "Paris", "region": "",
                "country": "FR",
            },
            "address_text": "",
        },
        "buyer_reference": "04011000-12345-34", "po_number": "PO-77", "period": None, "terms": "Zahlbar in 14 Tagen",
        "payment": {
            "means": "58", "currency": "EUR", "iban": "DE02120300000000202051", "account": "", "bic": "BYLADEM1001",
            "name": "Hoster",
        },
        "lines": [{
            "position": 1, "name": "Hosting", "quantity": "1", "unit": "C62", "unit_price": "50.00",
            "tax_included": False, "net_price": "50.00", "base_quantity": "1", "rate": "20", "category": "S",
            "amount": "50.00", "tax": "10.00", "period": None, "po_number": "",
        }],
        "taxes": [{
            "category": "S", "rate": "20", "taxable": "50.00", "tax": "10.00", "reason": "", "reason_code": "",
        }],
        "totals": {"subtotal": "50.00", "tax": "10.00", "total": "60.00", "prepaid": "40.00", "due": "20.00"},
        "accounting": None, "corrects": None, "reason": "",
    }  # fmt: skip


def test_credit_that_moves_after_the_issue_changes_nothing():
    make_company()
    acme = make_buyer()
    give_credit(acme, eur("40.00"))
    invoice = billed(to=acme)
    before = said(invoice)
    release_credit(invoice=invoice, by=None)
    give_credit(acme, eur("60.00"))
    invoice.refresh_from_db()
    apply_credit(invoice=invoice, by=None)
    invoice.refresh_from_db()
    assert invoice.credit_applied == eur("60.00")
    assert said(invoice) == before


def test_what_becomes_of_company_and_client_later_changes_nothing():
    make_company()
    acme = make_buyer()
    invoice = billed(to=acme)
    before = said(invoice)
    make_company(legal_name="Hoster SE", bank_accounts=[])
    edit_client(client=acme, by=None, city="Lyon", language="fr", e_invoice="peppol")
    invoice = Invoice.objects.get(pk=invoice.pk)
    assert said(invoice) == before


def test_an_invoice_of_before_the_company_has_none_and_says_what_is_known():
    acme = make_buyer()
    invoice = billed(to=acme)
    make_company()
    invoice = Invoice.objects.get(pk=invoice.pk)
    assert snapshot_of(invoice) is None
    known = known_of(invoice)
    assert (known["seller"]["name"], known["payment"], known["buyer"]["address"]["city"]) == ("", None, "Paris")


def test_an_old_invoice_keeps_its_address_as_one_text():
    invoice = Invoice(bill_to_address="Ada\n1 Old Street\nFrance")
    assert invoice.address_lines == ["Ada", "1 Old Street", "France"]
    assert billed().address_lines == ["Ada Martin", "1 rue de Rivoli", "75001 Paris", "France"]
    assert billed().bill_to_address == ""


@pytest.mark.parametrize(
    ("price", "quantity", "included", "net", "base"),
    [
        ("10.00", "2", False, "10.00", "1"),
        ("60.00", "2", True, "50", "1"),
        ("3.33", "3", True, "8.32", "3"),
        ("3.00", "1.5", True, "2.5", "1"),
        ("0.00", "7", True, "0", "1"),
    ],
)
def test_the_net_price_is_exact_or_for_the_whole_quantity(price, quantity, included, net, base):
    make_company()
    invoice = billed(line(price, quantity=Decimal(quantity), tax_included=included))
    (only,) = said(invoice)["lines"]
    assert (only["net_price"], only["base_quantity"]) == (net, base)
    assert round(Decimal(only["quantity"]) * Decimal(net) / Decimal(base), 2) == Decimal(only["amount"])


def test_taxes_are_grouped_by_category_and_rate_with_their_reasons():
    make_company()
    TaxSettings.objects.create(exempt_reason="Article 132")
    invoice = billed(
        line("30.00"), line("5.00", tax_rate=Decimal(7)), line("20.00"),
        line("8.00", tax_rate=Decimal(0), tax_category="E"), line("2.00", tax_rate=Decimal(0), tax_category="AE"),
    )  # fmt: skip
    taxes = [[tax[name] for name in ("category", "rate", "taxable", "tax", "reason", "reason_code")]
             for tax in said(invoice)["taxes"]]  # fmt: skip
    assert taxes == [
        ["S", "20", "50.00", "10.00", "", ""],
        ["S", "7", "5.00", "0.35", "", ""],
        ["AE", "0", "2.00", "0.00", "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).", "VATEX-EU-AE"],
        ["E", "0", "8.00", "0.00", "Article 132", ""],
    ]


@pytest.mark.parametrize(
    ("currency", "rate", "accounting"),
    [
        ("EUR", None, None),
        ("USD", "0.925", {"currency": "EUR", "rate": "0.925", "tax": "9.25"}),
        ("USD", None, {"currency": "EUR", "rate": "", "tax": ""}),
    ],
)
def test_the_tax_is_stated_in_the_currency_of_the_books_too(currency, rate, accounting):
    make_company()
    if rate:
        ExchangeRate.objects.create(currency="USD", day=TODAY, rate=Decimal(rate), accounting_currency="EUR")
    to = make_buyer(currency=currency)
    invoice = billed(NewLine("Hosting", Money(50, currency), tax_rate=Decimal(20)), to=to)
    assert said(invoice)["accounting"] == accounting


def test_the_language_is_the_clients_else_the_companys():
    make_company()
    spoken = [said(billed(to=make_buyer(language=code)))["language"] for code in ("fr-CA", "", "tlh")]
    assert spoken == ["fr", "de", "de"]


def test_a_credit_note_names_its_invoice_and_the_company_of_its_own_day():
    make_company()
    invoice = billed(line("30.00", quantity=Decimal(2), unit="MON"), line("20.00"))
    later = make_company(legal_name="Hoster SE")
    whole, part = invoice.lines.order_by("position")
    lines = [CreditLine(whole.pk, quantity=Decimal(1)), CreditLine(part.pk, gross=eur("6.00"))]
    note = issue_credit_note(invoice=invoice, reason="Downtime", by=None, lines=lines, on=TODAY).note
    snapshot = said(note)
    assert snapshot["kind"] == "credit_note"
    assert (snapshot["seller"]["id"], snapshot["seller"]["name"]) == (later.pk, "Hoster SE")
    assert snapshot["buyer"] == said(invoice)["buyer"]
    assert snapshot["corrects"] == {"number": invoice.label, "issued_on": "2026-11-29"}
    assert (snapshot["number"], snapshot["reason"], snapshot["payment"]) == (note.label, "Downtime", None)
    assert [[each[name] for name in ("quantity", "unit", "net_price", "amount", "tax")] for each in snapshot["lines"]]\
        == [["1", "MON", "30", "30.00", "6.00"], ["1", "C62", "5", "5.00", "1.00"]]  # fmt: skip
    assert snapshot["totals"] == {
        "subtotal": "35.00", "tax": "7.00", "total": "42.00", "prepaid": "0.00", "due": "42.00"
    }  # fmt: skip


def test_a_draft_says_what_it_would_if_it_were_issued():
    make_company()
    acme = make_buyer()
    draft = draft_invoice(client=acme, lines=[line("50.00")], by=None, due_on=TODAY)
    planned = snapshot_of_draft(draft, TODAY)
    invoice = issue_invoice(invoice=draft, by=None, on=TODAY)
    assert {**planned, "number": invoice.label} == said(invoice)


# What may say why a line has no tax; each combination is billed by hand and in a run.
_CASES = [
    {"client": {}, "item": {}, "rate": ("20", "", "")},
    {"client": {}, "item": {}, "rate": ("0", "", "")},
    {"client": {}, "item": {}, "rate": ("0", "E", "Article 132")},
    {"client": {}, "item": {}, "rate": ("0", "E", "")},
    {"client": {}, "item": {}, "rate": ("0", "Z", "")},
    {"client": {}, "item": {"tax_rate": Decimal(0)}, "rate": ("20", "", "")},
    {"client": {}, "item": {"tax_rate": Decimal(0), "tax_category": "O"}, "rate": ("20", "", "")},
    {"client": {}, "item": {"tax_rate": Decimal(0), "tax_category": "E"}, "rate": ("0", "E", "Article 132")},
    {"client": {}, "item": {"tax_category": "E"}, "rate": ("20", "", "")},
    {"client": {"tax_rate": Decimal(0)}, "item": {}, "rate": ("0", "E", "Article 132")},
    {"client": {"tax_rate": Decimal(0)}, "item": {"tax_category": "AE"}, "rate": ("20", "", "")},
    {"client": {"tax_exempt": True}, "item": {"tax_category": "O"}, "rate": ("20", "", "")},
    {"client": {"tax_exempt": True, "exemption": "AE"}, "item": {"tax_category": "O"}, "rate": ("20", "", "")},
    {"client": {"tax_exempt": True, "exemption": "E", "exemption_reason": "Aid"}, "item": {}, "rate": ("0", "Z", "")},
    {"client": {"tax_exempt": True, "exemption": "Z", "exemption_reason": "Aid"}, "item": {}, "rate": ("0", "Z", "")},
]  # fmt: skip


@pytest.mark.parametrize("case", _CASES)
@pytest.mark.parametrize("country", ["FR", ""])
def test_a_run_says_the_same_as_an_invoice_made_by_hand(case, country):
    make_company()
    TaxSettings.objects.create(exempt_reason="Usual reason")
    rate, category, reason = case["rate"]
    TaxRate.objects.all().delete()
    TaxRate.objects.create(country=country, name="VAT", rate=Decimal(rate), category=category, reason=reason)
    today = timezone.localdate()
    acme = make_buyer(language="fr-CA", **case["client"])
    item = make_item(acme, eur("50.00"), due=today, unit="MON", quantity=Decimal(3), **case["item"])
    new = NewLine(
        item.description, item.unit_price, quantity=item.quantity, tax_rate=item.tax_rate, unit="MON",
        tax_category=item.tax_category,
    )  # fmt: skip
    by_hand = bill_client(client=acme, lines=[new], by=None)
    generate_invoices(as_of=today, by=None)
    in_run = Invoice.objects.exclude(pk=by_hand.pk).get()
    assert {**said(in_run), "number": ""} == {**said(by_hand), "number": ""}


def test_a_run_writes_the_period_the_credit_and_the_rate():
    make_company()
    today = timezone.localdate()
    ExchangeRate.objects.create(currency="USD", day=today, rate=Decimal("0.925"), accounting_currency="EUR")
    TaxRate.objects.update_or_create(country="", defaults={"name": "VAT", "rate": Decimal(20)})
    acme = make_buyer(currency="USD")
    give_credit(acme, Money(40, "USD"))
    start = datetime.date(2026, 1, 31)
    item = make_item(acme, Money(50, "USD"), due=start, cycle=BillableItem.Cycle.MONTHLY)
    generate_invoices(as_of=datetime.date(2026, 2, 28), by=None)
    generate_invoices(as_of=today, by=None)
    snapshot = said(Invoice.objects.earliest("pk"))
    assert [each["period"] for each in snapshot["lines"]] == [
        ["2026-01-31", "2026-02-27"], ["2026-02-28", "2026-03-30"]
    ]  # fmt: skip
    assert snapshot["period"] == ["2026-01-31", "2026-03-30"]
    assert (snapshot["totals"]["prepaid"], snapshot["totals"]["due"]) == ("40.00", "80.00")
    item.refresh_from_db()
    assert item.next_due_on is not None
    assert item.next_due_on > today
    assert said(Invoice.objects.latest("pk"))["accounting"]["currency"] == "EUR"


def test_a_private_person_is_named_once():
    make_company()
    ada = make_client("", first_name="Ada", last_name="Martin", country="FR", currency="EUR")
    assert said(billed(to=ada))["buyer"]["person"] == ""
