"""The statement as a document: in the client's language, under the company's letterhead."""

import datetime
import io

import pikepdf
import pytest
from djmoney.money import Money

from billing_admin.documents import draw, words
from billing_admin.errors import BusinessError
from clients.documents import statement as statement_document
from clients.documents.statement import statement_sheet
from clients.selectors.statement import statement
from credits.services.adjust import adjust_balance
from credits.services.expire import expire_credit
from credits.services.remove import remove_credit
from credits.services.reverse import reverse_entry
from credits.services.transfer import transfer_credit
from invoices.models import SellerVersion
from invoices.services.cancel import cancel_invoice
from invoices.services.company import save_company
from invoices.services.credit_notes import CreditLine, issue_credit_note
from tests.billing_admin.documents.papers import tags_of, texts_of
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invoices.test_company import SQUARE
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

FIRST, LAST = datetime.date(2099, 6, 1), datetime.date(2099, 6, 30)
DAY = datetime.date(2099, 6, 10)


@pytest.fixture(autouse=True)
def june(time_machine):
    time_machine.move_to("2099-06-10 12:00", tick=False)


@pytest.fixture
def bank():
    return make_payment_method("Bank")


def make_company(**more):
    return save_company(
        by=None, legal_name="Hoster GmbH", address_1="Hauptstraße 1", postcode="10115", city="Berlin", country="DE",
        accounting_currency="EUR", footer="HRB 12345", **more,
    )  # fmt: skip


def sheet_of(someone, last=LAST, company=None):
    return statement_sheet(someone, statement(someone, FIRST, last), FIRST, last, company)


def text_of(someone, **more):
    return " ".join(texts_of(draw(sheet_of(someone, **more)).content))


def lines_of(someone, language):
    (account,) = statement(someone, FIRST, LAST)
    return [line.said_in(language) for line in account.owed], [line.said_in(language) for line in account.held]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["Statement of account", "Period 1 Jun 2099 to 30 Jun 2099", "Hauptstraße 1 10115 Berlin Germany",
             "London United Kingdom", "Owed 1,030.50 USD · Credit 12.00 USD", "Invoices and payments, USD",
             "10 Jun 2099 Invoice INV-000001 1,130.50 1,130.50", "Payment of INV-000001: Half · T1 100.00 1,030.50",
             "10 Jun 2099 Credit added: Störung 12.00 12.00", "30 Jun 2099 Credit 12.00 USD"],
        ),
        (
            "de",
            ["Kontoauszug", "Zeitraum 01.06.2099 bis 30.06.2099", "Hauptstraße 1 10115 Berlin Deutschland",
             "Vereinigtes Königreich", "Offen 1.030,50 USD · Guthaben 12,00 USD", "Rechnungen und Zahlungen, USD",
             "10.06.2099 Rechnung INV-000001 1.130,50 1.130,50", "Zahlung zu INV-000001: Half · T1 100,00 1.030,50",
             "10.06.2099 Guthaben erteilt: Störung 12,00 12,00", "30.06.2099 Guthaben 12,00 USD"],
        ),
        (
            "fr",
            ["Relevé de compte", "1 juin 2099", "Berlin Allemagne", "London Royaume-Uni", "Factures et paiements, USD",
             "Facture INV-000001", "Paiement de INV-000001 : Half · T1", "Crédit accordé : Störung 12,00 12,00"],
        ),
        (
            "es",
            ["Extracto de cuenta", "1 jun 2099", "Berlin Alemania", "London Reino Unido", "Facturas y pagos, USD",
             "Factura INV-000001", "Pago de INV-000001: Half · T1", "Crédito concedido: Störung 12,00 12,00"],
        ),
    ],
)  # fmt: skip
def test_it_is_in_the_clients_language(language, said, bank):
    company = make_company(logo=SQUARE, language="es")
    acme = make_client(language=language, address_1="1 High St", city="London", country="GB")
    invoice = make_invoice(acme, usd("1130.50"), on=DAY)
    receive_payment(
        invoices=[invoice], amount=usd(100), payment_method=bank, by=None, on=DAY, reference="T1", description="Half"
    )
    give_credit(acme, usd(12), "Störung")
    text = text_of(acme, company=company)
    assert [words for words in said if words not in text] == []
    assert "HRB 12345" in text


def test_every_movement_of_what_is_owed_has_its_words(bank):
    acme = make_client(language="de")
    give_credit(acme, usd(4), "Downtime")
    invoices = [make_invoice(acme, usd(amount), on=DAY) for amount in (30, 20, 10, 8)]
    paid = [
        receive_payment(invoices=[each], amount=each.due, payment_method=bank, by=None, on=DAY).transaction
        for each in invoices[:2]
    ]
    issue_credit_note(
        invoice=invoices[3], reason="Slow", by=None, lines=[CreditLine(invoices[3].lines.get().pk, gross=usd(5))]
    )
    refund_payment(payment=paid[1], amount=usd(20), to="method", by=None, on=DAY, close_invoice=True)
    refund_payment(payment=paid[0], amount=usd(6), to="credit", by=None, on=DAY)
    reverse_payment(payment=paid[0], by=None, on=DAY)
    cancel_invoice(invoice=invoices[2], by=None)
    owed, held = lines_of(acme, "de")
    assert owed == [
        "Rechnung INV-000001", "Rechnung INV-000002", "Rechnung INV-000003", "Rechnung INV-000004",
        "Guthaben verrechnet mit INV-000001", "Zahlung zu INV-000001", "Zahlung zu INV-000002",
        "Erstattung zu INV-000002", "INV-000001 als Guthaben erstattet", "Rückbelastung zu INV-000001",
        "Rechnungskorrektur CN-000001 zu INV-000004", "Rechnung INV-000002 erstattet", "Rechnung INV-000003 storniert",
    ]  # fmt: skip
    assert held[:3] == ["Guthaben erteilt: Downtime", "Guthaben verrechnet mit INV-000001", "Erstattung"]


def test_every_movement_of_credit_has_its_words(bank):
    acme = make_client(language="fr")
    invoice = make_invoice(acme, usd(10), on=DAY)
    receive_payment(invoices=[invoice], amount=usd(15), payment_method=bank, by=None, on=DAY)
    wrong = give_credit(acme, usd(3), "Twice")
    reverse_entry(entry=wrong.entries.get(), by=None, reason="Twice")
    remove_credit(client=acme, amount=usd(1), by=None, description="Agreed")
    adjust_balance(client=acme, seen=usd(4), balance=usd(3), by=None, reason="Moved")
    transfer_credit(source=acme, target=make_client("Globex"), amount=usd(1), by=None)
    give_credit(acme, usd(2), "Soon over", expires_on=DAY)
    expire_credit(as_of=DAY + datetime.timedelta(days=1), by=None)
    _, held = lines_of(acme, "fr")
    assert held == [
        "Trop-perçu", "Crédit accordé\u00a0: Twice", "Écriture de crédit annulée\u00a0: Twice",
        "Crédit retiré\u00a0: Agreed", "Crédit ajusté\u00a0: Moved", "Crédit transféré",
        "Crédit accordé\u00a0: Soon over", "Crédit expiré",
    ]  # fmt: skip


def test_each_currency_has_its_tables_and_balances():
    acme = make_client()
    make_invoice(acme, usd(10), on=FIRST - datetime.timedelta(days=9))
    make_invoice(acme, Money(5000, "JPY"), on=DAY)
    tables = sheet_of(acme).data["tables"]
    assert [table["heading"] for table in tables] == [
        "Invoices and payments, USD", "Credit, USD", "Invoices and payments, JPY", "Credit, JPY",
    ]  # fmt: skip
    assert [row["cells"][1:] for row in tables[0]["rows"]] == [["Owed before", "", "", "10.00"],
                                                              ["Owed", "", "", "10.00\u00a0USD"]]  # fmt: skip
    assert [row["cells"][1:] for row in tables[2]["rows"]] == [
        ["Owed before", "", "", "0"],
        ["Invoice INV-000002", "5,000", "", "5,000"],
        ["Owed", "", "", "5,000\u00a0JPY"],
    ]


def test_without_a_company_there_is_no_letterhead():
    acme = make_client("Acme Ltd")
    text = text_of(acme)
    assert "From" not in text
    assert "To Acme Ltd" in text
    assert words("en")["nothing_moved"] in text


def test_the_language_left_open_is_the_companys():
    company = make_company(language="es", paper="us-letter")
    sheet = sheet_of(make_client(), company=company)
    assert (sheet.data["heading"], sheet.data["paper"]) == ("Extracto de cuenta", "us-letter")


def test_it_is_tagged_and_names_its_standards():
    company = make_company(language="fr")
    make_invoice(acme := make_client(), usd(10), on=DAY)
    with pikepdf.open(io.BytesIO(draw(sheet_of(acme, company=company)).content)) as document:
        assert str(document.Root.Lang) == "fr-DE"
        assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(tags_of(document))
        with document.open_metadata() as marks:
            assert (marks["pdfaid:part"], marks["pdfaid:conformance"], marks["pdfuaid:part"]) == ("3", "B", "1")
            assert marks["dc:title"] == "Relevé de compte, du 1 juin 2099 au 30 juin 2099"


def test_names_from_right_to_left_and_chinese_ones_are_read_back():
    for name, country in (("مدينة للتجارة", "KW"), ("株式会社 渡辺", "JP")):
        drawn = draw(sheet_of(make_client(name, country=country)))
        assert drawn.left_out == ""
        if country == "JP":
            assert name in texts_of(drawn.content)[0]


def test_too_many_lines_are_refused_with_the_way_out(monkeypatch):
    make_invoice(acme := make_client(), usd(10), on=DAY)
    make_invoice(acme, usd(10), on=DAY)
    monkeypatch.setattr(statement_document, "MOST_LINES", 1)
    with pytest.raises(BusinessError, match=r"has 2 lines; a PDF takes 1\. Choose a shorter period, or save"):
        sheet_of(acme)


@pytest.mark.slow
def test_two_thousand_lines_run_on_with_their_balances():
    acme = make_client()
    for _ in range(20):
        make_invoice(acme, usd(1), on=DAY)
    accounts = statement(acme, FIRST, LAST)
    accounts[0].owed[:] *= 100
    pages = texts_of(draw(statement_sheet(acme, accounts, FIRST, LAST, SellerVersion.objects.current())).content)
    assert len(pages) > 40
    assert all("Date Description Charged Settled Owed" in page for page in pages[:-2])
