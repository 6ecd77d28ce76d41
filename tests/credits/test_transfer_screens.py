"""Remove Credit and Transfer Credit: popups, and pages without JavaScript."""

import datetime
import json

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import nothing_changes, sent_before

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def billing(client):
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(acme, what="remove"):
    return reverse(f"credits:{what}", args=[acme.number])


def send(browser, acme, what="remove", **typed):
    page = get_page(browser, url_of(acme, what), headers=IN_DIALOG)
    return fill(browser, page, "form", typed, headers=IN_DIALOG)


def errors_beside(answer, field):
    return parse(answer).texts(f"#id_{field}_error")


def test_removing_says_what_was_removed_and_what_is_left(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    answer = send(billing, acme, amount="12.50", description="Given by mistake")
    assert answer.status_code == 204
    announced = json.loads(answer.headers["HX-Trigger"])
    assert set(announced) == {"dialogClose", "creditsChanged", "invoicesChanged", "toast"}
    assert announced["toast"]["text"] == "Credit of 12.50 USD removed from Acme Ltd; 17.50 USD is left."
    assert balances_of(acme) == [usd("17.50")]
    last = CreditEntry.objects.latest("pk")
    assert (last.kind, last.amount, last.words, last.actor_name) == (
        "remove", usd("-12.50"), "Given by mistake", "robin"
    )  # fmt: skip
    assert_invariants()


def test_removing_more_than_there_is_is_refused_with_the_figure(billing):
    acme = make_client()
    give_credit(acme, usd("12.50"))
    with nothing_changes():
        answer = send(billing, acme, amount="20", description="Mistake")
    assert answer.status_code == 422
    assert errors_beside(answer, "amount") == ["Only 12.50 USD of credit is available; 20.00 USD was asked for."]


def test_what_has_expired_cannot_be_removed(billing, time_machine):
    acme = make_client()
    give_credit(acme, usd(10), expires_on=datetime.date(2099, 1, 1))
    give_credit(acme, usd(3))
    time_machine.move_to("2099-06-01 12:00", tick=False)
    billing.force_login(make_staff(BILLING))
    with nothing_changes():
        answer = send(billing, acme, amount="5", description="Mistake")
    assert errors_beside(answer, "amount") == ["Only 3.00 USD of credit is available; 5.00 USD was asked for."]


@pytest.mark.parametrize("what", ["remove", "transfer"])
@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused(billing, what, typed, currency, said):
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(5))
    more = {"to": str(globex.number)} if what == "transfer" else {}
    with nothing_changes():
        answer = send(billing, acme, what, amount=typed, currency=currency, description="Mistake", **more)
    assert said in errors_beside(answer, "amount")[0]


@pytest.mark.parametrize("typed", ["0", "-5"])
@pytest.mark.parametrize("what", ["remove", "transfer"])
def test_nothing_and_less_are_refused(billing, what, typed):
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(5))
    more = {"to": str(globex.number)} if what == "transfer" else {}
    with nothing_changes():
        answer = send(billing, acme, what, amount=typed, description="Mistake", **more)
    assert errors_beside(answer, "amount")[0].startswith("Give an amount above zero; ")


def test_removing_needs_a_reason(billing):
    acme = make_client()
    give_credit(acme, usd(5))
    with nothing_changes():
        answer = send(billing, acme, amount="5", description=" ")
    assert errors_beside(answer, "description") == ["Say why the credit is removed."]


@pytest.mark.parametrize("what", ["remove", "transfer"])
def test_the_same_form_twice_counts_once_and_says_so(billing, what):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give_credit(acme, usd(10))
    page = get_page(billing, url_of(acme, what), headers=IN_DIALOG)
    typed = {"amount": "4", "description": "Mistake"} | ({"to": str(globex.number)} if what == "transfer" else {})
    fill(billing, page, "form", typed, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, page, "form", typed, headers=IN_DIALOG)
    did = "removed from Acme Ltd" if what == "remove" else f"transferred to client {globex.number}"
    assert json.loads(again.headers["HX-Trigger"])["toast"] == {
        "text": sent_before(f"Credit of 4.00 USD {did}"),
        "level": "attention",
    }
    assert balances_of(acme) == [usd(6)]


def test_a_client_without_credit_is_told_so(billing):
    page = get_page(billing, url_of(make_client("Acme Ltd")))
    assert page.one(".popup .alert").text == "Acme Ltd has no credit that can be used; there is nothing to remove."


def test_without_javascript_removing_leads_to_the_credits_tab(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(5))
    answer = fill(billing, get_page(billing, url_of(acme)), ".popup form", {"amount": "5", "description": "Mistake"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("credits:of_client", args=[acme.number]))
    assert get_page(billing, answer.headers["Location"]).one(".toast-good").text == (
        "Credit of 5.00 USD removed from Acme Ltd; 0.00 USD is left."
    )


def test_a_transfer_keeps_category_expiry_and_priority(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give_credit(acme, usd(50), expires_on=datetime.date(2099, 1, 1), priority=10)
    give_credit(acme, usd(50), category="paid")
    answer = send(billing, acme, "transfer", to=str(globex.number), amount="60", description="One account now")
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"] == (
        "Credit of 60.00 USD transferred from Acme Ltd to Globex."
    )
    first, second = CreditGrant.objects.filter(client=globex).order_by("id")
    assert (first.amount, first.category, first.expires_on, first.priority) == (
        usd(50), "promotional", datetime.date(2099, 1, 1), 10
    )  # fmt: skip
    assert (second.amount, second.category, second.expires_on, second.priority) == (usd(10), "paid", None, 50)
    assert first.description == "One account now"
    assert first.entries.get().words == f"Transferred from client {acme.number}: One account now"
    assert len({entry.batch for entry in CreditEntry.objects.filter(kind="transfer")}) == 1
    assert [action.words for action in Activity.objects.order_by("-id")[:2]] == [
        f"Credit of 60.00 USD received from client {acme.number}: One account now",
        f"Credit of 60.00 USD transferred to client {globex.number}: One account now",
    ]
    assert_invariants()


def test_paid_credit_is_transferred_once_though_promotional_is_left(billing):
    """Acceptance 10: promotional 50 (older) and paid 50; the paid 50 twice."""
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(50))
    give_credit(acme, usd(50), category="paid")
    typed = {"to": str(globex.number), "amount": "50", "category": "paid"}
    assert send(billing, acme, "transfer", **typed).status_code == 204
    with nothing_changes():
        second = send(billing, acme, "transfer", **typed)
    assert errors_beside(second, "amount") == ["Only 0.00 USD of credit is available; 50.00 USD was asked for."]
    assert [grant.category for grant in CreditGrant.objects.filter(client=globex)] == ["paid"]
    assert_invariants()


def test_a_name_of_one_alone_is_asked_for_too(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex Inc")
    give_credit(acme, usd(5))
    with nothing_changes():
        asked = parse(send(billing, acme, "transfer", to="globex", amount="5"))
    assert [option["value"] for option in asked.all("[name=to_choice]")] == [f"Globex Inc – No. {globex.number}"]


def test_a_name_offers_the_clients_that_it_may_mean(billing):
    acme, globex, other = make_client("Acme Ltd"), make_client("Globex Inc"), make_client("Globex GmbH")
    give_credit(acme, usd(5))
    with nothing_changes():
        asked = parse(send(billing, acme, "transfer", to="globex", amount="5"))
    assert asked.texts("#id_to_error") == ["Choose the client that gets the credit."]
    offered = [option["value"] for option in asked.all("[name=to_choice]")]
    assert offered == [f"Globex GmbH – No. {other.number}", f"Globex Inc – No. {globex.number}"]
    answer = fill(billing, asked, "form", {"to_choice": offered[1]}, headers=IN_DIALOG)
    assert answer.status_code == 204
    assert balances_of(globex) == [usd(5)]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nobody", "No other client matches “nobody”."),
        ("999999", "There is no client 999999."),
        ("9" * 30, "There is no client 99999999999999999999."),
        ("", "Name the client that gets the credit."),
    ],
)
def test_an_unknown_target_is_named(billing, to, said):
    acme = make_client()
    give_credit(acme, usd(5))
    with nothing_changes():
        answer = send(billing, acme, "transfer", to=to, amount="5")
    assert errors_beside(answer, "to") == [said]


def test_a_transfer_to_itself_is_refused(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(5))
    with nothing_changes():
        answer = send(billing, acme, "transfer", to=str(acme.number), amount="5")
    assert errors_beside(answer, "to") == ["Acme Ltd cannot transfer credit to itself; choose another client."]


@pytest.mark.parametrize("what", ["remove", "transfer"])
def test_without_credit_there_is_nothing_to_fill_in(billing, what):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(5))
    make_invoice(acme, usd(5))
    page = get_page(billing, url_of(acme, what))
    assert page.one(".popup .alert").text == f"Acme Ltd has no credit that can be used; there is nothing to {what}."
    assert page.texts(".popup .field") == []
    assert page.texts(".popup .form-actions > *") == ["Close"]


@pytest.mark.parametrize("what", ["remove", "transfer"])
def test_a_viewer_may_not(client, what):
    client.force_login(make_staff(VIEWER))
    get_page(client, url_of(make_client(), what), status=403)


def test_the_popups_cost_the_same_queries_with_one_credit_and_with_fifty(billing):
    acme = make_client()
    give_credit(acme, usd(1))
    for what in ("remove", "transfer"):
        first = queries_of(billing, url_of(acme, what))
        for _ in range(10):
            give_credit(acme, usd(1))
        assert queries_of(billing, url_of(acme, what)) == first
