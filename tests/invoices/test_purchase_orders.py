"""A purchase-order number: the client's own by default, another one on an item or a draft, printed on the invoice."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.models import Client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from invoices.models import BillableItem, Invoice, InvoiceLine
from invoices.services.billable_items import ItemTerms, add_billable_item
from invoices.services.drafts import duplicate_invoice, edit_draft
from invoices.services.issue import NewLine, bill_client, draft_invoice, issue_invoice
from invoices.services.runs.generate import generate_invoices
from tests.clients.holders import TODAY
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

FORM = "form[novalidate]"


def add_item(to: Client, description: str, po_number: str = "") -> BillableItem:
    terms = ItemTerms(description=description, unit_price=usd(10), starts_on=TODAY, po_number=po_number)
    return add_billable_item(client=to, terms=terms, by=None)


def run() -> list[Invoice]:
    generate_invoices(as_of=TODAY, by=None)
    assert_invariants()
    return list(Invoice.objects.order_by("pk"))


def test_an_invoice_by_hand_takes_the_clients_unless_told_another():
    acme = make_client(po_number="PO-1")
    lines = [NewLine("Hosting", usd(10))]
    assert bill_client(client=acme, lines=lines, by=None).po_number == "PO-1"
    assert draft_invoice(client=acme, lines=lines, by=None, po_number="PO-2").po_number == "PO-2"
    assert draft_invoice(client=acme, lines=lines, by=None, po_number="").po_number == ""


def test_a_draft_keeps_its_own_until_it_is_changed():
    acme = make_client(po_number="PO-1")
    lines = [NewLine("Hosting", usd(10))]
    draft = draft_invoice(client=acme, lines=lines, by=None, po_number="PO-2")
    draft = edit_draft(invoice=draft, seen=0, lines=[NewLine("Hosting", usd(11))], by=None)
    assert draft.po_number == "PO-2"
    draft = edit_draft(invoice=draft, seen=1, lines=[NewLine("Hosting", usd(11))], by=None, po_number="PO-3")
    assert duplicate_invoice(invoice=draft, by=None).po_number == "PO-3"
    assert issue_invoice(invoice=draft, by=None).po_number == "PO-3"


def test_an_issued_invoice_and_its_lines_keep_theirs():
    invoice = bill_client(client=make_client(po_number="PO-1"), lines=[NewLine("Hosting", usd(10))], by=None)
    rows = (Invoice.objects.filter(pk=invoice.pk), InvoiceLine.objects.filter(invoice=invoice))
    for each in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            each.update(po_number="PO-2")
    assert [each.get().po_number for each in rows] == ["PO-1", ""]


def test_a_run_prints_the_items_number_and_else_the_clients():
    acme, globex, initech = make_client(po_number="PO-1"), make_client("Globex"), make_client("Initech")
    add_item(acme, "Hosting")
    add_item(globex, "Hosting", "PO-7")
    add_item(globex, "Domain", "PO-7")
    add_item(initech, "Hosting")
    invoices = run()
    assert [invoice.po_number for invoice in invoices] == ["PO-1", "PO-7", ""]
    assert set(InvoiceLine.objects.values_list("po_number", flat=True)) == {""}


def test_items_of_several_orders_are_on_one_invoice_each_line_with_its_own():
    acme = make_client(po_number="PO-1")
    add_item(acme, "Hosting")
    add_item(acme, "Domain", "PO-2")
    (invoice,) = run()
    assert invoice.po_number == ""
    assert list(invoice.lines.order_by("position").values_list("description", "po_number")) == [
        ("Hosting", "PO-1"), ("Domain", "PO-2"),
    ]  # fmt: skip


def test_the_page_says_it(client):
    client.force_login(make_staff())
    acme = make_client(po_number="PO-1")
    add_item(acme, "Hosting")
    add_item(acme, "Domain", "PO-2")
    (mixed,) = run()
    single = bill_client(client=acme, lines=[NewLine("Hosting", usd(10))], by=None)
    assert get_page(client, reverse("invoices:detail", args=[mixed.pk])).texts("td:first-child span:last-child") == [
        "Purchase order PO-1", "Purchase order PO-2",
    ]  # fmt: skip
    page = get_page(client, reverse("invoices:detail", args=[single.pk]))
    assert "Purchase order PO-1" in page.one("main").text
    assert page.one("td:first-child").text == "Hosting"


def test_it_is_typed_on_profile_item_and_invoice(client):
    client.force_login(make_staff())
    acme = make_client()
    profile = f"/clients/{acme.number}/profile/"
    assert fill(client, get_page(client, profile), "#profile", {"po_number": " PO-1 "}).status_code == 302
    page = get_page(client, reverse("invoices:add_item", args=[acme.number]))
    assert "PO-1" in page.one("#id_po_number_helptext").text
    fill(client, page, FORM, {"description": "Hosting", "unit_price": "10", "po_number": "PO-2"})
    item = BillableItem.objects.get()
    fill(client, get_page(client, reverse("invoices:edit_item", args=[item.pk])), FORM, {"po_number": ""})
    item.refresh_from_db()
    assert item.po_number == ""
    page = get_page(client, reverse("invoices:create", args=[acme.number]))
    assert page.one("[name=po_number]")["value"] == "PO-1"
    typed = {"line-0-description": "Hosting", "line-0-unit_price": "10", "po_number": "PO-3", "draft": "1"}
    fill(client, page, "#create-invoice", typed)
    assert Invoice.objects.get().po_number == "PO-3"


def test_what_is_too_long_is_refused():
    acme = make_client()
    text = "The purchase-order number has 51 characters; 50 are kept at most."
    with refused(text, field="purchase-order number"):
        bill_client(client=acme, lines=[NewLine("Hosting", usd(10))], by=None, po_number="x" * 51)
    with refused(text, field="purchase-order number"):
        add_item(acme, "Hosting", "x" * 51)


def test_a_merge_asks_which_stays_and_undoing_gives_it_back():
    acme, globex = make_client(po_number="PO-1"), make_client("Globex", po_number="PO-2")
    done = merge_clients(kept=acme, discarded=globex, by=None)
    assert "Purchase-order number: PO-2" in acme.notes.get().text
    assert undo_merge(merge=done, by=None).po_number == "PO-2"


def test_a_merge_of_before_there_were_any_can_be_undone():
    acme, globex = make_client(), make_client("Globex")
    done = merge_clients(kept=acme, discarded=globex, by=None)
    del done.discarded_snapshot["po_number"]
    done.save(update_fields=["discarded_snapshot"])
    assert undo_merge(merge=done, by=None).po_number == ""
