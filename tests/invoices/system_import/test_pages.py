"""Pages of imported invoices and of items that wait: what they show, and what they do not offer."""

from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.staff.groups import OWNER
from clients.models import MailMessage
from invoices.models import BillableItem, Invoice
from invoices.services.billable_items import pause_item
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.pages import Element, get_page, parse
from tests.staged import make_import

from .rows import bring, stage_client, stage_invoice, stage_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    run = make_import()
    stage_client(run)
    return run


@pytest.fixture
def owner(client):
    """A browser in which the owner is signed in."""
    client.force_login(make_staff(OWNER, username="robin"))
    return client


def page_of(owner: Browser, invoice: Invoice) -> Element:
    return get_page(owner, reverse("invoices:detail", args=[invoice.pk]))


def test_one_that_had_ended_is_shown_as_it_stood_there(run, owner):
    stage_invoice(run, 41, ("15.00", True), ("-3.00", False), status="Refunded", tax="1.50", tax2="0.30", tax_rate="10",
                  tax2_rate="2", credit="2.00", paid="11.80", label="2024-0001")  # fmt: skip
    bring(run, make_client("Acme"))
    page = page_of(owner, Invoice.objects.get())
    shown = page.one("#imported").text
    for said in ("Imported from WHMCS, where its id is 41", "Refunded", "Second tax at 2%", "11.80 USD"):
        assert said in shown
    rows = [row.texts("td") for row in page.all("#imported tbody tr")]
    assert rows == [["Line 0", "Yes", "15.00"], ["Line 1", "No", "−3.00"]]
    assert page.texts("#imported dd") == ["12.00", "1.50", "0.30", "2.00", "11.80 USD", "11.80"]
    assert "add up" not in shown
    assert page.all("#lines") == []


def test_where_it_does_not_add_up_the_page_says_so(run, owner):
    stage_invoice(run, 41, status="Paid", subtotal="12.00", total="20.00")
    bring(run, make_client("Acme"))
    shown = page_of(owner, Invoice.objects.get()).one("#imported").text
    assert "It does not add up: subtotal and tax are not its total." in shown
    assert "It does not add up: its lines are not its subtotal." in shown


def test_one_that_had_ended_offers_nothing_that_it_refuses(run, owner):
    stage_invoice(run, 41, status="Paid")
    bring(run, make_client("Acme"))
    invoice = Invoice.objects.get()
    assert page_of(owner, invoice).texts(".page-head .actions a") == []
    for name in ("cancel", "duplicate", "issue_credit_note", "send"):
        page = parse(owner.get(reverse(f"invoices:{name}", args=[invoice.pk])))
        posted = owner.post(reverse(f"invoices:{name}", args=[invoice.pk]), {"key": "k", "reason": "R"})
        said = page.text + parse(posted).text
        assert "was imported" in said, name
    assert Invoice.objects.count() == 1
    assert not MailMessage.objects.exists()


def test_an_open_one_offers_what_ours_does_but_no_document(run, owner):
    stage_invoice(run, 41, status="Collections", label="2024-0001")
    bring(run, make_client("Acme"))
    invoice = Invoice.objects.get()
    page = page_of(owner, invoice)
    assert page.texts(".page-head .actions a") == [
        "Apply Credit", "Record Payment", "Write Off", "Cancel Invoice", "Credit Note", "Duplicate",
    ]  # fmt: skip
    assert "Collections" in page.one("#imported").text
    assert page.texts("#lines tbody td")[0] == "Line 0"
    assert page.texts("#reminders .badge") == ["Still reminded of by the system it came from"]
    assert page.texts("#reminders .btn") == ["Payment Announced", "Disputed"]


def test_a_list_shows_the_word_that_it_has_there(run, owner):
    stage_invoice(run, 41, status="Collections")
    stage_invoice(run, 42, status="Unpaid")
    bring(run, make_client("Acme"))
    badges = get_page(owner, reverse("invoices:list")).texts("tbody .badge")
    assert [badge for badge in badges if badge not in ("Unpaid", "Overdue")] == ["Collections"]


@pytest.mark.parametrize("typed", ["2024-0001", "rechnung 7/ß"])
def test_it_is_found_by_the_number_that_it_had(run, owner, typed):
    stage_invoice(run, 41, status="Paid", label="2024-0001")
    stage_invoice(run, 42, status="Paid", label="Rechnung 7/ß")
    bring(run, make_client("Acme"))
    make_invoice(make_client(), usd(5))
    page = get_page(owner, f"{reverse('invoices:list')}?{urlencode({'q': typed})}")
    assert [text.casefold() for text in page.texts("tbody td.figure")] == [typed.casefold()]
    answer = owner.get(f"{reverse('search')}?{urlencode({'q': typed})}")
    found = Invoice.objects.get(label__iexact=typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("invoices:detail", args=[found.pk]))


def test_an_item_that_waits_says_so(run, owner):
    stage_item(run)
    client = make_client("Acme")
    bring(run, client)
    item = BillableItem.objects.get()
    page = get_page(owner, reverse("invoices:billable_items_of_client", args=[client.number]))
    assert "Waits for the switch" in page.texts("tbody .badge")
    said = get_page(owner, reverse("invoices:edit_item", args=[item.pk])).one("#outlook").text
    assert said.startswith("It waits for the switch: the system it came from still bills it.")
    answer = owner.post(reverse("invoices:resume_item", args=[item.pk]), {"missed": "bill"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.paused, item.waits_for_switch) == (False, False)
    assert pause_item(item=item, by=None).waits_for_switch is False
