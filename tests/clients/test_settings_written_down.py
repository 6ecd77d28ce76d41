"""Each change of a setting is written down with what was before and what is after."""

import datetime
from decimal import Decimal

import pytest

from clients.models import Activity, CreditUse
from clients.models.custom_field import CustomField
from clients.selectors.activity_details import changes_of
from clients.services.custom_fields import add_custom_field, change_custom_field
from clients.services.documents import set_document_limits
from credits.services.credit_use import change_credit_use
from credits.services.limits import set_credit_limits
from invoices.models.number_series import Document
from invoices.services.company import save_company
from invoices.services.exchange_rates import set_rate
from invoices.services.numbering import set_prefix
from invoices.services.runs.limits import set_run_limits
from invoices.services.tax_settings import (
    add_tax_rate,
    change_tax_rate,
    remove_tax_rate,
    set_exempt_reason,
    set_prices_include_tax,
)
from tests.factories import make_payment_method
from transactions.services.methods import rename_payment_method, switch_payment_method

pytestmark = pytest.mark.django_db


def company(**fields):
    return save_company(by=None, legal_name="Acme Hosting", country="AT", accounting_currency="EUR", **fields)


def rate(percent=20):
    return add_tax_rate(country="GB", name="VAT", rate=Decimal(percent), by=None)


def field():
    return add_custom_field(name="Since", kind=CustomField.Kind.TEXT, by=None)


DAY = datetime.date(2026, 11, 2)
CHANGES = [
    (lambda: None, lambda _: change_credit_use(credit_use=CreditUse.NEVER, by=None), [("Value", "always", "never")]),
    (lambda: None, lambda _: set_credit_limits(largest_grants={"USD": Decimal(5)}, by=None), [("USD", "–", "5.00")]),
    (lambda: None, lambda _: set_run_limits(largest_totals={}, most_lines=9, oldest_days=None, by=None),
     [("Most lines", "1000", "9")]),
    (lambda: None, lambda _: set_document_limits(megabytes=3, endings=["pdf"], by=None), ("Endings", "Megabytes")),
    (lambda: None, lambda _: set_prefix(document=Document.INVOICE, prefix="A-", by=None), ("Value",)),
    (company, lambda _: company(city="Graz"), [("City", "–", "Graz")]),
    (company, lambda _: set_rate(currency="USD", day=DAY, rate=Decimal("0.9"), by=None), [("Value", "–", "0.9")]),
    (rate, lambda made: change_tax_rate(tax_rate=made, name="VAT", rate=Decimal(21), by=None),
     [("Rate", "20.000", "21")]),
    (rate, lambda made: remove_tax_rate(tax_rate=made, by=None), ("Name", "Rate")),
    (lambda: None, lambda _: rate(), ("Name", "Rate")),
    (lambda: None, lambda _: set_prices_include_tax(included=True, by=None), [("Prices", "excluded", "included")]),
    (lambda: None, lambda _: set_exempt_reason(reason="Export", by=None), [("Exempt reason", "–", "Export")]),
    (field, lambda made: change_custom_field(field=made, name="Since", choices=[], is_on=False, by=None),
     [("Is on", "Yes", "No")]),
    (make_payment_method, lambda made: rename_payment_method(method=made, name="Wire", by=None), ("Value",)),
    (make_payment_method, lambda made: switch_payment_method(method=made, active=False, by=None),
     [("Value", "Yes", "No")]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "change", "told"), CHANGES)
def test_a_setting_says_what_was_and_what_is(make, change, told):
    change(make())
    row = Activity.objects.latest("pk")
    changes = changes_of(row.verb, row.data)
    if isinstance(told, tuple):
        assert tuple(each.label for each in changes) == told
        assert all(each.before != each.after for each in changes)
    else:
        assert [tuple(each) for each in changes] == told


def test_what_a_field_was_called_and_offered_stands_in_the_note():
    made = add_custom_field(name="Tier", kind=CustomField.Kind.CHOICE, choices=["A"], by=None)
    change_custom_field(field=made, name="Level", choices=["A", "B"], is_on=True, by=None)
    assert Activity.objects.latest("pk").note == "Level, “Tier” before; choices “A”, “B”, “A” before"
