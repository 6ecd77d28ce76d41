"""Credit notes: issuing one, its pages, and where it stands beside its invoice."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from credits.models import CreditAccount
from invoices.models import CreditNote
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, bill_client
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import nothing_changes, sent_before
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
LIST = "/invoices/"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING))
    return client


@pytest.fixture
def invoice():
    """119.00 for a server with 19 percent, and 3 domains of 5.00."""
    acme = make_client("Acme Ltd")
    lines = [NewLine("Server", usd(100), tax_rate=Decimal(19)), NewLine("Domain", usd(5), Decimal(3))]
    return bill_client(client=acme, lines=lines, by=None)


def at(name, row):
    return reverse(f"invoices:{name}", args=[row.pk])


def send(browser, invoice, typed, **more):
    url = at("issue_credit_note", invoice)
    return fill(browser, get_page(browser, url), f'form[action="{url}"]', {"reason": "Downtime", **typed}, **more)


def pks(invoice):
    return list(invoice.lines.order_by("position").values_list("pk", flat=True))


def credit(invoice, *lines):
    return issue_credit_note(invoice=invoice, reason="Downtime", by=None, lines=lines or None).note


def test_it_says_what_is_left_and_what_happens_to_what_was_settled(billing):
    acme = make_client()
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    receive_payment(invoices=[invoice], amount=usd(20), payment_method=make_payment_method(), by=None)
    page = get_page(billing, at("issue_credit_note", invoice))
    assert page.one("h1").text == "Credit Note for INV-000001"
    assert page.texts(".prose p") == [
        "INV-000001 of 100.00 USD stays as it is; a credit note of up to 100.00 USD stands beside it.",
        (
            "What is credited first lowers the 50.00 USD that is due. Beyond that, applied credit (30.00 USD) goes "
            "back to the credits that it came from. Of the 20.00 USD that was paid, what is credited is refunded, the "
            "last payment first."
        ),
    ]
    assert page.texts("[name=order] option") == [
        "Applied credit first, then payments",
        "Payments first, then applied credit",
    ]


@pytest.mark.parametrize("headers", [{}, DIALOG])
def test_everything_is_credited_and_the_credit_goes_back(billing, headers):
    acme = make_client()
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    answer = send(billing, invoice, {}, headers=headers)
    assert answer.headers.get("HX-Redirect", answer.headers.get("Location")) == at("detail", invoice)
    page = get_page(billing, at("detail", invoice))
    assert page.one("#toasts p").text == (
        "CN-000001 of 100.00 USD issued for INV-000001. Credit of 30.00 USD went back to where it came from. Nothing "
        "is due, it is Paid."
    )
    assert page.texts(".page-facts .badge") == ["Paid", "Credited"]
    note = CreditNote.objects.get()
    assert page.links()["Credit note CN-000001"] == at("credit_note", note)
    assert dict(zip(page.texts("#settlement dt"), page.texts("#settlement dd"), strict=True)) == {
        "Total": "100.00", "Credit applied": "0.00", "Paid": "0.00", "Credited": "100.00", "Balance due": "0.00 USD",
    }  # fmt: skip
    assert "Credit Note" not in page.links()
    assert CreditAccount.objects.get().balance == usd(30)
    assert_invariants()


def test_some_lines_by_quantity_and_amount(billing, invoice):
    server, domain = pks(invoice)
    send(billing, invoice, {"scope": "lines", f"amount_{server}": "11.90", f"quantity_{domain}": "2"})
    note = CreditNote.objects.get()
    assert (note.subtotal, note.tax, note.total) == (usd(20), usd("1.90"), usd("21.90"))
    page = get_page(billing, at("credit_note", note))
    assert page.one("h1").text == "Credit note CN-000001"
    assert page.texts("tbody td") == ["Server", "–", "19%", "1.90", "10.00", "Domain", "2", "0%", "0.00", "10.00"]
    assert page.texts(".totals dd") == ["20.00", "1.90", "21.90 USD"]
    assert page.links()["INV-000001"] == at("detail", invoice)
    left = get_page(billing, at("issue_credit_note", invoice))
    assert left.texts("tbody td.num") == ["107.10", "1", "5.00", "1"]
    assert_invariants()


@pytest.mark.parametrize(("typed", "currency", "said"), [each for each in REFUSED if each.values[0].strip()])
def test_what_is_no_amount_is_refused_beside_the_field(billing, typed, currency, said):
    invoice = make_invoice(make_client(), Money(100, currency))
    (line,) = pks(invoice)
    with nothing_changes():
        answer = send(billing, invoice, {"scope": "lines", f"amount_{line}": typed})
    assert answer.status_code == 422
    assert said in parse(answer).one(f"#id_amount_{line}_error").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"scope": "lines", "amount": "0"}, "The amount must be at least 0.01."),
        ({"scope": "lines", "amount": "-1"}, "The amount must be at least 0.01."),
        ({"scope": "lines", "amount": "119.01"}, "Only 119.00 USD of line 1 is left; 119.01 USD was to be credited."),
        ({"scope": "lines", "quantity": "2"}, "Line 1: only 1 of 1 are left; 2 were to be credited."),
        ({"scope": "lines", "quantity": "0"}, "Give a quantity above zero, or nothing."),
        ({"scope": "lines", "quantity": "1", "amount": "1"}, "Give a quantity or an amount, not both."),
        ({"scope": "lines"}, "No line was filled in; give a quantity or an amount for one."),
        ({"scope": "whole", "amount": "1"}, "Lines were filled in; choose them, or empty their fields to credit"),
        ({"reason": ""}, "Say why it is credited."),
    ],
)
def test_other_faults_are_said_and_nothing_is_credited(billing, invoice, typed, said):
    server, _ = pks(invoice)
    typed = {f"{name}_{server}" if name in ("quantity", "amount") else name: value for name, value in typed.items()}
    with nothing_changes():
        answer = send(billing, invoice, typed)
    assert answer.status_code == 422
    assert said in parse(answer).one("main").text


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("method", ("CN-000001 of 134.00 USD issued for INV-000001. 134.00 USD was refunded to the payment method. "
         "Nothing is due, it is Paid.")),
        ("credit", ("CN-000001 of 134.00 USD issued for INV-000001. 134.00 USD became credit of the client. "
         "Nothing is due, it is Paid.")),
    ],
)  # fmt: skip
def test_what_was_paid_goes_back_to_where_staff_say(billing, invoice, to, said):
    receive_payment(invoices=[invoice], amount=usd(134), payment_method=make_payment_method(), by=None)
    url = at("issue_credit_note", invoice)
    answer = fill(
        billing, get_page(billing, url), f'form[action="{url}"]', {"reason": "Downtime", "refund_to": to}, follow=True
    )
    assert parse(answer).one("#toasts p").text == said
    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_credited, invoice.due) == (usd(0), usd(134), usd(0))
    assert_invariants()


def test_the_same_form_twice_issues_one_and_says_so(billing, invoice):
    url = at("issue_credit_note", invoice)
    page = get_page(billing, url)
    for _ in range(2):
        answer = fill(billing, page, f'form[action="{url}"]', {"reason": "Downtime"}, follow=True)
    assert parse(answer).one("#toasts .toast")["data-toast"] == "attention"
    said = sent_before("CN-000001 of 134.00 USD issued for INV-000001")
    assert parse(answer).one("#toasts p").text.endswith(said)
    assert CreditNote.objects.count() == 1


def test_where_nothing_is_left_it_says_so(billing, invoice):
    credit(invoice)
    page = get_page(billing, at("issue_credit_note", invoice))
    assert page.one(".alert").text == "Nothing is left to credit on INV-000001: its total is all taken back."
    with nothing_changes():
        assert (
            billing.post(at("issue_credit_note", invoice), {"scope": "whole", "reason": "x", "key": "k"}).status_code
            == 422
        )


# ── Beside the invoice in the lists ──


def test_it_stands_beside_its_invoice_in_both_lists(billing, invoice):
    server, _ = pks(invoice)
    part = credit(invoice, CreditLine(server, gross=usd(19)))
    make_invoice(invoice.client, usd(1))
    for url in (LIST, reverse("invoices:of_client", args=[invoice.client.number])):
        page = get_page(billing, url)
        assert page.texts("tbody .row-link") == ["INV-000002", "INV-000001", "CN-000001"]
        assert page.links()["CN-000001"] == at("credit_note", part)
        assert "−19.00 USD" in page.one("tr.sub-row").text
    credit(invoice)
    page = get_page(billing, LIST)
    assert page.texts("tbody .badge") == ["Unpaid", "Paid", "Credited", "Credit note", "Credit note"]


@pytest.mark.parametrize(("typed", "shown"), [("CN-000001", True), ("cn 1", True), ("XX-1", False)])
def test_its_number_finds_the_invoice(billing, invoice, typed, shown):
    make_invoice(invoice.client, usd(1))
    credit(invoice)
    page = get_page(billing, LIST, data={"q": typed})
    assert page.texts("tbody .row-link") == (["INV-000001", "CN-000001"] if shown else [])


def test_it_costs_as_many_queries_for_50_rows_as_for_1(billing, invoice):
    credit(invoice)
    addresses = (LIST, reverse("invoices:of_client", args=[invoice.client.number]))
    for_one = [queries_of(billing, address) for address in addresses]
    for _ in range(49):
        credit(make_invoice(invoice.client, usd(10)))
    assert [queries_of(billing, address) for address in addresses] == for_one


def test_who_may_only_look_issues_none(client, invoice):
    client.force_login(make_staff(VIEWER))
    assert "Credit Note" not in get_page(client, at("detail", invoice)).links()
    get_page(client, at("issue_credit_note", invoice), status=403)
    with nothing_changes():
        assert client.post(at("issue_credit_note", invoice)).status_code == 403
    note = credit(invoice)
    get_page(client, at("credit_note", note))


def test_an_unknown_one_is_not_found(billing):
    get_page(billing, reverse("invoices:credit_note", args=[999999]), status=404)
    get_page(billing, reverse("invoices:issue_credit_note", args=[999999]), status=404)


def test_what_was_paid_while_the_form_was_open_is_not_refunded_unasked(billing, invoice):
    url = at("issue_credit_note", invoice)
    page = get_page(billing, url, headers=DIALOG)
    receive_payment(invoices=[invoice], amount=usd(134), payment_method=make_payment_method(), by=None)
    with nothing_changes():
        answer = fill(billing, page, f'form[action="{url}"]', {"reason": "Downtime"}, headers=DIALOG)
    assert answer.status_code == 422
    shown = parse(answer)
    assert shown.one("#id_refund_to_error").text == "The invoice was paid meanwhile. Say where payments go back to."
    assert fill(billing, shown, f'form[action="{url}"]', {"refund_to": "credit"}, headers=DIALOG).status_code == 200
    assert CreditAccount.objects.get().balance == usd(134)
    assert_invariants()


def test_who_may_not_refund_credits_only_what_is_not_paid(client, invoice):
    ann = make_staff(VIEWER)
    ann.user_permissions.add(Permission.objects.get(codename="issue_creditnote"))
    client.force_login(ann)
    receive_payment(invoices=[invoice], amount=usd(119), payment_method=make_payment_method(), by=None)
    with nothing_changes():
        answer = send(client, invoice, {}, headers=DIALOG)
    assert answer.status_code == 422
    assert (
        parse(answer)
        .one("[role=alert]")
        .text.endswith(
            "119.00 USD of what would be credited was paid, and refunding it needs the right “Refund and reverse "
            "payments”. Nothing was credited."
        )
    )
    domain = pks(invoice)[1]
    assert send(client, invoice, {"scope": "lines", f"amount_{domain}": "15"}, headers=DIALOG).status_code == 200
    assert CreditNote.objects.get().total == usd(15)
    assert_invariants()


def test_of_a_refunded_invoice_nothing_is_called_due(billing, invoice):
    payment = receive_payment(invoices=[invoice], amount=usd(134), payment_method=make_payment_method(), by=None)
    refund_payment(payment=payment.transaction, amount=usd(134), to="method", by=None, close_invoice=True)
    page = get_page(billing, at("issue_credit_note", invoice))
    assert page.texts(".prose p")[1] == "It is Refunded: nobody owes it, and nothing is given back."
    domain = pks(invoice)[1]
    send(billing, invoice, {"scope": "lines", f"amount_{domain}": "15"}, headers=DIALOG)
    assert get_page(billing, at("detail", invoice)).one("#toasts p").text == (
        "CN-000001 of 15.00 USD issued for INV-000001. It is Refunded; nobody owes it."
    )
    assert_invariants()
