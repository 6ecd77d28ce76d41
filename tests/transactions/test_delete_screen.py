"""Delete Transactions on the Transactions tab: rows are chosen, the popup says what goes, the number is typed."""

import pytest
from django.urls import reverse

from billing_admin.models import Job
from billing_admin.staff.groups import BILLING, OWNER
from clients.models import Activity, CreditUse
from clients.services.merge.merge_clients import merge_clients
from credits.selectors.balances import balances_of
from credits.services.apply import apply_credit
from tests.commands import run_command
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.transactions.popups import FORM, IN_DIALOG, paid, unattached, url
from tests.unchanged import nothing_changes
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.views import deletion

pytestmark = pytest.mark.django_db

NOTHING_CHOSEN = "Nothing was chosen. Tick the transactions that are to go, or all that are listed."
GONE = "What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."


@pytest.fixture
def acme():
    return make_client("Acme Ltd", number=4011, credit_use=CreditUse.NEVER)


def receive(of, amount, **details):
    card = PaymentMethod.objects.get(name="Card")
    return receive_payment(client=of, amount=usd(amount), payment_method=card, by=None, **details).transaction


def popup_of(browser, query, **more):
    return get_page(browser, f"{url('delete_of_client', 4011)}?{query}", headers=IN_DIALOG, **more)


def send(browser, popup, **typed):
    return fill(browser, popup, FORM, {"number": "4011", **typed})


# ── Choosing ──


def test_each_row_has_a_box_that_names_it_and_a_link(owner, acme):
    row = receive(acme, 40, reference="T1")
    page = get_page(owner, url("of_client", 4011))
    box = page.one("input[name=row]")
    named = f"Payment “T1” of 40.00 USD, {row.date:%-d %b %Y}"
    assert (box["value"], box["form"], box["aria-label"]) == (str(row.pk), "choice", named)
    link = page.one("tbody a.btn-icon")
    assert (link["href"], link["aria-label"]) == (
        f"{url('delete_of_client', 4011)}?row={row.pk}",
        f"Delete Transactions: {named}",
    )
    form = page.one("form#choice")
    assert form.one("label").text == "All that are listed: 1 transaction"
    assert (form["method"], form.one("button")["formaction"]) == ("get", url("delete_of_client", 4011))
    assert page.one("[data-tick-all]")["aria-label"] == "Tick all transactions of this page"


def test_only_one_clients_rows_can_be_chosen_and_only_by_who_may_delete(client, acme):
    receive(acme, 40)
    client.force_login(make_staff(OWNER))
    assert get_page(client, url("list")).all("#choice, [name=row]") == []
    client.force_login(make_staff(BILLING))
    assert get_page(client, url("of_client", 4011)).all("#choice, [name=row], tbody a.btn-icon") == []
    get_page(client, f"{url('delete_of_client', 4011)}?all=1", status=403)
    with nothing_changes():
        assert client.post(f"{url('delete_of_client', 4011)}?all=1", {"number": "4011"}).status_code == 403


def test_a_page_costs_the_same_queries_with_one_row_and_with_fifty(owner, acme):
    receive(acme, 1)
    one = queries_of(owner, url("of_client", 4011))
    for amount in range(2, 52):
        receive(acme, amount)
    assert queries_of(owner, url("of_client", 4011)) == one


def test_without_javascript_the_form_leads_to_the_page_of_the_ticked(owner, acme):
    rows = [receive(acme, amount) for amount in (10, 20, 30)]
    page = get_page(owner, url("of_client", 4011))
    answer = fill(owner, page, "#choice", {"row": [rows[0].pk, rows[2].pk]})
    shown = parse(answer)
    assert shown.one("#going").text == "2 payments: 40.00 USD in."
    answer = fill(owner, shown, FORM, {"number": "4011"}, follow=True)
    assert answer.redirect_chain == [(url("of_client", 4011), 302)]
    assert parse(answer).one("#toasts p").text == (
        "2 payments deleted: 40.00 USD in. 40.00 USD of credit that came from them is taken back. The credit stays on "
        "the ledger, without a payment."
    )
    assert list(Transaction.objects.all()) == [rows[1]]
    assert_invariants()


def test_all_that_are_listed_are_those_that_the_filters_leave(owner, acme):
    for amount in range(1, 61):
        receive(acme, amount, reference=f"A{amount}" if amount % 2 else f"B{amount}")
    page = get_page(owner, f"{url('of_client', 4011)}?q=B")
    assert page.one("#choice label").text == "All that are listed: 30 transactions"
    shown = parse(fill(owner, page, "#choice", {"all": "1"}))
    assert shown.one("#going").text == "30 payments: 930.00 USD in."
    assert send(owner, shown).status_code == 302
    assert Transaction.objects.count() == 30
    assert not Transaction.objects.filter(reference__startswith="B").exists()


@pytest.mark.parametrize("row", ["x", "-1", "1e3", "١", "9" * 30])
def test_what_is_no_row_is_a_bad_request(owner, acme, row):
    assert owner.get(url("delete_of_client", 4011), {"row": row}).status_code == 400


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", NOTHING_CHOSEN),
        ("row=999999", GONE),
        ("all=1&q=nothing", GONE),
    ],
)
def test_where_nothing_is_chosen_it_says_so(owner, acme, query, said):
    receive(acme, 10)
    popup = popup_of(owner, query)
    assert popup.one(".popup-body p").text == said
    assert popup.all("button[type=submit]") == []
    with nothing_changes():
        assert send(owner, popup).status_code == 422


# ── What goes, what stays ──


def test_the_popup_tells_what_goes_and_what_stays_with_the_way_out(owner, acme):
    payment = paid("120", of=acme, reference="T1")
    used = receive(acme, 50, reference="T2")
    other = make_invoice(acme, usd(60))
    apply_credit(invoice=other, amount=usd(55), by=None)
    popup = popup_of(owner, "all=1")
    assert popup.all("#going") == []
    first, second = popup.texts("#staying p")
    assert "20.00 USD of the 20.00 USD of credit “Overpayment of INV-000001” that it gave is used on" in first
    assert "35.00 USD of the 50.00 USD of credit “Payment” that it gave is used on INV-000002." in second
    assert popup.one("#staying").links()["Open INV-000002"] == reverse("invoices:detail", args=[other.pk])
    assert popup.one("#staying").links()["Payment “T2”"] == url("detail", used.pk)
    assert [button.text for button in popup.all("button[type=submit]")] == []
    receive(acme, 7, reference="T3")
    popup = popup_of(owner, "all=1")
    assert popup.one("#going").text == "1 payment: 7.00 USD in."
    assert send(owner, popup).status_code == 302
    assert list(Transaction.objects.order_by("pk").values_list("reference", flat=True)) == ["T1", "T1", "T2"]
    assert Transaction.objects.filter(pk=payment.pk).exists()
    assert_invariants()


def test_one_payment_offers_its_reversal(owner, acme):
    payment = paid("100", of=acme)
    refund = refund_payment(payment=payment, amount=usd(1), to="method", by=None)
    assert popup_of(owner, f"row={refund.pk}").links()["reversed"] == url("reverse", payment.pk)


@pytest.mark.parametrize("typed", ["", "4012", "Acme Ltd"])
def test_another_number_deletes_nothing(owner, acme, typed):
    receive(acme, 10)
    with nothing_changes():
        answer = send(owner, popup_of(owner, "all=1"), number=typed)
    assert answer.status_code == 422
    assert parse(answer).all("#id_number_error")


def test_figures_that_moved_are_shown_again_and_nothing_goes(owner, acme):
    receive(acme, 10)
    popup = popup_of(owner, "all=1")
    receive(acme, 5)
    with nothing_changes():
        answer = send(owner, popup)
    assert answer.status_code == 422
    shown = parse(answer)
    assert shown.one("[role=alert] p").text == (
        "What would be deleted is no longer what this page showed. Nothing was deleted; look at the figures again."
    )
    assert shown.one("#going").text == "2 payments: 15.00 USD in."
    assert values_of(shown.one(FORM))["number"] == "4011"
    assert send(owner, shown).status_code == 302
    assert not Transaction.objects.exists()


def test_what_is_gone_meanwhile_is_said_to_be_gone(owner, acme):
    receive(acme, 10)
    first, second = popup_of(owner, "all=1"), popup_of(owner, "all=1")
    assert send(owner, first).status_code == 302
    with nothing_changes():
        answer = send(owner, second)
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert] p").text == (
        "What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."
    )


def test_a_client_merged_meanwhile_is_looked_at_again(owner, acme):
    globex = make_client("Globex", number=4012)
    receive(acme, 10)
    popup = popup_of(owner, "all=1")
    merge_clients(kept=globex, discarded=acme, by=None)
    with nothing_changes():
        answer = send(owner, popup)
    assert "Client 4011 was merged into client 4012 meanwhile" in parse(answer).text


# ── From the page of one transaction ──


def test_a_clients_payment_is_deleted_from_its_own_page(owner, acme):
    payment = paid("100", of=acme)
    page = get_page(owner, url("detail", payment.pk))
    answer = owner.get(page.links()["Delete"])
    assert answer.headers["Location"] == f"{url('delete_of_client', 4011)}?row={payment.pk}"
    assert send(owner, popup_of(owner, f"row={payment.pk}")).status_code == 302
    assert not Transaction.objects.exists()


def test_unattached_money_is_deleted_after_it_was_said_what_goes(owner):
    money = unattached()
    page = get_page(owner, url("delete", money.pk))
    assert page.one("#going").text == "1 payment: 40.00 USD in."
    assert page.all("[name=number]") == []
    answer = fill(owner, page, FORM, {}, follow=True)
    assert answer.redirect_chain == [(url("list"), 302)]
    assert parse(answer).one("#toasts p").text == f"Payment “T1” of {money.date:%-d %b %Y} deleted: 40.00 USD in."
    assert not Transaction.objects.exists()


# ── Many: a job ──


@pytest.fixture
def a_few_are_many(monkeypatch):
    monkeypatch.setattr(deletion, "DONE_AT_ONCE", 2)


@pytest.mark.usefixtures("a_few_are_many")
def test_many_rows_are_deleted_by_a_worker_and_the_tab_tells(owner, acme):
    for amount in (10, 20, 30):
        receive(acme, amount)
    answer = send(owner, popup_of(owner, "all=1"))
    job = Job.objects.get()
    assert answer.headers["Location"] == f"{url('of_client', 4011)}?job={job.pk}"
    assert Transaction.objects.count() == 3
    assert get_page(owner, answer.headers["Location"]).one("#job p").text.startswith("Waiting for its turn")
    do_jobs()
    page = get_page(owner, answer.headers["Location"])
    assert page.one("#toasts p").text.startswith("3 payments deleted: 60.00 USD in.")
    assert (Transaction.objects.count(), balances_of(acme)) == (0, [usd(0)])
    assert Activity.objects.latest("pk").actor.username == "olga"
    assert_invariants()


@pytest.mark.usefixtures("a_few_are_many")
def test_what_moved_before_the_worker_came_is_not_deleted(owner, acme):
    for amount in (10, 20, 30):
        receive(acme, amount)
    send(owner, popup_of(owner, "all=1"))
    apply_credit(invoice=make_invoice(acme, usd(5)), by=None)
    do_jobs()
    assert Job.objects.get().state == "refused"
    page = get_page(owner, f"{url('of_client', 4011)}?job={Job.objects.get().pk}")
    assert page.one("#job p").text.startswith("What would be deleted is no longer what this page showed.")
    assert Transaction.objects.count() == 3


@pytest.mark.usefixtures("a_few_are_many")
def test_a_second_click_asks_for_no_second_job(owner, acme):
    for amount in (10, 20, 30, 40):
        receive(acme, amount)
    popup = popup_of(owner, "all=1")
    assert send(owner, popup).headers["Location"] == send(owner, popup).headers["Location"]
    three = "&".join(f"row={pk}" for pk in Transaction.objects.values_list("pk", flat=True)[:3])
    answer = send(owner, popup_of(owner, three))
    assert "Other transactions of this client are being deleted" in parse(answer).one("[role=alert]").text
    assert Job.objects.count() == 1


# ── The command ──


def test_the_command_tells_asks_and_deletes(acme, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "4011")
    paid("100", of=acme)
    receive(acme, 50, reference="T2")
    apply_credit(invoice=make_invoice(acme, usd(12)), by=None)
    with nothing_changes():
        dry = run_command("delete_transactions", 4011, "--dry-run")
    day = Transaction.objects.latest("pk").date
    told = [
        "  INV-000001 is unpaid again: 100.00 USD is due.",
        "1 payment stays:",
        (
            f"  Payment “T2”, {day:%-d %b %Y}: 12.00 USD of the 50.00 USD of credit “Payment” that it gave is used on "
            "INV-000002. Take the credit off INV-000002 first."
        ),
    ]
    assert dry.printed == [
        "Of #4011 Acme Ltd, 1 payment would go: 100.00 USD in.", *told, "Nothing was changed: this was a dry run.",
    ]  # fmt: skip
    ran = run_command("delete_transactions", 4011)
    assert ran.printed[1:4] == told
    assert (ran.printed[-1].endswith("deleted: 100.00 USD in."), ran.error) == (True, "")
    assert Transaction.objects.get().reference == "T2"
    with nothing_changes():
        again = run_command("delete_transactions", 4011, "--no-input")
    assert again.error.startswith("Payment “T2” cannot be deleted: 12.00 USD of the 50.00 USD")
    assert_invariants()


def test_the_command_needs_the_right_and_the_number(acme, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    make_staff(BILLING, username="robin")
    receive(acme, 5)
    with nothing_changes():
        assert run_command("delete_transactions", 4011, "--as", "robin").error == (
            "robin may not do this: the permission transactions.delete_transaction is missing. Nothing was changed."
        )
        ran = run_command("delete_transactions", 4011)
        assert ran.error == "“yes” is not 4011. Nothing was changed; type it, or add --no-input."
        assert run_command("delete_transactions", 4999).error == "There is no client 4999."


def test_the_command_says_where_there_is_nothing(acme):
    assert run_command("delete_transactions", 4011).printed == [
        "#4011 Acme Ltd has no transactions; nothing was changed."
    ]
