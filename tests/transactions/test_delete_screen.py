"""Delete Transactions on the Transactions tab: rows are chosen, the popup says what goes, the number is typed."""

import pytest

from billing_admin.listing import acting, queued
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
from tests.pages import fill, get_page, parse, queries_of
from tests.transactions.popups import FORM, IN_DIALOG, paid, unattached, url
from tests.unchanged import nothing_changes
from transactions.models import PaymentMethod, Transaction
from transactions.rows_actions import NO_WAY_BACK
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db

DELETE = "/clients/4011/lists/transactions/act/delete/"
NOTHING_CHOSEN = "Nothing was chosen. Tick rows of the list, or all that are listed."
GONE = "What was chosen is no longer there; nothing was done."


@pytest.fixture
def acme():
    return make_client("Acme Ltd", number=4011, credit_use=CreditUse.NEVER)


def receive(of, amount, **details):
    card = PaymentMethod.objects.get(name="Card")
    return receive_payment(client=of, amount=usd(amount), payment_method=card, by=None, **details).transaction


def effects(popup):
    return popup.texts("#effects li")


def popup_of(browser, query, **more):
    return get_page(browser, f"{DELETE}?{query}", headers=IN_DIALOG, **more)


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
        f"{DELETE}?row={row.pk}",
        f"Delete Transactions: {named}",
    )
    form = page.one("form#choice")
    assert form.one("label").text == "All that are listed: 1 transaction"
    assert (form["method"], form.all("button")[0]["formaction"]) == ("get", DELETE)
    assert page.one("[data-tick-all]")["aria-label"] == "Tick all transactions of this page"


def test_only_one_clients_rows_can_be_chosen_and_only_by_who_may_delete(client, acme):
    receive(acme, 40)
    client.force_login(make_staff(OWNER))
    assert get_page(client, url("list")).all("#choice, [name=row]") == []
    client.force_login(make_staff(BILLING))
    assert get_page(client, url("of_client", 4011)).all("#choice, [name=row], tbody a.btn-icon") == []
    get_page(client, f"{DELETE}?all=1", status=403)
    with nothing_changes():
        assert client.post(f"{DELETE}?all=1", {"number": "4011"}).status_code == 403


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
    assert effects(shown)[0] == "2 payments: 40.00 USD in."
    assert NO_WAY_BACK in effects(shown)
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
    assert effects(shown)[0] == "30 payments: 930.00 USD in."
    assert send(owner, shown).status_code == 302
    assert Transaction.objects.count() == 30
    assert not Transaction.objects.filter(reference__startswith="B").exists()


@pytest.mark.parametrize("row", ["x", "-1", "1e3", "١", "9" * 30])
def test_what_is_no_row_is_a_bad_request(owner, acme, row):
    assert owner.get(DELETE, {"row": row}).status_code == 400


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
        send(owner, popup)


# ── What goes, what stays ──


def test_the_popup_tells_what_goes_and_what_stays_with_the_way_out(owner, acme):
    paid("120", of=acme, reference="T1")
    receive(acme, 50, reference="T2")
    other = make_invoice(acme, usd(60))
    apply_credit(invoice=other, amount=usd(55), by=None)
    popup = popup_of(owner, "all=1")
    assert effects(popup) == []
    first, second = popup.texts("#left-out li")
    assert "20.00 USD of the 20.00 USD of credit “Overpayment of INV-000001” that it gave is used on" in first
    assert second.startswith("Payment “T2” of 50.00 USD")
    assert second.endswith("is used on INV-000002. Take the credit off INV-000002 first.")
    assert popup.all("button[type=submit]") == []
    receive(acme, 7, reference="T3")
    popup = popup_of(owner, "all=1")
    assert effects(popup)[0] == "1 payment: 7.00 USD in."
    assert send(owner, popup).status_code == 302
    assert list(Transaction.objects.order_by("pk").values_list("reference", flat=True)) == ["T1", "T1", "T2"]
    assert_invariants()


def test_a_payment_of_which_a_row_was_ticked_goes_whole(owner, acme):
    payment = paid("100", of=acme)
    refund = refund_payment(payment=payment, amount=usd(1), to="method", by=None)
    popup = popup_of(owner, f"row={refund.pk}&row={payment.pk}")
    assert effects(popup)[:2] == [
        "2 transactions of 1 payment: 100.00 USD in, 1.00 USD out.",
        "INV-000001 stays unpaid: 100.00 USD is due.",
    ]
    assert send(owner, popup).status_code == 302
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("typed", ["", "4012", "Acme Ltd"])
def test_another_number_deletes_nothing(owner, acme, typed):
    receive(acme, 10)
    with nothing_changes():
        answer = send(owner, popup_of(owner, "all=1"), number=typed)
    assert answer.status_code == 422
    assert parse(answer).all("#id_number_error")


@pytest.mark.parametrize("moved", ["a refund", "credit that was used"])
def test_a_payment_that_moved_since_is_left_out_and_what_came_since_stays(owner, acme, moved):
    payment = paid("120", of=acme, reference="T1")
    receive(acme, 10, reference="T2")
    popup = popup_of(owner, "all=1")
    if moved == "a refund":
        refund_payment(payment=payment, amount=usd(1), to="method", by=None)
    else:
        apply_credit(invoice=make_invoice(acme, usd(5)), by=None)
    receive(acme, 5, reference="T3")
    shown = parse(send(owner, popup))
    assert "1 payment deleted, 1 left out" in shown.text
    (said,) = shown.texts("#left-out li")
    assert said.startswith("Payment “T1” of ")
    assert said.endswith(acting.CHANGED)
    left = set(Transaction.objects.values_list("reference", flat=True))
    assert {"T1", "T3"} <= left
    assert "T2" not in left
    assert_invariants()


def test_what_is_gone_meanwhile_is_said_to_be_gone(owner, acme):
    receive(acme, 10)
    first, second = popup_of(owner, "all=1"), popup_of(owner, "all=1")
    assert send(owner, first).status_code == 302
    with nothing_changes():
        answer = send(owner, second)
    assert parse(answer).one("#left-out li").text.endswith(acting.GONE)


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
    assert page.links()["Delete"] == f"{DELETE}?row={payment.pk}"
    assert send(owner, popup_of(owner, f"row={payment.pk}")).status_code == 302
    assert not Transaction.objects.exists()


def test_unattached_money_is_deleted_after_it_was_said_what_goes(owner):
    money = unattached()
    page = get_page(owner, get_page(owner, url("detail", money.pk)).links()["Delete"])
    assert effects(page)[0] == "1 payment: 40.00 USD in."
    assert page.all("[name=number]") == []
    answer = fill(owner, page, FORM, {}, follow=True)
    assert answer.redirect_chain == [(url("list"), 302)]
    assert parse(answer).one("#toasts p").text == f"Payment “T1” of {money.date:%-d %b %Y} deleted: 40.00 USD in."
    assert not Transaction.objects.exists()


# ── Many: a job ──


def test_many_payments_are_deleted_by_a_worker(owner, acme, monkeypatch):
    monkeypatch.setattr(acting, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(queued, "ROWS_AT_A_TIME", 2)
    for amount in (10, 20, 30):
        receive(acme, amount)
    answer = send(owner, popup_of(owner, "all=1"))
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/acted/{job.pk}/"
    assert Transaction.objects.count() == 3
    do_jobs()
    assert (Transaction.objects.count(), balances_of(acme)) == (0, [usd(0)])
    assert Activity.objects.latest("pk").actor.username == "olga"
    assert Job.objects.get().outcome == "3 payments deleted."
    assert_invariants()


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
