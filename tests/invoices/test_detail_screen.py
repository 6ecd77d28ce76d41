"""The page of one invoice, and issuing a draft from it."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import CreditUse
from clients.services.profile import edit_client
from credits.models import CreditGrant, CreditSettings
from credits.services.adjust import adjust_balance
from credits.services.apply import apply_credit
from invoices.models import Invoice
from invoices.services.issue import PAYMENT_TERM, NewLine, bill_client, draft_invoice, issue_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import nothing_changes
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
AGAIN = {"HX-Request": "true", "HX-Target": "invoice"}
LATER = datetime.timedelta(days=400)


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(invoice):
    return reverse("invoices:detail", args=[invoice.pk])


def issue_url(invoice):
    return reverse("invoices:issue", args=[invoice.pk])


def figures(page):
    return dict(zip(page.texts(".balance dt"), page.texts(".balance dd"), strict=True))


def facts(page, panel):
    return dict(zip(page.texts(f"#{panel} .totals dt"), page.texts(f"#{panel} .totals dd"), strict=True))


def draft(acme, *amounts, **details):
    return draft_invoice(client=acme, lines=[NewLine("Hosting", amount) for amount in amounts], by=None, **details)


def test_the_heading_has_number_status_client_dates_and_large_figures(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd("30"))
    invoice = make_invoice(acme, usd(100), on=datetime.date(2026, 3, 1), due_on=datetime.date(2099, 3, 15))
    receive_payment(invoices=[invoice], amount=usd(45), payment_method=make_payment_method(), by=None)
    page = get_page(billing, url_of(invoice))
    assert page.one("h1").text == "Invoice INV-000001"
    assert page.one(".page-facts").text == "Unpaid Acme Ltd Issued 1 Mar 2026 Due 15 Mar 2099"
    assert page.links()["Acme Ltd"] == reverse("clients:summary", args=[acme.number])
    assert figures(page) == {
        "Total": "100.00 USD", "Credit applied": "30.00 USD", "Paid": "45.00 USD", "Due": "25.00 USD"
    }  # fmt: skip


def test_lines_stand_in_full_and_tax_is_summed_per_rate(billing):
    lines = [
        NewLine("Hosting", usd("10.00"), quantity=Decimal("2.5"), tax_rate=Decimal(20)),
        NewLine("Domain", usd("9.99"), tax_rate=Decimal("8.25")),
        NewLine("Support", usd(4), tax_rate=Decimal(20)),
        NewLine("Included", usd(0)),
    ]
    invoice = bill_client(client=make_client(), lines=lines, by=None)
    page = get_page(billing, url_of(invoice))
    assert [[cell.text for cell in row.all("td")] for row in page.all("#lines tbody tr")] == [
        ["Hosting", "2.5", "10.00", "25.00", "20%", "5.00"],
        ["Domain", "1", "9.99", "9.99", "8.25%", "0.82"],
        ["Support", "1", "4.00", "4.00", "20%", "0.80"],
        ["Included", "1", "0.00", "0.00", "0%", "0.00"],
    ]
    assert facts(page, "lines") == {
        "Subtotal": "38.99", "Tax at 8.25%": "0.82", "Tax at 20%": "5.80", "Total": "45.61 USD"
    }  # fmt: skip


def test_it_says_which_grants_and_payments_settled_it(billing):
    acme = make_client()
    give_credit(acme, usd(10), "Overpaid in May", category="paid")
    give_credit(acme, usd(20), "Downtime", expires_on=datetime.date(2099, 1, 1))
    invoice = make_invoice(acme, usd(100))
    method = make_payment_method("Stripe")
    receive_payment(
        invoices=[invoice], amount=usd(50), payment_method=method, by=None, reference="ch_1", fees=usd("1.75"),
        on=datetime.date(2026, 3, 1),
    )  # fmt: skip
    page = get_page(billing, url_of(invoice))
    rows = [[cell.text for cell in row.all("td")] for row in page.all("#settlement tbody tr")]
    assert [row[2:] for row in rows] == [["–", "20.00"], ["–", "10.00"], ["1.75", "50.00"]]
    assert rows[0][1].startswith("Downtime Credit, promotional, given ")
    assert rows[0][1].endswith("expires 1 Jan 2099 · Applied automatically")
    assert rows[1][1].startswith("Overpaid in May Credit, paid, given ")
    assert rows[2][:2] == ["1 Mar 2026", "Payment of INV-000001 Stripe · ch_1"]
    assert facts(page, "settlement") == {
        "Total": "100.00", "Credit applied": "30.00", "Paid": "50.00", "Balance due": "20.00 USD"
    }  # fmt: skip
    assert page.links()["Downtime"] == reverse(
        "credits:grant", args=[acme.number, CreditGrant.objects.get(description="Downtime").pk]
    )


@pytest.mark.parametrize(
    ("system", "client_use", "invoice_use", "said"),
    [
        ("always", "", "", "Always, set in the system settings."),
        ("always", "whole", "", "Only if it covers the whole invoice, set for this client."),
        ("never", "never", "always", "Always, set for this invoice."),
    ],
)
def test_it_says_which_rule_decided_and_at_which_level(billing, system, client_use, invoice_use, said):
    CreditSettings.objects.create(credit_use=system)
    invoice = make_invoice(make_client(credit_use=client_use), usd(10), credit_use=invoice_use)
    note = get_page(billing, url_of(invoice)).one("#settlement .panel-note").text
    assert note.startswith(f"Automatic use of credit: {said}")


def why(browser, invoice):
    return get_page(browser, url_of(invoice)).one("#settlement p.panel-body").text


def test_it_says_that_the_client_held_no_credit(billing):
    assert why(billing, make_invoice(make_client(), usd(10))) == (
        "No credit was applied: the client held no credit in USD."
    )


def test_it_says_that_the_credit_was_in_another_currency(billing):
    acme = make_client()
    give_credit(acme, Money(30, "EUR"))
    invoice = make_invoice(acme, usd(10))
    assert why(billing, invoice) == (
        "No credit was applied: the client held 30.00 EUR of credit, which pays only invoices in EUR."
    )
    give_credit(acme, Money(5, "KWD"))
    assert why(billing, make_invoice(acme, usd(10))) == (
        "No credit was applied: the client held 30.00 EUR, 5.000 KWD of credit, each of which pays only invoices in "
        "its own currency."
    )


@pytest.mark.parametrize(
    ("level", "said"),
    [("system", "in the system settings"), ("client", "for this client"), ("invoice", "for this invoice")],
)
def test_it_says_that_automatic_use_is_off_and_where(billing, level, said):
    CreditSettings.objects.create(credit_use="never" if level == "system" else "always")
    acme = make_client(credit_use="never" if level == "client" else "")
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(10), credit_use="never" if level == "invoice" else "")
    assert why(billing, invoice) == f"No credit was applied: automatic use of credit is off {said}."


def test_it_says_that_the_credit_would_not_have_covered_the_whole_invoice(billing):
    acme = make_client(credit_use=CreditUse.WHOLE)
    give_credit(acme, usd("12.50"))
    assert why(billing, make_invoice(acme, usd(20))) == (
        "No credit was applied: it is used only if it covers the whole invoice, as set for this client, and only "
        "12.50 USD of 20.00 USD was available."
    )


def test_it_says_that_the_credit_had_expired(billing):
    acme = make_client()
    today = timezone.localdate()
    give_credit(acme, usd("12.50"), expires_on=today)
    invoice = make_invoice(acme, usd(20), on=today + datetime.timedelta(1), due_on=today + LATER)
    assert why(billing, invoice) == "No credit was applied: the client’s 12.50 USD had expired."


def test_it_says_that_the_credit_came_later(billing):
    acme = make_client()
    invoice = make_invoice(acme, usd(20))
    give_credit(acme, usd("12.50"))
    assert why(billing, invoice) == (
        "No credit was applied: the client held no credit in USD. 12.50 USD came later and is available."
    )


def test_it_looks_at_the_moment_of_issue_not_at_that_of_the_draft(billing):
    acme = make_client(credit_use=CreditUse.WHOLE)
    made = draft(acme, usd(20))
    give_credit(acme, usd("12.50"))
    issued = issue_invoice(invoice=made, by=None)
    adjust_balance(client=acme, seen=usd("12.50"), balance=usd(0), by=None)
    assert "only 12.50 USD of 20.00 USD was available" in why(billing, issued)


def test_a_rule_changed_since_is_not_taken_for_that_of_the_day(billing):
    acme = make_client(credit_use=CreditUse.NEVER)
    give_credit(acme, usd("12.50"))
    invoice = make_invoice(acme, usd(20))
    edit_client(client=acme, by=None, credit_use=CreditUse.ALWAYS)
    assert why(billing, invoice) == (
        "12.50 USD of credit was there when it was issued; the rule of that day did not use it."
    )


def test_an_invoice_of_nothing_says_that_it_takes_no_credit(billing):
    acme = make_client()
    give_credit(acme, usd(5))
    invoice = make_invoice(acme, usd(0))
    assert why(billing, invoice) == "No credit was applied: the total is 0.00 USD."


def test_credit_applied_by_hand_stands_as_such_and_needs_no_excuse(billing):
    acme = make_client()
    invoice = make_invoice(acme, usd(20))
    give_credit(acme, usd(5))
    apply_credit(invoice=invoice, by=None)
    page = get_page(billing, url_of(invoice))
    assert page.all("#settlement p.panel-body") == []
    assert page.one("#settlement tbody td.fill").text.endswith("Applied by hand")


def test_billed_to_is_as_it_was_on_the_day_of_issue(billing):
    acme = make_client("Acme Ltd", first_name="Maria", last_name="Keller", city="Berlin", tax_id="DE1")
    invoice = make_invoice(acme, usd(20))
    edit_client(client=acme, by=None, company_name="Acme Holding", city="Bonn")
    text = get_page(billing, url_of(invoice)).one("#billed-to").text
    assert text.startswith("Billed to Acme Ltd Maria Keller Berlin")
    assert text.endswith("Tax ID DE1 The client is called Acme Holding today.")


@pytest.mark.parametrize(("due_in", "badge"), [(-1, "Overdue"), (0, "Unpaid")])
def test_overdue_begins_the_day_after_the_due_date(billing, due_in, badge):
    today = timezone.localdate()
    invoice = make_invoice(
        make_client(), usd(5), on=today - datetime.timedelta(20), due_on=today + datetime.timedelta(due_in)
    )
    assert get_page(billing, url_of(invoice)).one(".page-facts .badge").text == badge


def test_record_payment_is_offered_only_while_something_is_due(billing):
    acme = make_client()
    unpaid, nothing_due = make_invoice(acme, usd(5)), make_invoice(acme, usd(0))
    assert get_page(billing, url_of(unpaid)).links()["Record Payment"] == reverse(
        "transactions:record", args=[unpaid.pk]
    )
    assert "Record Payment" not in get_page(billing, url_of(nothing_due)).links()


def test_a_viewer_sees_everything_and_may_do_nothing(client):
    client.force_login(make_staff(VIEWER))
    acme = make_client()
    page = get_page(client, url_of(make_invoice(acme, usd(5))))
    assert (page.texts(".page-head .actions a"), figures(page)["Due"]) == (["Document", "Save PDF"], "5.00 USD")
    made = draft(acme, usd(5))
    assert get_page(client, url_of(made)).texts(".page-head .actions a") == ["Preview"]
    get_page(client, issue_url(made), status=403)


def test_who_may_not_see_invoices_sees_none(client):
    client.force_login(make_staff("Nobody"))
    get_page(client, url_of(make_invoice(make_client(), usd(5))), status=403)


def test_an_unknown_invoice_is_not_found(billing):
    get_page(billing, "/invoices/999999/", status=404)
    get_page(billing, "/invoices/999999/issue/", status=404)


def test_after_a_popup_the_whole_invoice_is_drawn_anew_and_nothing_else(billing):
    invoice = make_invoice(make_client(), usd(5))
    page = get_page(billing, url_of(invoice), headers=AGAIN)
    assert page.all("html") == page.all(".bar") == []
    root = page.one("#invoice")
    assert root["hx-get"] == url_of(invoice)
    for event in ("paymentsChanged", "invoicesChanged", "creditsChanged"):
        assert f"{event} from:body" in root["hx-trigger"]
    assert page.one("h1").text == "Invoice INV-000001"
    assert {"HX-Request", "HX-Target"} <= set(page.response.headers["Vary"].split(", "))


def test_a_draft_says_what_issuing_it_would_do(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    page = get_page(billing, url_of(draft(acme, usd(100))))
    assert (page.one("h1").text, figures(page)) == ("Draft invoice", {"Total": "100.00 USD"})
    assert page.texts("#settlement p")[0] == (
        "If it is issued today: Credit of 30.00 USD is applied; 70.00 USD is due."
    )
    assert page.links()["Issue"].endswith("/issue/")


def test_the_popup_says_first_what_issuing_does(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(100))
    made = draft(acme, usd(100), due_on=datetime.date(2099, 1, 2))
    with nothing_changes():
        page = get_page(billing, issue_url(made), headers=IN_DIALOG)
    assert page.one("#dialog-title").text == "Issue this invoice?"
    assert page.texts(".popup-body p") == [
        "The draft of 100.00 USD for Acme Ltd gets the next invoice number and today’s date.",
        "Credit of 100.00 USD is applied; nothing is due: it is Paid.",
        "It is to be paid by 2 Jan 2099. Lines, totals and the client’s name and address never change after that.",
    ]


def test_a_draft_whose_due_date_is_past_gets_a_new_one(billing):
    made = draft(make_client(), usd(100), due_on=datetime.date(2026, 1, 2))
    page = get_page(billing, issue_url(made))
    assert "It was to be paid by 2 Jan 2026, which is past. It gets a new due date:" in page.texts(".popup-body p")
    with nothing_changes():
        answer = fill(billing, page, ".popup form", {"due_on": ""})
        assert answer.status_code == 422
        assert parse(answer).one("#id_due_on_error").text == "Give the day by which it is to be paid."
    assert fill(billing, page, ".popup form").status_code == 302
    made.refresh_from_db()
    assert made.due_on == timezone.localdate() + PAYMENT_TERM


def test_a_draft_that_credit_pays_is_issued_with_its_past_due_date(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(100))
    made = draft(acme, usd(100), due_on=datetime.date(2026, 1, 2))
    page = get_page(billing, issue_url(made))
    assert "past" not in page.one(".popup-body").text
    assert fill(billing, page, ".popup form").status_code == 302
    made.refresh_from_db()
    assert (made.status, made.due_on) == ("paid", datetime.date(2026, 1, 2))


def test_a_form_that_did_not_ask_issues_nothing_overdue(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(100))
    made = draft(acme, usd(100), due_on=datetime.date(2026, 1, 2))
    page = get_page(billing, issue_url(made))
    issue_invoice(invoice=draft(acme, usd(60)), by=None)
    answer = fill(billing, page, ".popup form")
    assert answer.status_code == 422
    assert "which is past" in parse(answer).one(".popup-body").text
    with pytest.raises(BusinessError, match=r"It was to be paid by 2 Jan 2026, which is past\. Give a new due date\."):
        issue_invoice(invoice=made, by=None)
    made.refresh_from_db()
    assert made.status == "draft"


def test_issuing_tells_number_total_credit_and_due(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    made = draft(acme, usd(100), due_on=datetime.date(2099, 1, 2))
    page = parse(fill(billing, get_page(billing, issue_url(made)), ".popup form", follow=True))
    assert page.one("#toasts p").text == (
        "INV-000001 of 100.00 USD issued to Acme Ltd. Credit of 30.00 USD was applied; 70.00 USD is due on 2 Jan 2099."
    )
    assert page.one("h1").text == "Invoice INV-000001"
    assert_invariants()


def test_issuing_from_the_dialog_loads_the_page_anew(billing):
    made = draft(make_client(), usd(100))
    answer = billing.post(issue_url(made), headers=IN_DIALOG)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, url_of(made))
    assert Invoice.objects.get().status == Invoice.Status.UNPAID


def test_issuing_twice_is_refused_in_words(billing):
    made = draft(make_client(), usd(100))
    popup = get_page(billing, issue_url(made))
    issue_invoice(invoice=made, by=None)
    with nothing_changes():
        answer = fill(billing, popup, ".popup form")
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == "INV-000001 is Unpaid already; only a draft can be issued."
    page = get_page(billing, issue_url(made))
    assert "only a draft can be issued" in page.one(".popup-body").text
    assert page.all(".popup button[type=submit]") == []


def test_it_costs_as_many_queries_with_50_of_everything_as_with_1(billing):
    def settled(count):
        acme = make_client()
        for _ in range(count):
            give_credit(acme, usd(1))
        invoice = make_invoice(acme, *[usd(3)] * count)
        for _ in range(count):
            receive_payment(invoices=[invoice], amount=usd(1), payment_method=make_payment_method(), by=None)
        return queries_of(billing, url_of(invoice))

    few, many = settled(1), settled(50)
    assert few == many <= 17
