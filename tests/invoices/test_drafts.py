"""What is done with a draft, and with the notes of any invoice."""

import datetime
from decimal import Decimal

import pytest
from djmoney.money import Money

from clients.models import Activity, FormKey
from invoices.models import BillableItem, Invoice, InvoiceLine
from invoices.services.drafts import (
    delete_draft,
    duplicate_invoice,
    edit_draft,
    write_notes,
)
from invoices.services.issue import NewLine, draft_invoice, issue_invoice
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused, reused

pytestmark = pytest.mark.django_db


def line(description="Hosting", price="10.00", **details):
    return NewLine(description, usd(price), **details)


def draft(acme, *lines, **details):
    return draft_invoice(client=acme, lines=lines or [line()], by=None, **details)


def words(invoice):
    return list(invoice.lines.order_by("position").values_list("position", "description"))


# ── Editing ──


def test_a_draft_gets_other_lines_in_their_new_order():
    acme, ann = make_client(), make_staff(username="ann")
    first = draft(acme, line("A"), line("B", "5.00"), notes="Old")
    changed = edit_draft(
        invoice=first,
        seen=0,
        lines=[line("C", "1.00", tax_rate=Decimal(20)), line("B", "5.00"), line("A", quantity=Decimal("2.5"))],
        by=ann,
        due_on=datetime.date(2099, 1, 1),
        credit_use="never",
        notes="New",
    )
    assert words(changed) == [(1, "C"), (2, "B"), (3, "A")]
    assert (changed.pk, changed.version, changed.status) == (first.pk, 1, "draft")
    assert (changed.subtotal, changed.tax, changed.total) == (usd(31), usd("0.20"), usd("31.20"))
    assert (changed.due_on, changed.credit_use, changed.notes) == (datetime.date(2099, 1, 1), "never", "New")
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.actor_name, activity.summary) == (
        "invoice.draft_changed",
        "ann",
        "Draft changed; it comes to 31.20 USD, 15.00 USD before",
    )
    assert activity.data["before"] == [["A", "1", "10.00 USD", "0", "added"], ["B", "1", "5.00 USD", "0", "added"]]
    issued = issue_invoice(invoice=changed, by=None)
    assert (issued.total, issued.number) == (usd("31.20"), 1)
    assert_invariants()


def test_a_draft_that_somebody_else_changed_is_not_overwritten():
    first = draft(make_client())
    edit_draft(invoice=first, seen=0, lines=[line(price="12.00")], by=None)
    text = "This draft (now of 12.00 USD) was changed by somebody else since the page was opened. Nothing was saved."
    with refused(text):
        edit_draft(invoice=first, seen=0, lines=[line(price="13.00")], by=None)
    assert edit_draft(invoice=first, seen=1, lines=[line(price="13.00")], by=None).total == usd(13)


def test_a_draft_issued_meanwhile_is_not_changed():
    first = draft(make_client())
    issue_invoice(invoice=first, by=None)
    text = "INV-000001 is Unpaid; only a draft is {}. Nothing was done."
    with refused(text.format("changed")):
        edit_draft(invoice=first, seen=0, lines=[line(price="12.00")], by=None)
    with refused(text.format("deleted")):
        delete_draft(invoice=first, by=None)


def test_saving_what_is_there_says_so():
    first = draft(make_client(), line(tax_rate=Decimal("8.250")), notes="Same")
    with refused("Nothing was changed on this draft."):
        edit_draft(invoice=first, seen=0, lines=[line(tax_rate=Decimal("8.25"))], by=None, notes="Same")


def test_a_draft_keeps_its_currency_and_has_a_line():
    first = draft(make_client())
    with refused("This draft is in USD; lines in EUR were given.", "currency"):
        edit_draft(invoice=first, seen=0, lines=[NewLine("Hosting", Money(1, "EUR"))], by=None)
    with refused("An invoice needs at least one line; this one has none."):
        edit_draft(invoice=first, seen=0, lines=[], by=None)


# ── Deleting ──


def test_a_draft_is_deleted_and_its_lines_with_it():
    acme = make_client()
    give_credit(acme, usd(50))
    gone = draft(acme, line("A"), line("B"), notes="Wrong client")
    delete_draft(invoice=gone, by=None)
    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (0, 0)
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.summary) == ("invoice.draft_deleted", "Draft of 20.00 USD deleted")
    assert (len(activity.data["lines"]), activity.data["notes"]) == (2, "Wrong client")
    assert make_invoice(acme, usd(1)).number == 1
    assert_invariants()


def test_the_key_of_a_deleted_draft_can_be_used_again():
    acme = make_client()
    delete_draft(invoice=draft(acme, key=FormKey(key="form-1")), by=None)
    again = draft(acme, key=FormKey(key="form-1"))
    assert (Invoice.objects.get(), again.status) == (again, "draft")


# ── Duplicating ──


def test_a_duplicate_is_a_draft_with_the_same_lines_and_nothing_settled():
    acme = make_client()
    give_credit(acme, usd(5))
    lines = [
        line("A", "33.33", quantity=Decimal("1.5"), tax_rate=Decimal("8.25")),
        line("B", "119.00", tax_rate=Decimal(19), tax_included=True),
    ]
    original = issue_invoice(invoice=draft(acme, *lines, notes="Ours", credit_use="always"), by=None)
    copy = duplicate_invoice(invoice=original, by=None)
    assert (copy.status, copy.number, copy.due_on, copy.notes) == ("draft", None, None, "")
    assert (copy.subtotal, copy.tax, copy.total) == (original.subtotal, original.tax, original.total)
    assert (copy.credit_applied, copy.credit_use) == (usd(0), "always")
    said = ("position", "description", "quantity", "unit_price", "tax_rate", "tax_included", "amount", "tax")
    assert list(copy.lines.order_by("position").values_list(*said)) == list(
        original.lines.order_by("position").values_list(*said)
    )
    assert_invariants()


def test_a_duplicate_bills_the_periods_of_a_run_as_plain_lines():
    acme = make_client()
    item = make_item(acme, usd(10), due=datetime.date(2026, 1, 1), cycle="monthly")
    generate_invoices(as_of=datetime.date(2026, 1, 1), by=None)
    copy = duplicate_invoice(invoice=Invoice.objects.get(), by=None)
    assert list(copy.lines.values_list("billable_item", "period")) == [(None, None)]
    assert BillableItem.objects.get(pk=item.pk).periods_billed == 1


def test_a_double_click_makes_one_duplicate():
    original = make_invoice(make_client(), usd(10))
    first = duplicate_invoice(invoice=original, by=None, key=FormKey(key="form-1"))
    assert duplicate_invoice(invoice=original, by=None, key=FormKey(key="form-1")).pk == first.pk
    assert Invoice.objects.count() == 2
    other = make_invoice(original.client, usd(11))
    with refused(reused("Draft of 10.00 USD made from INV-000001")):
        duplicate_invoice(invoice=other, by=None, key=FormKey(key="form-1"))


# ── Notes ──


def test_notes_of_an_issued_invoice_are_kept_and_written_down():
    invoice = make_invoice(make_client(), usd(10), notes="Ask Ann")
    changed = write_notes(invoice=invoice, notes="Paid by instalments", seen=0, by=make_staff(username="ann"))
    assert (changed.notes, changed.version) == ("Paid by instalments", 1)
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.summary) == ("invoice.noted", "Notes of INV-000001 changed")
    assert (activity.data["before"], activity.data["after"]) == ("Ask Ann", "Paid by instalments")
    write_notes(invoice=invoice, notes="", seen=1, by=None)
    assert Activity.objects.latest("id").summary == "Notes of INV-000001 removed"


def test_notes_that_are_the_same_or_were_changed_meanwhile_are_refused():
    invoice = make_invoice(make_client(), usd(10), notes="Ask Ann")
    with refused("Nothing was changed on the notes of INV-000001."):
        write_notes(invoice=invoice, notes="Ask Ann", seen=0, by=None)
    write_notes(invoice=invoice, notes="Asked", seen=0, by=None)
    text = "This invoice was changed by somebody else since the page was opened. Nothing was saved."
    with refused(text):
        write_notes(invoice=invoice, notes="Never asked", seen=0, by=None)
