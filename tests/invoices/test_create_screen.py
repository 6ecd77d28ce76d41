"""Create Invoice: the line editor, drafts and issuing, with and without htmx."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import CreditUse
from credits.models import CreditAccount
from invoices.models import Invoice, InvoiceLine
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, reused, sent_before

pytestmark = pytest.mark.django_db

FORM = "#create-invoice"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(acme):
    return reverse("invoices:create", args=[acme.number])


def line(number, description="Hosting", price="100.00", **more):
    typed = {"description": description, "unit_price": price, **more}
    return {f"line-{number}-{name}": value for name, value in typed.items()}


def send(browser, acme, typed, button="issue", **more):
    """Fill in a fresh form and press a button; the answer."""
    return fill(browser, get_page(browser, url_of(acme)), FORM, {**typed, button: "1"}, **more)


def problems(answer):
    return parse(answer).texts("[data-error-summary] li")


def toast(answer):
    return parse(answer).one("#toasts p").text


def test_it_begins_with_three_empty_lines_in_the_clients_currency(billing):
    acme = make_client("Acme Ltd", currency="EUR")
    give_credit(acme, usd(5))
    page = get_page(billing, url_of(acme))
    values = values_of(page.one(FORM))
    assert len(page.all(".line-row")) == 3
    assert (values["line-2-quantity"], values["line-2-unit_price"], values["line-2-tax_rate"]) == ("1", "", "0")
    assert [option["value"] for option in page.all("[name=currency] option")][:2] == ["EUR", "USD"]
    assert values["currency"] == "EUR"
    assert page.one("h1").text == "Acme Ltd"


def test_the_rule_in_force_is_the_first_choice_for_credit(billing):
    acme = make_client(credit_use=CreditUse.WHOLE)
    assert get_page(billing, url_of(acme)).texts("[name=credit_use] option") == [
        "Only if it covers the whole invoice, set for this client",
        "Always",
        "Only if it covers the whole invoice",
        "Never",
    ]


def test_issuing_bills_the_typed_lines_and_leaves_out_empty_ones(billing):
    acme = make_client("Acme Ltd")
    typed = {
        **line(0, "Hosting", "10.00", quantity="2.5", tax_rate="20"),
        **line(2, "دعم", "9.99", tax_rate="8.25"),
        "due_on": "2099-01-02",
        "notes": "Ask for Ms Keller.",
        "credit_use": "never",
    }
    answer = send(billing, acme, typed, follow=True)
    invoice = Invoice.objects.get()
    assert answer.redirect_chain == [(reverse("invoices:detail", args=[invoice.pk]), 302)]
    assert toast(answer) == (
        "INV-000001 of 40.81 USD issued to Acme Ltd. No credit was applied; 40.81 USD is due on 2 Jan 2099."
    )
    written = InvoiceLine.objects.order_by("position").values_list(
        "position", "description", "quantity", "amount", "tax_rate", "tax"
    )
    assert list(written) == [
        (1, "Hosting", Decimal("2.5"), Decimal("25"), Decimal(20), Decimal("5")),
        (2, "دعم", Decimal(1), Decimal("9.99"), Decimal("8.25"), Decimal("0.82")),
    ]
    assert (invoice.notes, invoice.credit_use, invoice.created_by.username) == ("Ask for Ms Keller.", "never", "robin")
    assert_invariants()


def test_credit_is_applied_at_once_and_the_message_has_every_figure(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    due = timezone.localdate() + datetime.timedelta(14)
    assert toast(send(billing, acme, line(0), follow=True)) == (
        "INV-000001 of 100.00 USD issued to Acme Ltd. Credit of 30.00 USD was applied; "
        f"70.00 USD is due on {due:%-d %b %Y}."
    )
    give_credit(acme, usd(500))
    assert toast(send(billing, acme, line(0), follow=True)) == (
        "INV-000002 of 100.00 USD issued to Acme Ltd. Credit of 100.00 USD was applied; nothing is due, it is Paid."
    )
    assert_invariants()


def test_a_draft_is_saved_without_a_number_and_without_using_credit(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    answer = send(billing, acme, line(0), "draft", follow=True)
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.number, invoice.credit_applied) == (Invoice.Status.DRAFT, None, usd(0))
    assert toast(answer) == "Draft of 100.00 USD for Acme Ltd saved; it is not issued yet."
    assert_invariants()


def test_another_currency_can_be_chosen_and_its_places_count(billing):
    acme = make_client()
    typed = {**line(0, "Hosting", "1980"), "currency": "JPY"}
    send(billing, acme, typed)
    assert Invoice.objects.get().total == Money(1980, "JPY")
    with nothing_changes():
        answer = send(billing, acme, typed | line(0, "Hosting", "0.5"))
    assert problems(answer) == ["Line 1, unit price: JPY has no decimal places; 0.5 has more."]


def test_an_exempt_client_pays_no_tax(billing):
    acme = make_client(tax_exempt=True)
    assert "tax exempt: no tax is charged" in get_page(billing, url_of(acme)).one("#lines").text
    send(billing, acme, line(0, tax_rate="20"))
    assert Invoice.objects.get().total == usd(100)


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused_beside_the_unit_price(billing, typed, currency, said):
    acme = make_client()
    with nothing_changes():
        answer = send(billing, acme, {**line(1, price=typed), "currency": currency})
    page = parse(answer)
    assert answer.status_code == 422
    assert said in page.one("#id_line-1-unit_price_error").text
    assert page.links()["Line 2, unit price"] == "#id_line-1-unit_price"
    assert values_of(page.one(FORM))["line-1-unit_price"] == typed


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("unit_price", "-1", "The amount must not be negative."),
        ("quantity", "0", "Give a quantity above zero."),
        ("quantity", "", "Enter a quantity."),
        ("quantity", "-1", "“-1” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "NaN", "“NaN” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "Infinity", "“Infinity” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "1e400", "“1e400” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "1,5", "“1,5” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "+ 5", "“+ 5” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "0.00001", "Up to 4 decimal places are kept; 0.00001 has more."),
        ("quantity", "9" * 20, "“99999999999999999999” is not a number. Use digits and a decimal point, as in 1.5."),
        ("quantity", "100000000", "The largest is 99,999,999.9999; 100000000 was given."),
        ("tax_rate", "100.001", "The largest is 100; 100.001 was given."),
        ("tax_rate", "0.0001", "Up to 3 decimal places are kept; 0.0001 has more."),
        ("tax_rate", "-5", "“-5” is not a number. Use digits and a decimal point, as in 1.5."),
        ("tax_rate", "1,5", "“1,5” is not a number. Use digits and a decimal point, as in 1.5."),
        ("tax_rate", "nan", "“nan” is not a number. Use digits and a decimal point, as in 1.5."),
        ("description", "", "Say what is billed."),
        ("description", "x" * 501, "Ensure this value has at most 500 characters (it has 501)."),
    ],
)
def test_each_field_of_a_line_is_held_to_its_range(billing, name, typed, said):
    acme = make_client()
    with nothing_changes():
        answer = send(billing, acme, line(0) | {f"line-0-{name}": typed})
    assert (answer.status_code, parse(answer).texts(f"#id_line-0-{name}_error")) == (422, [said])


def test_a_line_that_comes_to_more_than_a_column_holds_is_refused(billing):
    acme = make_client()
    with nothing_changes():
        answer = send(billing, acme, line(0, price="9" * 15, quantity="2"))
    assert problems(answer) == ["Line 1, unit price: Quantity times price is more than an invoice holds."]
    with nothing_changes():
        answer = send(billing, acme, line(0, price="9" * 15) | line(1, price="9" * 15))
    assert problems(answer) == ["The amount has more than 15 digits before the decimal point."]


def test_errors_are_summed_up_on_top_with_links_to_their_fields(billing):
    acme = make_client()
    typed = {**line(0, price="1,5"), **line(1, "", "5"), "due_on": "2020-01-01"}
    with nothing_changes():
        answer = send(billing, acme, typed)
    page = parse(answer)
    assert problems(answer) == [
        "Line 1, unit price: “1,5” is not an amount: is 15.00 or 1.50 meant? Type that.",
        "Line 2, description: Say what is billed.",
        "Due on: 1 Jan 2020 is past; give today or a later day.",
    ]
    for link in page.all("[data-error-summary] a"):
        assert page.one(link["href"])["aria-invalid"] == "true"


@pytest.mark.parametrize("typed", [{}, {"line-0-quantity": "", "line-1-tax_rate": ""}])
def test_an_invoice_without_lines_is_refused(billing, typed):
    acme = make_client()
    with nothing_changes():
        answer = send(billing, acme, typed)
    assert problems(answer) == ["An invoice needs at least one line; this one has none."]


def test_a_currency_that_is_none_is_refused(billing):
    acme = make_client()
    with nothing_changes():
        answer = send(billing, acme, {**line(0), "currency": "XXX"})
    assert answer.status_code == 422
    assert len(problems(answer)) == 1


def test_add_line_draws_the_page_anew_with_one_more_and_judges_nothing(billing):
    acme = make_client()
    typed = {**line(0, "", "1,5", quantity="x"), "due_on": "2020-01-01", "notes": "Half a thought"}
    with nothing_changes():
        page = parse(send(billing, acme, typed, "add_line"))
    values = values_of(page.one(FORM))
    assert len(page.all(".line-row")) == 4
    assert page.one("[autofocus]")["name"] == "line-3-description"
    assert (values["line-0-unit_price"], values["line-0-quantity"]) == ("1,5", "x")
    assert (values["notes"], values["line-3-quantity"], values["line-3-tax_rate"]) == ("Half a thought", "1", "0")
    assert page.all(".field-error, [data-error-summary], [aria-invalid]") == []


def test_a_line_added_without_javascript_is_billed_too(billing):
    acme = make_client()
    page = parse(send(billing, acme, line(0), "add_line"))
    page.response.request = {"PATH_INFO": url_of(acme)}
    fill(billing, page, FORM, {**line(3, "The fourth", "1.00"), "issue": "1"})
    assert Invoice.objects.get().total == usd(101)


def test_with_htmx_only_the_lines_come_back(billing):
    acme = make_client()
    answer = send(billing, acme, line(0), "add_line", headers={"HX-Request": "true", "HX-Target": "lines"})
    page = parse(answer)
    assert page.all("html, [name=key], [name=currency]") == []
    assert page.one("#lines [name=line-TOTAL_FORMS]")["value"] == "4"
    assert "HX-Target" in answer.headers["Vary"]


@pytest.mark.parametrize("sent", ["-5", "x", "9" * 400, "99999", ""])
def test_a_count_of_lines_that_makes_no_sense_breaks_nothing(billing, sent):
    acme = make_client()
    assert send(billing, acme, {"line-TOTAL_FORMS": sent}, "add_line").status_code == 200
    with nothing_changes():
        assert send(billing, acme, {"line-TOTAL_FORMS": sent, **line(0)}).status_code == 422


@pytest.mark.parametrize("button", ["remove_line", "move_up", "move_down"])
@pytest.mark.parametrize(("lines", "place"), [("0", "0"), ("x", "0"), ("1", "1"), ("1", "²"), ("1", ""), ("1", "-1")])
def test_a_button_of_a_line_that_is_not_there_is_a_bad_request(billing, button, lines, place):
    acme = make_client()
    with nothing_changes():
        answer = billing.post(url_of(acme), {"line-TOTAL_FORMS": lines, **line(0), button: place})
    assert answer.status_code == 400


def test_no_more_lines_than_200_are_taken(billing):
    acme = make_client()
    page = parse(send(billing, acme, {"line-TOTAL_FORMS": "199"}, "add_line"))
    assert len(page.all(".line-row")) == 200
    assert "More lines than these are not taken by hand." in page.one("#lines").text
    assert page.all("[name=add_line]") == []


def test_while_typing_the_totals_come_back_with_what_credit_would_do(billing):
    acme = make_client()
    give_credit(acme, usd(30))
    typed = {**line(0, "", "10.00", quantity="2.5", tax_rate="20"), **line(1, "Domain", "1,5")}
    with nothing_changes():
        answer = send(billing, acme, typed, "preview", headers={"HX-Request": "true", "HX-Target": "totals"})
    page = parse(answer)
    assert page.all("html, .line-row") == []
    assert dict(zip(page.texts("dt"), page.texts("dd"), strict=True)) == {
        "Subtotal": "25.00", "Tax": "5.00", "Total": "30.00 USD"
    }  # fmt: skip
    assert page.one(".panel-note").text == (
        "If it is issued today: Credit of 30.00 USD is applied; nothing is due: it is Paid."
    )


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "currency", "exempt"),
    [
        ("3", "0.335", "19", "KWD", False),
        ("0.3333", "9.99", "8.25", "USD", False),
        ("2.5", "33", "10", "JPY", False),
        ("1", "0.05", "50", "USD", True),
    ],
)
def test_the_totals_shown_are_those_of_the_invoice(billing, quantity, price, rate, currency, exempt):
    acme = make_client(currency=currency, tax_exempt=exempt)
    typed = {**line(0, price=price, quantity=quantity, tax_rate=rate), **line(1, price=price, tax_rate=rate)}
    shown = parse(send(billing, acme, typed, "preview")).texts("#totals dd")
    send(billing, acme, typed)
    invoice = Invoice.objects.get()
    page = get_page(billing, reverse("invoices:detail", args=[invoice.pk]))
    assert shown[2] == page.texts("#lines .totals dd")[-1]
    assert invoice.tax.amount == sum(each.tax.amount for each in invoice.lines.all())


def test_the_same_form_sent_twice_makes_one_invoice_and_says_so(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    page = get_page(billing, url_of(acme))
    typed = {**line(0), "issue": "1"}
    fill(billing, page, FORM, typed)
    get_page(billing, reverse("invoices:list"))  # shows the first message
    with nothing_changes():
        again = fill(billing, page, FORM, typed, follow=True)
    assert toast(again) == sent_before("Invoice of 100.00 USD made for Acme Ltd")
    assert parse(again).one("#toasts .toast")["data-toast"] == "attention"
    assert CreditAccount.objects.get().balance == usd(0)
    assert_invariants()


def test_the_same_form_with_other_figures_is_refused(billing):
    acme = make_client("Acme Ltd")
    page = get_page(billing, url_of(acme))
    fill(billing, page, FORM, {**line(0), "issue": "1"})
    with nothing_changes():
        again = fill(billing, page, FORM, {**line(0, price="200"), "issue": "1"})
    assert again.status_code == 422
    (said,) = problems(again)
    assert said == reused("Invoice of 100.00 USD made for Acme Ltd")


def test_a_draft_whose_form_is_sent_again_to_issue_it_is_issued(billing):
    acme = make_client("Acme Ltd")
    page = get_page(billing, url_of(acme))
    fill(billing, page, FORM, {**line(0), "draft": "1"}, follow=True)
    again = fill(billing, page, FORM, {**line(0), "issue": "1"}, follow=True)
    assert toast(again).startswith("INV-000001 of 100.00 USD issued to Acme Ltd.")
    assert Invoice.objects.get().status == Invoice.Status.UNPAID


def test_a_form_without_its_key_is_refused_in_words(billing):
    acme = make_client()
    with nothing_changes():
        answer = send(billing, acme, {**line(0), "key": ""})
    assert len(problems(answer)) == 1


def test_it_needs_the_right_to_issue_invoices(client):
    acme = make_client()
    client.force_login(make_staff(VIEWER))
    get_page(client, url_of(acme), status=403)
    with nothing_changes():
        assert client.post(url_of(acme), line(0)).status_code == 403


def test_an_unknown_client_is_not_found(billing):
    get_page(billing, "/clients/999999/invoices/create/", status=404)
