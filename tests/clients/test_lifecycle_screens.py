"""The popups Close and Delete Client, and the export."""

import io
import json
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from billing_admin.staff.groups import BILLING, OWNER
from clients.models import Activity, Client, ClientDeletion
from clients.services.close import close_client
from clients.services.delete.prepare_deletion import remove_all_credit
from clients.services.merge.merge_clients import merge_clients
from credits.selectors.balances import balances_of
from tests.clients.holders import make_holder
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, refused
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff(OWNER, username="maria"))
    return client


def url_of(acme, name="delete"):
    return reverse(f"clients:{name}", args=[acme.number])


def messages_of(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def popup_of(browser, acme):
    return get_page(browser, url_of(acme), headers=IN_DIALOG)


def delete(browser, acme, **typed):
    return fill(browser, popup_of(browser, acme), "#delete", typed, headers=IN_DIALOG)


# ── Delete ──


def test_delete_is_last_in_quick_links_red_and_set_apart(owner):
    acme = make_client()
    links = get_page(owner, url_of(acme, "summary")).all("#quick-links li")
    assert links[-1].text == "Delete Client"
    assert (links[-1]["class"], links[-1].one("a")["class"], links[-1].one("a")["href"]) == (
        "apart", "danger", url_of(acme),
    )  # fmt: skip


def test_the_popup_says_what_goes_and_what_stays_before_it_asks(owner):
    acme = make_holder()
    page = popup_of(owner, acme)
    assert page.one("#dialog-title").text == "Delete Acme Ltd?"
    going = {row.one("dt").text: row.one("dd").text for row in page.all("#going div")}
    assert (going["Profile of Acme Ltd"], going["Invoices"], going["Notes"], going["Contacts"]) == ("1", "6", "2", "1")
    assert page.one("#staying").text == (
        f"3 transactions (29.00 USD in, 0.30 USD in fees), under the number {acme.number} and the name Acme Ltd. "
        "Descriptions that somebody typed are emptied."
    )
    assert page.texts("#warnings p") == [
        "12.50 EUR, 6.00 USD of credit is left and goes with the client.",
        "1 invoice is unpaid: 60.00 USD is still due and would be forgotten.",
        "1 billable item would have been billed again.",
    ]
    assert page.one("label[for=id_number]").text == f"Type {acme.number} to delete this client"
    assert page.one(".form-actions .btn-danger").text == "Delete Client"


def test_the_number_typed_deletes_and_leads_to_the_list_with_what_was_kept(owner):
    acme = make_holder()
    answer = delete(owner, acme, number=str(acme.number))
    assert answer.headers["HX-Redirect"] == reverse("clients:list")
    assert messages_of(answer) == [f"Client {acme.number} deleted; 3 transactions kept under its number and name."]
    assert not Client.objects.filter(pk=acme.pk).exists()
    assert ClientDeletion.objects.get(number=acme.number).deleted_by_name == "maria"


@pytest.mark.parametrize("typed", ["", "0", "delete", "Acme Ltd", " "])
def test_anything_else_typed_deletes_nothing_and_says_so(owner, typed):
    acme = make_holder()
    with nothing_changes():
        answer = delete(owner, acme, number=typed)
    assert answer.status_code == 422
    said = (
        f"This client’s number is {acme.number}; nothing was deleted." if typed.strip() else "Type the client’s number."
    )
    assert parse(answer).one("#id_number_error").text == said


def test_without_javascript_it_is_a_page(owner):
    acme = make_client()
    answer = fill(owner, get_page(owner, url_of(acme)), "#delete", {"number": f"#{acme.number}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("clients:list"))
    assert messages_of(answer) == [f"Client {acme.number} deleted; there were no transactions to keep."]


def test_transactions_go_only_where_the_box_was_ticked(owner):
    acme, globex = make_holder(), make_holder("Globex Inc")
    box = popup_of(owner, acme).one("#id_with_transactions")
    assert "checked" not in box.attributes
    delete(owner, acme, number=str(acme.number), with_transactions="on")
    assert set(Transaction.objects.values_list("client", flat=True)) == {globex.pk}


def test_the_box_and_what_it_does_need_a_permission_of_their_own(client):
    maria = make_staff(BILLING, username="lee")
    maria.user_permissions.add(*_permissions("delete_client"))
    client.force_login(maria)
    acme = make_holder()
    assert popup_of(client, acme).all("#id_with_transactions") == []
    delete(client, acme, number=str(acme.number), with_transactions="on")
    assert Transaction.objects.count() == 3


def _permissions(*codenames):
    return Permission.objects.filter(content_type__app_label="clients", codename__in=codenames)


def test_billing_may_neither_delete_nor_export(client):
    client.force_login(make_staff(BILLING))
    acme = make_client()
    with nothing_changes():
        assert client.get(url_of(acme)).status_code == 403
        assert client.post(url_of(acme), {"number": acme.number}).status_code == 403
        assert client.post(url_of(acme, "export")).status_code == 403
    summary = get_page(client, url_of(acme, "summary"))
    assert "Delete Client" not in summary.one("#quick-links").text
    assert set(summary.one("#actions").links()) == {"Statement", "Merge Client Accounts", "Pause Reminders", "Close"}


def test_a_form_for_a_merged_client_does_not_delete_the_kept_one(owner):
    acme, globex = make_client(), make_client("Globex")
    page = popup_of(owner, globex)
    merge_clients(kept=acme, discarded=globex, by=None)
    with nothing_changes():
        answer = fill(owner, page, "#delete", {"number": str(globex.number)}, headers=IN_DIALOG)
    assert answer.status_code == 422
    assert parse(answer).one("#id_number_error").text == (
        f"This client’s number is {acme.number}; nothing was deleted."
    )


# ── The ways out ──


def test_credit_is_removed_in_one_click_and_the_popup_stays(owner):
    acme = make_client()
    give_credit(acme, usd(5))
    page = popup_of(owner, acme)
    answer = fill(owner, page, "#warnings form", headers=IN_DIALOG)
    after = parse(answer)
    assert (answer.status_code, after.all("#warnings"), len(after.all("#delete"))) == (200, [], 1)
    assert "5.00 USD of credit removed." in answer.headers["HX-Trigger"]
    assert "creditsChanged" in answer.headers["HX-Trigger"]
    assert balances_of(acme) == [usd(0)]
    assert Activity.objects.latest("pk").words == (
        "Credit balance set from 5.00 USD to 0.00 USD: Removed before the client is deleted"
    )
    assert_invariants()


def test_removing_credit_without_javascript_comes_back(owner):
    acme = make_client()
    give_credit(acme, usd(5))
    answer = fill(owner, get_page(owner, url_of(acme)), "#warnings form")
    assert (answer.status_code, answer.headers["Location"]) == (302, url_of(acme))


def test_credit_that_is_gone_already_is_told(owner):
    acme = make_client()
    give_credit(acme, usd(5))
    page = popup_of(owner, acme)
    remove_all_credit(client=acme, by=None)
    with nothing_changes():
        answer = fill(owner, page, "#warnings form", headers=IN_DIALOG)
    assert f"Client {acme.number} has no credit left; nothing was removed." in answer.headers["HX-Trigger"]
    with refused(f"Client {acme.number} has no credit left; nothing was removed."):
        remove_all_credit(client=acme, by=None)


def test_unpaid_invoices_are_a_click_away(owner):
    acme = make_client()
    make_invoice(acme, usd(5))
    link = popup_of(owner, acme).one("#unpaid-invoices")
    assert link["href"] == reverse("invoices:of_client", args=[acme.number]) + "?status=unpaid"
    assert len(get_page(owner, link["href"]).all("tbody tr")) == 1


def test_the_gentler_ways_are_offered(owner):
    acme = make_client()
    popup = popup_of(owner, acme)
    assert popup.links() == {"Closing the account": url_of(acme, "close"), "Cancel": url_of(acme, "summary")}
    assert popup.one("button[form=export]").text == "Export first"
    assert popup.one("form#export[method=post]")["action"] == url_of(acme, "export")


# ── Close and export ──


def test_closing_and_opening_again(owner):
    acme = make_client("Acme Ltd")
    page = get_page(owner, url_of(acme, "close"), headers=IN_DIALOG)
    answer = fill(owner, page, "#close", {"reason": "Moved away"}, headers=IN_DIALOG)
    assert answer.headers["HX-Redirect"] == url_of(acme, "summary")
    assert messages_of(answer) == ["Acme Ltd is Closed. Nothing of it was removed."]
    acme.refresh_from_db()
    assert acme.status == "closed"
    assert "Open again" in get_page(owner, url_of(acme, "summary")).one("#actions").links()
    page = get_page(owner, url_of(acme, "close"))
    assert values_of(page.one("#close"))["reopen"] == "1"
    fill(owner, page, "#close")
    acme.refresh_from_db()
    assert acme.status == "active"


def test_closing_what_somebody_else_has_closed_is_told(owner):
    acme = make_client()
    page = get_page(owner, url_of(acme, "close"), headers=IN_DIALOG)
    close_client(client=acme, by=None)
    with nothing_changes():
        answer = fill(owner, page, "#close", headers=IN_DIALOG)
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == f"Client {acme.number} is Closed already; nothing was changed."


def test_the_export_is_a_file_to_keep(owner):
    acme = make_holder()
    answer = fill(owner, get_page(owner, url_of(acme, "summary")), "#actions form")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="client-{acme.number}.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "invoices.csv" in archive.namelist()
    assert Activity.objects.latest("pk").actor_name == "maria"


def test_one_click_cancels_unpaid_invoices_and_names_the_others(owner):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(4))
    make_invoice(acme, usd(10))
    paid_in_part = make_invoice(acme, usd(20))
    receive_payment(invoices=[paid_in_part], amount=usd(5), payment_method=make_payment_method(), by=None)
    page = popup_of(owner, acme)
    (form,) = [form for form in page.all("#warnings form") if form.one("[name=way]")["value"] == "cancel_invoices"]
    answer = owner.post(form["action"], {"way": "cancel_invoices"}, headers=IN_DIALOG)
    assert json.loads(answer.headers["HX-Trigger"])["toast"] == {
        "text": "1 invoice cancelled. 4.00 USD of credit went back to where it came from. Payments of 5.00 USD are "
        "recorded on INV-000002. Use Refund on each of them first, to the payment method or to credit; or use Credit "
        "Note.",
        "level": "attention",
    }
    assert list(acme.invoices.order_by("pk").values_list("status", flat=True)) == ["cancelled", "unpaid"]
    assert "1 invoice is unpaid: 15.00 USD" in parse(answer).one("#warnings").text
    assert_invariants()


def test_no_unpaid_invoice_to_cancel_says_so(owner):
    acme = make_client("Acme Ltd")
    with nothing_changes():
        answer = owner.post(url_of(acme), {"way": "cancel_invoices"}, headers=IN_DIALOG)
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"] == (
        f"No invoice of client {acme.number} is unpaid; nothing was cancelled."
    )


@pytest.mark.parametrize("way", ["remove_credit", "cancel_invoices"])
def test_preparing_a_merged_client_leaves_the_kept_one_alone(owner, way):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    make_invoice(acme, usd(50))
    give_credit(acme, usd(30))
    make_invoice(globex, usd(10))
    give_credit(globex, usd(5))
    page = popup_of(owner, globex)
    (form,) = [form for form in page.all("#warnings form") if form.one("[name=way]")["value"] == way]
    merge_clients(kept=acme, discarded=globex, by=None)
    with nothing_changes():
        answer = owner.post(form["action"], {"way": way}, headers=IN_DIALOG)
    assert json.loads(answer.headers["HX-Trigger"])["toast"] == {
        "text": f"Client {globex.number} was merged into client {acme.number} meanwhile; nothing was done. "
        "This is Acme Ltd.",
        "level": "attention",
    }


def test_closing_a_client_that_was_merged_away_does_not_close_the_kept_one(owner):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    page = get_page(owner, url_of(globex, "close"), headers=IN_DIALOG)
    merge_clients(kept=acme, discarded=globex, by=None)
    with nothing_changes():
        answer = fill(owner, page, "form", headers=IN_DIALOG)
    assert answer.status_code == 422
    said = parse(answer).one("[role=alert]").text
    assert f"Client {globex.number} was merged into client {acme.number} meanwhile; nothing was done." in said
