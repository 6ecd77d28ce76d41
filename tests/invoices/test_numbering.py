"""Numbers with a prefix that staff set, gap-free in each series and year."""

import datetime
from types import SimpleNamespace

import pytest

from clients.models import Activity
from invoices.models import Invoice, NumberFormat
from invoices.models.number_series import Document
from invoices.selectors.numbering import next_label
from invoices.services.numbering import set_prefix
from invoices.services.runs.generate import generate_invoices
from tests.factories import make_client, make_invoice, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.raw_sql import execute
from tests.unchanged import refused, refused_by_database

pytestmark = pytest.mark.django_db

INVOICE, CREDIT_NOTE = Document.INVOICE, Document.CREDIT_NOTE


def day(text):
    return datetime.date.fromisoformat(text)


def labels():
    return [invoice.label for invoice in Invoice.objects.order_by("pk")]


def test_each_year_counts_from_one_by_hand_and_in_a_run():
    acme, ann = make_client(), make_staff(username="ann")
    set_prefix(document=INVOICE, prefix=" {year}- ", by=ann)
    for on in ("2026-12-30", "2026-12-31", "2027-01-01", "2026-12-31"):
        make_invoice(acme, usd(1), on=day(on))
    make_item(acme, usd(1), due=day("2027-01-02"))
    generate_invoices(as_of=day("2027-01-02"), by=None)
    assert labels() == ["2026-000001", "2026-000002", "2027-000001", "2026-000003", "2027-000002"]
    assert [next_label(INVOICE, day(on)) for on in ("2026-12-31", "2027-06-01", "2028-01-01")] == [
        "2026-000004",
        "2027-000003",
        "2028-000001",
    ]
    activity = Activity.objects.get(verb="numbering.changed")
    assert (activity.actor_name, activity.summary) == (
        "ann",
        "Invoice numbers begin with “{year}-”, “INV-” before",
    )
    assert_invariants()


def test_a_prefix_used_before_goes_on_where_it_was():
    acme = make_client()
    make_invoice(acme, usd(1))
    set_prefix(document=INVOICE, prefix="R/", by=None)
    make_invoice(acme, usd(1))
    set_prefix(document=INVOICE, prefix="INV-", by=None)
    make_invoice(acme, usd(1))
    set_prefix(document=INVOICE, prefix="", by=None)
    make_invoice(acme, usd(1))
    assert labels() == ["INV-000001", "R/000001", "INV-000002", "000001"]
    assert_invariants()


_TOGETHER = (
    "A prefix does not end with a digit, or numbers would run together: “{}” and 000001. Put a sign such as - between."
)
_SIGNS = "“{}” has signs that no prefix can have; {{year}} is the only thing in braces."


@pytest.mark.parametrize(
    ("prefix", "text"),
    [
        ("2026", _TOGETHER.format("2026")),
        ("INV-{year}", _TOGETHER.format("INV-2026")),
        ("x" * 17, f"“{'x' * 17}” has 17 characters; 16 are kept at most, with the year written out."),
        ("{month}-", _SIGNS.format("{month}-")),
        ("A\n-", _SIGNS.format("A\n-")),
        ("CN-", "“CN-” is the prefix of the other kind, Credit note: the same number would stand on both."),
    ],
)
def test_prefixes_with_which_numbers_could_be_mistaken_are_refused(prefix, text):
    with refused(text):
        set_prefix(document=INVOICE, prefix=prefix, by=None)


def test_a_prefix_of_sixteen_with_the_year_written_out_fits():
    set_prefix(document=INVOICE, prefix="Invoices-{year}--", by=None)
    assert next_label(INVOICE, day("2026-01-01")) == "Invoices-2026--000001"


def test_the_same_prefix_again_says_so():
    with refused("The prefix is “INV-” already; nothing was changed."):
        set_prefix(document=INVOICE, prefix="INV-", by=None)
    assert NumberFormat.objects.prefix_of(CREDIT_NOTE) == "CN-"


@pytest.mark.parametrize("prefix", ["A1", "{year}", "A{year}"])
def test_the_database_refuses_a_prefix_that_ends_with_a_digit(prefix):
    with refused_by_database("number_format_ends_without_digit"):
        execute(
            f"INSERT INTO invoices_numberformat VALUES ('invoice', '{prefix.replace('{', '{{').replace('}', '}}')}')",
            SimpleNamespace(),
        )
