"""Home."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import VIEWER
from clients.models import Client
from clients.services.merge.merge_clients import merge_clients
from invoices.models import InvoiceRun
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from tests.pages import get_page, parse, queries_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def rows(page, panel):
    return [" | ".join(row.texts("th, td")) for row in page.all(f"#{panel} tbody tr")]


def test_a_run_whose_process_was_killed_is_not_said_to_go_on(signed_in):
    """Its row says so until somebody closes it; Home says what the Runs page says."""
    make_client()
    run = InvoiceRun.objects.create(
        as_of=datetime.date(2026, 3, 1), state="running", started_by_name="System", invoice_count=2, clients_done=2
    )
    note = get_page(signed_in, "/").one("#outstanding .panel-note").text
    assert note == "Last invoice run as of 1 Mar 2026, interrupted: 2 invoices."
    assert "Interrupted" in get_page(signed_in, f"/invoices/runs/{run.pk}/").text
    run.refresh_from_db()
    assert run.state == "running"


def test_a_fresh_install_says_what_to_do_first(signed_in):
    page = get_page(signed_in, "/")
    assert page.one(".empty p").text == (
        "Nothing is here yet. Add the first client, or bring in those of another system: Import Clients."
    )
    assert page.one(".empty").links() == {"Import Clients": "/clients/import/", "Add Client": "/clients/add/"}
    assert page.all("section.panel") == []


def test_a_viewer_of_a_fresh_install_is_not_sent_where_they_may_not_go(client):
    client.force_login(make_staff(VIEWER))
    assert get_page(client, "/").one(".empty").links() == {}


@pytest.mark.parametrize(("chosen", "drawn"), [("dark", "dark"), ("light", "light"), ("", None), ("x onload=", None)])
def test_a_page_comes_in_the_theme_that_was_chosen(signed_in, chosen, drawn):
    signed_in.cookies["theme"] = chosen
    for address in ("/", "/no-such-page"):
        html = parse(signed_in.get(address)).one("html")
        assert html.attributes.get("data-theme") == drawn


def test_unpaid_and_overdue_invoices_are_counted_and_added_up_per_currency(signed_in):
    acme = make_client()
    make_invoice(acme, usd("1000.00"))
    make_invoice(acme, usd("50.50"), due_on=TODAY() - DAY)
    make_invoice(acme, usd("8.00"), due_on=TODAY())
    make_invoice(acme, Money("3.500", "KWD"))
    give_credit(acme, usd("10.00"))
    make_invoice(acme, usd("10.00"))  # paid from credit
    page = get_page(signed_in, "/")
    assert rows(page, "outstanding") == ["KWD | 1 | 3.500 | 0 | 0.000", "USD | 3 | 1,058.50 | 1 | 50.50"]
    for address in page.one("#outstanding").links().values():
        get_page(signed_in, address)


def test_credit_held_per_currency(signed_in):
    acme, globex = make_client("Acme"), make_client("Globex")
    give_credit(acme, usd("10.00"))
    give_credit(acme, usd("5.00"))
    give_credit(globex, usd("1.25"))
    give_credit(globex, Money("300", "JPY"))
    assert rows(get_page(signed_in, "/"), "credit-held") == ["JPY | 1 | 300", "USD | 2 | 16.25"]


def test_nothing_unpaid_and_no_credit_say_so(signed_in):
    make_client()
    page = get_page(signed_in, "/")
    assert page.one("#outstanding .empty p").text == "No invoice is unpaid."
    assert page.one("#credit-held .empty p").text.startswith("No client holds credit.")
    assert page.one("#outstanding .panel-note").text == ("There was no invoice run yet. Run Invoices")


def test_the_latest_run_with_its_figures_and_what_it_could_not_bill(signed_in):
    acme, globex = make_client("Acme"), make_client("Globex")
    give_credit(acme, usd("20.00"))
    day = datetime.date(2026, 3, 1)
    make_item(acme, usd("20.00"), due=day)
    make_item(globex, usd("1000.00"), due=day)
    make_item(globex, Money("5", "JPY"), due=day)
    run = generate_invoices(as_of=day, by=None)
    assert get_page(signed_in, "/").one("#outstanding .panel-note").text == (
        "Last invoice run as of 1 Mar 2026, finished: 3 invoices of 5 JPY, 1,020.00 USD, 1 paid at once."
    )
    InvoiceRun.objects.filter(pk=run.pk).update(failed_count=1)
    assert get_page(signed_in, "/").one("#outstanding .danger").text == "1 client could not be billed."


def test_recent_activity_says_whose_it_was_before_a_merge(signed_in):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    merge_clients(kept=acme, discarded=globex, by=None)
    moved = [item.text for item in get_page(signed_in, "/").all("#recent li") if "Client Globex added" in item.text]
    assert len(moved) == 1
    assert f"Client {globex.number} ·" in moved[0]


def test_recent_activity_names_the_client_and_leads_there(signed_in):
    acme = make_client("Łódź <b>")
    give_credit(acme, usd("10.00"), "Downtime")
    page = get_page(signed_in, "/")
    newest = page.all("#recent li")[0]
    assert newest.text.startswith("Łódź <b>: Credit of 10.00 USD added: Downtime System · ")
    assert newest.links() == {"Łódź <b>": f"/clients/{acme.number}/"}


def test_figures_are_kept_from_those_who_may_not_see_them(client):
    staff = make_staff(VIEWER)
    staff.groups.clear()
    staff.user_permissions.add(Permission.objects.get(codename="view_client"))
    client.force_login(staff)
    acme = make_client()
    make_invoice(acme, usd("10.00"))
    assert [panel["id"] for panel in get_page(client, "/").all("section.panel")] == ["recent"]


def test_the_same_number_of_queries_for_little_and_for_much(signed_in):
    def client_with_everything(number):
        acme = make_client(f"Client {number}")
        give_credit(acme, usd("5.00"))
        make_invoice(acme, usd("10.00"))

    client_with_everything(1)
    queries_of(signed_in, "/")
    at_one = queries_of(signed_in, "/")
    for number in range(2, 52):
        client_with_everything(number)
    assert Client.objects.count() == 51
    assert queries_of(signed_in, "/") == at_one
