"""Import Payments: upload, preview, book, discard; and the saved file formats."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing_admin.staff.groups import BILLING, VIEWER
from billing_admin.text import Names
from clients.models import Activity
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import nothing_changes
from transactions.models import PaymentFile, PaymentFileMapping, PaymentMethod, Transaction
from transactions.services.importing.upload import forget_uploads_naming, keep_upload
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

PAGE = "/transactions/import/"
FILES = Path(__file__).with_name("payment_files")
HEADER = "Date,Amount,Currency,Method,Reference,Invoice,Name,Description,Fees"
GOOD = "2026-03-01,100.00,USD,Card,ch_1,INV-000001,,,"
WAITS = "2026-03-02,7.00,USD,Card,ch_2,,Nobody,,"
BAD = "2026-03-03,x,USD,Card,ch_3,,,,"
OUT = "2026-03-04,-5,USD,Card,ch_4,,,,"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


@pytest.fixture
def invoice():
    return make_invoice(make_client("Acme Ltd"), usd(100))


def upload(browser, *lines, header=HEADER, **more):
    file = SimpleUploadedFile("bank.csv", "\n".join([header, *lines]).encode())
    return browser.post(PAGE, {"file": file, "mapping": "", **more}, follow=True)


def outcomes(page):
    return [" ".join(row.texts("td")[:3]) for row in page.all("#rows tbody tr")]


def test_the_preview_says_what_becomes_of_each_row(billing, invoice):
    page = parse(upload(billing, GOOD, WAITS, BAD, OUT))
    assert page.one("h1").text == "Preview of bank.csv"
    assert page.texts("#counts tbody tr") == [
        "Pays 1 100.00 USD", "Unattached 1 7.00 USD", "Left out 1 –", "Bad 1 –",
    ]  # fmt: skip
    assert outcomes(page) == [
        "2 Pays INV-000001 of Acme Ltd",
        "3 Unattached No invoice number is in it, and no client is called Nobody.",
        "4 Bad Amount “x” is not an amount with a decimal point.",
        "5 Left out 5.00 USD went out; only money that came in is booked.",
    ]
    assert not Transaction.objects.exists()
    assert bytes(PaymentFile.objects.get().content).startswith(b"Date,")


def test_booking_needs_the_bad_rows_left_out_on_purpose(billing, invoice):
    page = parse(upload(billing, GOOD, WAITS, BAD))
    with nothing_changes():
        answer = fill(billing, page, "#book")
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == "1 of 3 rows is bad. Nothing was imported."
    answer = fill(billing, page, "#book", {"skip_bad": "on"}, follow=True)
    assert answer.redirect_chain == [("/transactions/", 302)]
    assert parse(answer).one("#toasts p").text == (
        "2 payments booked from bank.csv. They come to 107.00 USD. 1 payment could not be matched and waits "
        "unattached: 7.00 USD."
    )
    invoice.refresh_from_db()
    assert (invoice.status, Transaction.objects.get(reference="ch_1").created_by_name) == ("paid", "robin")
    assert not PaymentFile.objects.exists()
    assert_invariants()


def test_nothing_is_booked_without_the_digest_of_a_preview(billing, invoice):
    upload(billing, GOOD)
    with nothing_changes():
        answer = billing.post(reverse("transactions:preview", args=[PaymentFile.objects.get().pk]))
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text.startswith("What would be booked is not what the page showed")


def test_nothing_is_booked_by_a_format_that_was_edited_since(billing):
    """Outcome and reason of each row are as they were; what would be booked of it is not."""
    form = PaymentFileMapping.objects.create(
        name="Bank", date_column="Date", amount_column="Amount", currency="USD", payment_method=make_payment_method()
    )
    PaymentFile.objects.create(
        name="bank.csv", content=b"Date,Amount,Net\n2026-03-01,100.00,90.00\n", mapping=form, uploaded_by=make_staff()
    )
    page = get_page(billing, reverse("transactions:preview", args=[PaymentFile.objects.get().pk]))
    for edited in ({"amount_column": "Net"}, {"currency": "EUR"}, {"payment_method": make_payment_method()}):
        before = {name: getattr(form, name) for name in edited}
        PaymentFileMapping.objects.update(**edited)
        with nothing_changes():
            answer = fill(billing, page, "#book")
        assert parse(answer).one("[role=alert]").text.startswith("What would be booked is not what the page showed")
        PaymentFileMapping.objects.update(**before)
    fill(billing, page, "#book")
    assert Transaction.objects.get().amount_in == usd(100)


def test_a_second_click_finds_the_file_booked_already(billing, invoice):
    page = parse(upload(billing, GOOD))
    fill(billing, page, "#book", follow=True)
    with nothing_changes():
        again = fill(billing, page, "#book", follow=True)
    assert again.redirect_chain == [(PAGE, 302)]
    assert parse(again).one("#toasts p").text == ("This file was booked or discarded already; nothing was done.")
    assert parse(again).one("#toasts .toast")["data-toast"] == "attention"


def test_the_same_file_uploaded_again_has_nothing_to_book(billing, invoice):
    fill(billing, parse(upload(billing, GOOD)), "#book")
    page = parse(upload(billing, GOOD))
    assert outcomes(page) == ["2 Booked before This row was booked before."]
    assert page.texts("#book span") == ["There is nothing to book."]
    with nothing_changes():
        answer = fill(billing, page, "#book")
    assert parse(answer).one("[role=alert]").text == "Nothing in bank.csv is left to be booked. Discard it."


def test_a_file_is_discarded_and_waits_until_then(billing, invoice):
    upload(billing, GOOD)
    waiting = get_page(billing, PAGE)
    assert waiting.texts("#waiting tbody td")[:3] == ["bank.csv", "Billing Admin’s own", "robin"]
    pk = PaymentFile.objects.get().pk
    page = get_page(billing, reverse("transactions:preview", args=[pk]))
    answer = fill(billing, page, "#discard", follow=True)
    assert parse(answer).one("#toasts p").text == "bank.csv discarded; nothing of it was booked."
    assert not PaymentFile.objects.exists()
    assert not Transaction.objects.exists()
    assert billing.post(reverse("transactions:discard", args=[pk])).status_code == 302


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"file": ""}, "Choose a file."),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "The file is empty."),
        (
            {"file": SimpleUploadedFile("x.csv", b"Date,Amount,Method\n")},
            (
                "“Currency” is missing in the header of x.csv. Its columns are: Date, Amount, Method. The format "
                "“Billing Admin” does not fit it: choose another (on the page; --format NAME), or make one with "
                "Add File Format."
            ),
        ),
        (
            {"file": SimpleUploadedFile("x.xls", b"1")},
            "The file is a workbook: save the sheet as CSV (UTF-8) and choose that.",
        ),
        (
            {"file": SimpleUploadedFile("x.exe", b"1")},
            (
                "“x.exe” is not a file of those that are taken: csv, txt, tsv, xml, sta, 940, mt940, mta, swi, fin, "
                "asc, ofx, qfx, qbo."
            ),
        ),
        (
            {"file": SimpleUploadedFile("x.csv", b"PK\x03\x04\0\0")},
            "The file is a workbook or an archive: save the sheet as CSV (UTF-8) and import that.",
        ),
        (
            {"file": SimpleUploadedFile("x.csv", b" " * 2_500_001)},
            (
                "The file has 2,500,001 bytes; 2,500,000 are the most. Divide it, or have it brought in on the server, "
                "which takes more (import_payments)."
            ),
        ),
    ],
    ids=["nothing", "empty", "header", "workbook", "program", "binary", "large"],
)
def test_a_file_that_cannot_be_read_is_refused_beside_it(billing, sent, said):
    with nothing_changes():
        answer = billing.post(PAGE, {"mapping": "", **sent})
    assert answer.status_code == 422
    assert parse(answer).one("#id_file_error").text == said


def test_the_preview_costs_the_same_for_any_number_of_rows(billing):
    acme = make_client("Acme Ltd")
    for _ in range(30):
        make_invoice(acme, usd(40))

    def queries(count):
        upload(billing, *(f"2026-03-01,40.00,USD,Card,r{n},INV-{n},,," for n in range(1, count + 1)))
        return queries_of(billing, reverse("transactions:preview", args=[PaymentFile.objects.latest("pk").pk]))

    assert queries(1) == queries(30)


# ── What a file leaves open, what resembles, what moved ──


def test_the_page_asks_what_the_file_leaves_open_and_keeps_the_answer(billing):
    bank = PaymentMethod.objects.get(name="Bank transfer")
    mapping = PaymentFileMapping.objects.create(
        name="Bank", date_column="D", amount_column="A", currency="EUR", payment_method=bank
    )
    page = parse(upload(billing, "03/04/2026;1,234", header="D;A", mapping=str(mapping.pk)))
    assert page.one("#question p").text == "“03/04/2026” on line 2 of bank.csv is 3 Apr 2026 or 4 Mar 2026."
    page = parse(fill(billing, page, "#question", {"answer": "dmy"}, follow=True))
    assert page.one("#question p").text == "“1,234” on line 2 of bank.csv is 1234.0 or 1.234."
    answer = fill(billing, page, "#question")
    assert (answer.status_code, parse(answer).one("#id_answer_error").text) == (422, "Choose one.")
    page = parse(fill(billing, page, "#question", {"answer": "."}, follow=True))
    assert page.one("#counts tbody tr").text == "Unattached 1 1,234.00 EUR"
    upload_ = PaymentFile.objects.get()
    assert (upload_.date_order, upload_.decimal_sign) == ("dmy", ".")


def test_what_pays_and_was_not_shown_is_shown_before_it_is_booked(billing, invoice):
    page = parse(upload(billing, "2026-03-01,100.00,USD,Card,,INV-000001,,,"))
    receive_payment(invoices=[invoice], amount=usd(100), payment_method=PaymentMethod.objects.get(name="Cash"), by=None)
    with nothing_changes():
        answer = fill(billing, page, "#book")
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == (
        "What would be booked is not what the page showed; it shows it now. Nothing was booked yet."
    )
    assert fill(billing, parse(answer), "#book").status_code == 302


def test_rows_that_resemble_others_pay_after_they_were_shown(billing):
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(100))
    make_invoice(acme, usd(100))
    lines = [f"2026-03-01,100.00,USD,Card,,,Acme Ltd,{text}," for text in ("one", "two")]
    page = parse(upload(billing, *lines))
    assert [row.split()[0] for row in page.texts("#counts tbody tr")] == ["Pays", "Resembles"]
    with nothing_changes():
        answer = fill(billing, page, "#book", {"accept_similar": "on"})
    page = parse(answer)
    assert page.texts("#counts tbody tr") == ["Pays 2 200.00 USD"]
    assert fill(billing, page, "#book").status_code == 302
    assert set(Transaction.objects.values_list("client_name", flat=True)) == {"Acme Ltd"}


def test_the_rows_of_one_outcome_and_what_was_mended_are_shown(billing, invoice):
    page = parse(upload(billing, GOOD, BAD, "2026-03-02,7.00,USD,Card,ch_2,,MÃ¼ller,,"))
    assert page.texts("#mended tbody tr") == ["4 MÃ¼ller Müller"]
    only = get_page(billing, f"{reverse('transactions:preview', args=[PaymentFile.objects.get().pk])}?show=bad")
    assert outcomes(only) == ["3 Bad Amount “x” is not an amount with a decimal point."]


@pytest.mark.parametrize(("button", "column"), [("yes", "id_column"), ("no", "payer_reference_column")])
def test_it_is_asked_once_what_the_references_of_a_former_format_are(billing, button, column):
    mapping = PaymentFileMapping.objects.create(
        name="Bank", date_column="D", amount_column="A", currency="USD", id_column="Ref", id_confirmed=False,
        payment_method=PaymentMethod.objects.first(),
    )  # fmt: skip
    asked = get_page(billing, PAGE).one("form.alert")
    assert asked.text.startswith("What is “Ref” in the files of Bank?")
    url = reverse("transactions:confirm_format_ids", args=[mapping.pk])
    page = parse(billing.post(url, {"never_twice": button}, follow=True))
    assert not page.all("form.alert")
    mapping.refresh_from_db()
    assert (getattr(mapping, column), mapping.id_confirmed) == ("Ref", True)


# ── Formats ──

FORMAT = {
    "name": "House bank",
    "delimiter": ";",
    "date_order": "dmy",
    "decimal_sign": ",",
    "date_column": "Tag",
    "amount_column": "Betrag",
    "id_column": "Beleg",
    "currency": "USD",
}


def test_a_format_is_saved_and_read_by(billing, invoice):
    bank = PaymentMethod.objects.get(name="Bank transfer")
    page = get_page(billing, reverse("transactions:add_format"))
    answer = fill(billing, page, ".popup form", {**FORMAT, "payment_method": str(bank.pk)}, follow=True)
    assert parse(answer).one("#toasts p").text == "File format House bank added."
    mapping = PaymentFileMapping.objects.get()
    page = parse(upload(billing, "28.02.2026;1.234,50;B1", header="Tag;Betrag;Beleg", mapping=str(mapping.pk)))
    assert page.one("#counts tbody tr").text == "Unattached 1 1,234.50 USD"
    answer = billing.post(reverse("transactions:delete_format", args=[mapping.pk]), follow=True)
    assert parse(answer).one("#toasts p").text == "1 uploaded file waits to be read by House bank."


def test_a_format_is_changed_and_deleted_and_that_is_on_record(billing):
    mapping = PaymentFileMapping.objects.create(
        name="Bank", date_column="D", amount_column="A", currency="USD", payment_method=PaymentMethod.objects.first()
    )
    edit = reverse("transactions:edit_format", args=[mapping.pk])
    with nothing_changes():
        answer = fill(billing, get_page(billing, edit), ".popup form")
    assert parse(answer).one("[role=alert]").text == "Nothing was changed in the file format Bank."
    fill(billing, get_page(billing, edit), ".popup form", {"date_order": "dmy"}, follow=True)
    answer = billing.post(reverse("transactions:delete_format", args=[mapping.pk]), follow=True)
    assert parse(answer).one("#toasts p").text == "File format Bank deleted."
    said = Activity.objects.exclude(verb="sign_in.done").order_by("id").values_list("verb", "summary")
    assert list(said) == [
        ("payment_file_format.changed", "File format Bank changed"),
        ("payment_file_format.deleted", "File format Bank deleted"),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"amount_column": ""}, "amount_column", "Name the column of amounts, or the one of money in."),
        ({"credit_column": "In"}, "amount_column", "Name either one column of amounts or those of money in and out."),
        ({"status_column": "Status"}, "paid_statuses", "Say which values mean a payment."),
        ({"payment_types": "charge"}, "type_column", "Name the column that has these values."),
        ({"currency": ""}, "currency", "Choose the currency, or name the column that it is in."),
        ({"payment_method": ""}, "payment_method", "Choose the method, or name the column that it is in."),
    ],
)
def test_a_format_that_says_too_little_is_refused(billing, changes, field, said):
    page = get_page(billing, reverse("transactions:add_format"))
    bank = PaymentMethod.objects.get(name="Bank transfer")
    with nothing_changes():
        answer = fill(billing, page, ".popup form", {**FORMAT, "payment_method": str(bank.pk), **changes})
    assert answer.status_code == 422
    assert parse(answer).one(f"#id_{field}_error").text == said


@pytest.mark.parametrize("name", ["import", "add_format"])
def test_it_needs_the_right_to_record_payments(client, name):
    client.force_login(make_staff(VIEWER))
    get_page(client, reverse(f"transactions:{name}"), status=403)


def test_a_file_is_recognised_and_its_format_can_be_saved(billing):
    content = (FILES / "paypal_de.csv").read_bytes()
    page = parse(billing.post(PAGE, {"file": SimpleUploadedFile("x.csv", content), "mapping": ""}, follow=True))
    link = next(a for a in page.all("a") if a.text == "Save as a format of your own")
    form = parse(billing.get(link["href"]))
    assert form.one("[name=date_column]")["value"] == "Datum"
    assert PaymentFile.objects.get().ready_format == "paypal_de"
    assert "PayPal activity (German)" in parse(billing.get(PAGE)).one("#waiting").text


def test_a_statement_is_asked_for_its_method_and_a_file_for_its_currency(billing):
    PaymentMethod.objects.filter(name="Bank transfer").update(active=False)
    for name, answers in (("mt940_de.sta", ["Card"]), ("xero.csv", ["GBP", "Card"])):
        content = (FILES / name).read_bytes()
        response = billing.post(PAGE, {"file": SimpleUploadedFile(name, content), "mapping": ""}, follow=True)
        for answer in answers:
            assert parse(response).all("#question"), name
            method = PaymentMethod.objects.filter(name=answer).first()
            url = f"{PAGE}{PaymentFile.objects.latest('pk').pk}/answer/"
            response = billing.post(url, {"answer": method.pk if method else answer}, follow=True)
        assert not parse(response).all("#question")
        assert parse(response).one("#counts")


def test_a_client_is_forgotten_in_a_statement_that_waits():
    keep_upload(name="x.xml", content=(FILES / "camt_053_02.xml").read_bytes(), mapping=None, by=make_staff())
    assert forget_uploads_naming(Names([["nobody", "here"]])) == 0
    assert forget_uploads_naming(Names([["jörg", "bädeker", "söhne"]])) == 1
