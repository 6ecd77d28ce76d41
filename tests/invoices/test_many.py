"""Many invoices at once: what was looked at is what is acted on, and what changed since is left out and says why."""

import datetime

import pytest

from billing_admin.listing import acting
from clients.models import Client, CreditUse
from credits.services.apply import apply_credit
from invoices.models import Invoice
from invoices.services.drafts import delete_draft, edit_draft
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, person_with, usd
from tests.invariants import assert_invariants
from tests.pages import get_page, queries_of
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db

MANY = "/lists/invoices/act/{}/"


@pytest.fixture
def olga(client):
    olga = make_staff(username="olga")
    client.force_login(olga)
    return olga


def draft(to, amount=10, **details):
    return draft_invoice(client=to, lines=[NewLine("Hosting", usd(amount))], by=None, **details)


def look(browser, doing, query="all=1&status=draft"):
    return get_page(browser, f"{MANY.format(doing)}?{query}")


def send(browser, doing, popup, query="all=1&status=draft"):
    return browser.post(f"{MANY.format(doing)}?{query}", {"chosen": popup.one("[name=chosen]")["value"]})


def test_all_drafts_that_are_listed_are_issued(client, olga):
    acme, globex = make_client("Acme"), make_client("Globex")
    give_credit(acme, usd(4))
    for each in (globex, acme, globex):
        draft(each)
    popup = look(client, "issue")
    assert popup.one(".popup-body p[tabindex]").text.startswith("3 drafts.")
    assert Invoice.objects.filter(status="draft").count() == 3
    answer = send(client, "issue", popup)
    assert answer.headers["Location"] == "/invoices/?status=draft"
    assert list(Invoice.objects.order_by("number").values_list("label", "status", "balance_due")) == [
        ("INV-000001", "unpaid", 10), ("INV-000002", "unpaid", 6), ("INV-000003", "unpaid", 10),
    ]  # fmt: skip
    assert get_page(client, "/invoices/").one("#toasts p").text == "3 drafts issued."
    assert_invariants()


def test_only_what_was_ticked_is_acted_on(client, olga):
    acme = make_client()
    first, second = draft(acme), draft(acme)
    query = f"row={second.pk}&status=draft"
    send(client, "delete", look(client, "delete", query), query)
    assert list(Invoice.objects.all()) == [first]


def test_what_was_changed_or_has_gone_since_is_left_out_and_says_why(client, olga):
    acme = make_client("Acme")
    kept, changed, gone = draft(acme, 1), draft(acme, 2), draft(acme, 3)
    popup = look(client, "issue")
    late = draft(acme, 4)  # nobody has looked at it
    edit_draft(invoice=changed, by=None, lines=[NewLine("More", usd(200))], seen=changed.version)
    delete_draft(invoice=gone, by=None)
    answer = send(client, "issue", popup)
    page = get_page(client, f"{MANY.format('issue')}?all=1&status=draft")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert acting.CHANGED in said
    assert acting.GONE in said
    assert "1 draft issued, 2 left out" in said
    assert {each.pk: each.status for each in Invoice.objects.all()} == {
        kept.pk: "unpaid", changed.pk: "draft", late.pk: "draft",
    }  # fmt: skip
    assert page.one(".popup-body p[tabindex]").text.startswith("2 drafts.")


def test_one_that_refuses_refuses_for_itself_alone(client, olga):
    acme = make_client()
    past = draft(acme, due_on=datetime.date(2020, 1, 1))
    fine = draft(acme)
    answer = send(client, "issue", look(client, "issue"))
    assert "1 draft issued, 1 left out" in answer.content.decode()
    past.refresh_from_db()
    fine.refresh_from_db()
    assert (past.status, fine.status) == ("draft", "unpaid")


def test_sent_twice_it_is_done_once(client, olga):
    acme = make_client()
    draft(acme)
    popup = look(client, "issue")
    send(client, "issue", popup)
    assert "0 drafts issued, 1 left out" in send(client, "issue", popup).content.decode()
    assert Invoice.objects.count() == 1


def test_unpaid_ones_are_cancelled_from_the_clients_tab(client, olga):
    acme = make_client()
    give_credit(acme, usd(3))
    make_invoice(acme, usd(10))
    make_invoice(make_client("Globex"), usd(10))
    address = f"/clients/{acme.number}/lists/invoices/act/cancel/?all=1&status=unpaid"
    popup = get_page(client, address)
    answer = client.post(address, {"chosen": popup.one("[name=chosen]")["value"]})
    assert answer.headers["Location"] == f"/clients/{acme.number}/invoices/?status=unpaid"
    assert sorted(Invoice.objects.values_list("status", flat=True)) == ["cancelled", "unpaid"]
    assert Client.objects.get(pk=acme.pk).credit_accounts.get().balance == usd(3)
    assert_invariants()


def test_looking_at_more_of_them_asks_the_database_no_more(client, olga):
    acme, address = make_client(), f"{MANY.format('cancel')}?all=1&status=unpaid"
    make_invoice(acme, usd(10))
    get_page(client, address)
    of_one = queries_of(client, address)
    for _ in range(5):
        make_invoice(acme, usd(10))
    assert queries_of(client, address) == of_one


def test_one_whose_overpayment_is_spent_is_left_out(client, olga):
    acme = make_client(credit_use=CreditUse.NEVER)
    invoices = [make_invoice(acme, usd(100)), make_invoice(acme, usd(100))]
    paid = receive_payment(
        client=acme, amount=usd(250), payment_method=make_payment_method(), by=None, invoices=invoices, reference="ch_1"
    ).transaction
    refund_payment(payment=paid, amount=usd(100), to="method", by=None)
    apply_credit(invoice=make_invoice(acme, usd(20)), by=None)
    assert "of which 20.00 USD is spent" in look(client, "cancel", "all=1").text


def test_what_cannot_be_done_is_said_before(client, olga):
    acme = make_client()
    make_invoice(acme, usd(10))
    popup = look(client, "issue", "all=1")
    assert (popup.all("[name=chosen]"), popup.all("button[type=submit].btn-primary")) == ([], [])
    assert "It is Unpaid, no draft." in popup.text


def test_more_than_anybody_should_do_at_once_are_refused(client, olga, monkeypatch):
    monkeypatch.setattr("billing_admin.listing.acting_page.MOST", 1)
    monkeypatch.setattr(acting, "MOST", 1)
    acme = make_client()
    draft(acme)
    draft(acme)
    assert "More than 1 drafts are chosen" in look(client, "issue").text


def test_a_preview_that_is_not_ours_or_of_something_else_is_refused(client, olga):
    acme = make_client()
    draft(acme)
    signed = look(client, "issue").one("[name=chosen]")["value"]
    for chosen in ("", "nonsense", f"{signed}x"):
        client.post(f"{MANY.format('issue')}?all=1", {"chosen": chosen})
    client.post(f"{MANY.format('delete')}?all=1", {"chosen": signed})
    assert Invoice.objects.get().status == "draft"


def test_each_action_needs_its_permission(client):
    client.force_login(person_with("view_invoice", "view_client"))
    for doing in ("issue", "delete", "cancel"):
        assert client.get(f"{MANY.format(doing)}?all=1").status_code == 403
    assert get_page(client, "/invoices/?status=draft").all("#choice") == []
    client.force_login(make_staff())
    assert client.get(MANY.format("nonsense")).status_code == 404


def test_what_can_be_done_is_offered_where_rows_are_of_that_kind(client, olga):
    acme = make_client()
    draft(acme)
    make_invoice(acme, usd(5))

    def offered(query):
        return get_page(client, f"/invoices/?{query}").texts("#choice button")

    assert offered("") == ["Save Documents", "Export"]
    assert offered("status=draft") == ["Issue Drafts", "Delete Drafts", "Save Documents", "Export"]
    assert offered("status=unpaid") == ["Write Off", "Cancel Invoices", "Save Documents", "Export"]
