"""On the page of a draft: what it lacks to be an e-invoice; in its editor: what a line says of units and tax."""

from decimal import Decimal
from typing import Any

import pytest
from djmoney.money import Money

from invoices.models import Invoice
from invoices.services.drafts import duplicate_invoice, edit_draft
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import make_staff, person_with
from tests.invoices.companies import make_buyer, make_company
from tests.pages import fill, get_page, parse, values_of

pytestmark = pytest.mark.django_db


def draft_of(acme: Any, *lines: NewLine) -> Invoice:
    lines = lines or (NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20)),)
    return draft_invoice(client=acme, lines=lines, by=None)


def panel(browser: Any, draft: Invoice) -> Any:
    found = get_page(browser, f"/invoices/{draft.pk}/").all("#e-invoice")
    return found[0] if found else None


def test_the_draft_says_what_it_lacks_with_a_link(client):
    client.force_login(make_staff())
    make_company(contact_phone="")
    acme = make_buyer(e_invoice="xrechnung", city="")
    found = panel(client, draft_of(acme))
    assert {item.text: item.one("a")["href"] for item in found.all("li")} == {
        "The company’s contact has no phone. Fill in": "/settings/company/",
        "The client’s address has no city. Fill in": f"/clients/{acme.number}/profile/",
    }
    assert "It is not issued before this is there:" in found.text


def test_who_may_not_fill_it_in_gets_no_link(client):
    client.force_login(person_with("view_invoice", "view_client"))
    make_company(contact_phone="")
    found = panel(client, draft_of(make_buyer(e_invoice="xrechnung")))
    assert found.texts("li") == ["The company’s contact has no phone."]


def test_nothing_is_said_without_a_company_unless_one_is_needed(client):
    client.force_login(make_staff())
    assert panel(client, draft_of(make_buyer())) is None
    assert "The company is not filled in." in panel(client, draft_of(make_buyer(e_invoice="factur_x"))).text
    make_company()
    assert "Nothing is missing for one." in panel(client, draft_of(make_buyer())).text


def test_a_tax_id_that_is_left_out_is_a_remark_with_a_link(client):
    client.force_login(make_staff())
    make_company()
    acme = make_buyer(tax_id="123")
    found = panel(client, draft_of(acme))
    assert "Nothing is missing for one." in found.text
    assert "The client’s tax ID, 123, does not begin with a country: e-invoices leave it out." in found.text
    assert found.one("a")["href"] == f"/clients/{acme.number}/profile/"
    client.force_login(person_with("view_invoice", "view_client"))
    assert panel(client, draft_of(acme)).all("a") == []


FORM = "#create-invoice"
LINE = {
    "line-0-description": "Support", "line-0-quantity": "2", "line-0-unit_price": "40", "line-0-tax_rate": "0",
    "line-0-unit": "HUR", "line-0-tax_category": "E",
}  # fmt: skip


def test_units_the_reason_and_the_buyer_reference_are_typed(client):
    client.force_login(make_staff())
    page = get_page(client, f"/clients/{make_buyer().number}/invoices/create/")
    assert values_of(page.one(FORM))["buyer_reference"] == "04011000-12345-34"
    fill(client, page, FORM, {**LINE, "buyer_reference": "R-1", "draft": "1"})
    draft = Invoice.objects.get()
    stored = draft.lines.get()
    assert (stored.unit, stored.tax_category, draft.buyer_reference) == ("HUR", "E", "R-1")
    page = get_page(client, f"/invoices/{draft.pk}/edit/")
    typed = values_of(page.one("#edit-draft"))
    assert (typed["line-0-unit"], typed["line-0-tax_category"], typed["buyer_reference"]) == ("HUR", "E", "R-1")
    assert "open" in page.one(".line-more").attributes
    fill(client, page, "#edit-draft", {"line-0-unit": "DAY", "buyer_reference": "R-2", "draft": "1"})
    draft.refresh_from_db()
    stored = draft.lines.get()
    assert (stored.unit, stored.tax_category, draft.buyer_reference) == ("DAY", "E", "R-2")


def test_a_line_keeps_its_unit_and_reason_where_another_is_added(client):
    client.force_login(make_staff())
    page = get_page(client, f"/clients/{make_buyer().number}/invoices/create/")
    arranged = values_of(parse(fill(client, page, FORM, {**LINE, "move_down": "0"})).one(FORM))
    assert (arranged["line-1-unit"], arranged["line-1-tax_category"]) == ("HUR", "E")


def test_a_duplicate_keeps_unit_reason_and_reference():
    acme = make_buyer()
    lines = [NewLine("A", Money(5, "EUR"), tax_rate=Decimal(0), tax_category="AE", unit="MON"),
             NewLine("B", Money(5, "EUR"), tax_rate=Decimal(20))]  # fmt: skip
    draft = draft_of(acme, *lines)
    again = duplicate_invoice(invoice=draft, by=None)
    said = [(line.unit, line.tax_category) for line in again.lines.order_by("position")]
    assert said == [("MON", "AE"), ("C62", "S")]
    assert again.buyer_reference == "04011000-12345-34"


def test_a_change_of_the_unit_alone_is_a_change():
    draft = draft_of(make_buyer())
    changed = edit_draft(
        invoice=draft, seen=0, by=None,
        lines=[NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20), unit="MON")],
    )  # fmt: skip
    assert changed.lines.get().unit == "MON"


@pytest.mark.parametrize(
    ("about", "text"),
    [({"unit": "XX"}, "Line 1: “XX” is no unit of the list."),
     ({"tax_category": "K"}, "Line 1: “K” is no tax category of the list.")],
)  # fmt: skip
def test_what_is_not_in_the_lists_is_refused(about, text):
    with pytest.raises(Exception, match=text):
        draft_of(make_buyer(), NewLine("Hosting", Money(50, "EUR"), **about))
