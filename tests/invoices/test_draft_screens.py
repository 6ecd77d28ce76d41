"""Editing, deleting and duplicating, and the notes: the screens."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING, VIEWER
from invoices.models import Invoice
from invoices.services.drafts import edit_draft, write_notes
from invoices.services.issue import NewLine, draft_invoice, issue_invoice
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, sent_before

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
FORM = "#edit-draft"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING))
    return client


@pytest.fixture
def draft():
    lines = [NewLine("A", usd("1234.50")), NewLine("B", usd("5.00"))]
    return draft_invoice(client=make_client("Acme Ltd"), lines=lines, by=None, notes="Ours")


def at(name, invoice):
    return reverse(f"invoices:{name}", args=[invoice.pk])


def descriptions(page):
    return [field["value"] if "value" in field.attributes else "" for field in page.all(".line-row input[name]")][::4]


def press(browser, page, button, value="1", changes=None, **more):
    return fill(browser, page, FORM, {**(changes or {}), button: value}, **more)


# ── The editor ──


def test_it_begins_with_what_is_stored(billing, draft):
    values = values_of(get_page(billing, at("edit", draft)).one(FORM))
    assert (values["line-0-description"], values["line-0-unit_price"], values["line-0-tax_rate"]) == (
        "A",
        "1234.50",
        "0",
    )
    assert (values["notes"], values["seen"], values["prices"], values["line-TOTAL_FORMS"]) == (
        "Ours",
        "0",
        "excluded",
        "2",
    )
    assert "key" not in values


@pytest.mark.parametrize(
    ("button", "value", "expected", "focus"),
    [
        ("add_line", "1", ["A", "B", ""], "line-2-description"),
        ("remove_line", "0", ["B"], "line-0-description"),
        ("remove_line", "1", ["A"], "line-0-description"),
        ("move_up", "1", ["B", "A"], "line-0-description"),
        ("move_down", "0", ["B", "A"], "line-1-description"),
        ("move_up", "0", ["A", "B"], "line-0-description"),
        ("move_down", "1", ["A", "B"], "line-1-description"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "lines"}])
def test_lines_are_added_removed_and_moved_by_plain_buttons(billing, draft, button, value, expected, focus, headers):
    page = get_page(billing, at("edit", draft))
    with nothing_changes():
        answer = press(billing, page, button, value, headers=headers)
    shown = parse(answer)
    assert (answer.status_code, descriptions(shown)) == (200, expected)
    assert [field["name"] for field in shown.all(".line-row input[autofocus]")] == [focus]
    assert (shown.all("html") == []) == bool(headers)


@pytest.mark.parametrize(("button", "value"), [("remove_line", "nonsense"), ("move_up", "9999"), ("move_up", "-1")])
def test_a_button_for_a_line_that_is_not_there_is_a_bad_request(billing, draft, button, value):
    with nothing_changes():
        assert press(billing, get_page(billing, at("edit", draft)), button, value).status_code == 400


def test_removing_the_only_line_leaves_an_empty_one(billing, draft):
    page = parse(press(billing, get_page(billing, at("edit", draft)), "remove_line", "0"))
    assert descriptions(parse(press(billing, page, "remove_line", "0"))) == [""]


def test_a_moved_and_changed_draft_is_saved_as_it_was_on_the_form(billing, draft):
    page = parse(press(billing, get_page(billing, at("edit", draft)), "move_up", "1"))
    typed = {"line-0-unit_price": "6.00", "prices": "included", "line-0-tax_rate": "20", "draft": "1"}
    answer = fill(billing, page, FORM, typed, follow=True)
    assert answer.redirect_chain == [(at("detail", draft), 302)]
    assert parse(answer).one("#toasts p").text == ("Draft of 1,240.50 USD for Acme Ltd saved; it is not issued yet.")
    stored = draft.lines.order_by("position").values_list("description", "tax_included", "amount", "tax")
    assert list(stored) == [
        ("B", True, 5, 1),
        ("A", True, Decimal("1234.5"), 0),
    ]


def test_lines_that_differ_in_tax_keep_what_each_has(billing):
    """As a duplicate of what a run billed may have them."""
    lines = [NewLine("A", usd(119), tax_rate=Decimal(19), tax_included=True), NewLine("B", usd(100))]
    mixed = draft_invoice(client=make_client(), lines=lines, by=None)
    page = get_page(billing, at("edit", mixed))
    assert page.texts("[name=prices] option") == ["As each line has it", "Tax is added to them", "They include tax"]
    page = parse(press(billing, page, "move_up", "1", {"line-1-description": "B, later"}))
    press(billing, page, "draft")
    kept = mixed.lines.order_by("position").values_list("description", "tax_included", "amount", "tax")
    assert list(kept) == [("B, later", False, 100, 0), ("A", True, 100, 19)]
    page = get_page(billing, at("edit", mixed))
    press(billing, page, "draft", changes={"prices": "excluded"})
    assert list(kept.all()) == [("B, later", False, 100, 0), ("A", False, 119, Decimal("22.61"))]


def test_a_change_made_meanwhile_is_not_overwritten_unless_confirmed(billing, draft):
    page = get_page(billing, at("edit", draft))
    edit_draft(invoice=draft, seen=0, lines=[NewLine("Somebody else", usd(7))], by=None)
    with nothing_changes():
        answer = press(billing, page, "draft", changes={"line-0-unit_price": "8.00"})
    assert answer.status_code == 422
    assert parse(answer).texts("[data-error-summary] li") == [
        "This draft (now of 7.00 USD) was changed by somebody else since the page was opened. Nothing was saved.",
        "Line 1 stored now: “Somebody else”, 1 × 7.00 USD, tax 0% added.",
        "Line 2 is not on the draft as it is stored now.",
        "Save again to store what is on the form.",
        "Notes: Changed by somebody else meanwhile; stored now: nothing.",
    ]
    press(billing, parse(answer), "draft")
    draft.refresh_from_db()
    assert (draft.total, draft.version) == (usd(13), 2)


def test_saving_without_a_change_says_so(billing, draft):
    page = get_page(billing, at("edit", draft))
    with nothing_changes():
        answer = press(billing, page, "draft", follow=True)
    assert parse(answer).one("#toasts p").text == "Nothing was changed on this draft."
    assert parse(answer).one("#toasts .toast")["data-toast"] == "attention"


def test_an_issued_invoice_is_not_edited(billing, draft):
    page = get_page(billing, at("edit", draft))
    issue_invoice(invoice=draft, by=None)
    answer = billing.get(at("edit", draft), follow=True)
    assert parse(answer).one("#toasts p").text == ("INV-000001 is Unpaid: an issued invoice is not changed any more.")
    with nothing_changes():
        press(billing, page, "draft", changes={"line-0-unit_price": "8.00"})


def test_enter_in_a_field_moves_and_removes_nothing(billing, draft):
    """Browsers press the first button of the form then."""
    first = get_page(billing, at("edit", draft)).one(FORM).all("button[type=submit]")[0]
    assert first["name"] == "preview"


# ── Delete, duplicate, notes ──


def test_deleting_says_what_goes_and_leads_to_the_clients_invoices(billing, draft):
    page = get_page(billing, at("delete", draft))
    assert page.one(".prose p").text == (
        "The draft of 1,239.50 USD for Acme Ltd goes for good, with its 2 lines and its notes. It has no number, so "
        "none will be missing, and no credit is on it."
    )
    answer = fill(billing, page, f'form[action="{at("delete", draft)}"]', follow=True)
    assert answer.redirect_chain == [(reverse("invoices:of_client", args=[draft.client.number]), 302)]
    assert parse(answer).one("#toasts p").text == "Draft of 1,239.50 USD for Acme Ltd deleted."
    get_page(billing, at("detail", draft), status=404)


def test_an_issued_invoice_is_not_deleted(billing, draft):
    issue_invoice(invoice=draft, by=None)
    assert get_page(billing, at("delete", draft)).one(".alert").text.startswith("INV-000001 is Unpaid;")
    with nothing_changes():
        assert billing.post(at("delete", draft)).status_code == 422


def test_duplicating_leads_to_the_draft_and_a_double_click_makes_one(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(5))
    original = make_invoice(acme, usd(10))
    page = get_page(billing, at("duplicate", original))
    form = f'form[action="{at("duplicate", original)}"]'
    answer = fill(billing, page, form, follow=True)
    copy = Invoice.objects.latest("id")
    assert answer.redirect_chain == [(at("detail", copy), 302)]
    assert parse(answer).one("#toasts p").text == "Draft of 10.00 USD made from INV-000001; it is not issued."
    with nothing_changes():
        again = fill(billing, page, form, follow=True)
    assert parse(again).one("#toasts p").text == sent_before("Draft of 10.00 USD made from INV-000001")


@pytest.mark.parametrize("issued", [False, True])
def test_notes_are_changed_in_a_popup_and_drawn_anew(billing, draft, issued):
    if issued:
        issue_invoice(invoice=draft, by=None)
    form = f'form[action="{at("notes", draft)}"]'
    page = get_page(billing, at("notes", draft))
    answer = fill(billing, page, form, {"notes": "Two\r\nlines"}, headers=DIALOG)
    assert (answer.status_code, "invoicesChanged" in answer.headers["HX-Trigger"]) == (204, True)
    draft.refresh_from_db()
    assert draft.notes == "Two\nlines"
    with nothing_changes():
        again = fill(billing, get_page(billing, at("notes", draft)), form)
    assert parse(again).one("[data-error-summary]").text.startswith("Nothing was changed on the notes of")


def test_notes_changed_meanwhile_are_shown_before_they_are_overwritten(billing, draft):
    form = f'form[action="{at("notes", draft)}"]'
    page = get_page(billing, at("notes", draft))
    write_notes(invoice=draft, notes="Theirs", seen=0, by=None)
    answer = fill(billing, page, form, {"notes": "Mine"})
    assert parse(answer).texts(".field-error") == ["Changed by somebody else meanwhile; stored now: “Theirs”."]
    fill(billing, parse(answer), form)
    draft.refresh_from_db()
    assert draft.notes == "Mine"


# ── Who may only look ──


def test_who_may_only_look_sees_the_preview_and_no_other_buttons(client, draft):
    client.force_login(make_staff(VIEWER))
    assert list(get_page(client, at("detail", draft)).one("main").links())[2:] == ["Acme Ltd", "Preview"]
    for name in ("edit", "delete", "duplicate", "notes"):
        get_page(client, at(name, draft), status=403)
        with nothing_changes():
            assert client.post(at(name, draft)).status_code == 403
