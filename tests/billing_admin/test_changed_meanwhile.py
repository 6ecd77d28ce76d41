"""Two people at one setting or item: what the other saved meanwhile is shown beside what was typed."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.urls import reverse
from djmoney.money import Money

from clients.models import CreditUse
from credits.models import CreditSettings
from credits.services.credit_use import change_credit_use
from credits.services.limits import set_credit_limits
from invoices.models import BillableItem, NumberFormat, RunLimits, TaxRate, TaxSettings
from invoices.models.number_series import Document
from invoices.services.billable_items import edit_billable_item, terms_of
from invoices.services.numbering import set_prefix
from invoices.services.runs.limits import set_run_limits
from invoices.services.tax_settings import add_tax_rate, change_tax_rate, set_exempt_reason, set_prices_include_tax
from tests.factories import make_client, make_item, make_staff
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


class Case(NamedTuple):
    """Where it is changed, what the other saves meanwhile, what is typed, what is said, and what is stored at last."""

    url: Callable[[], str]
    form: str
    meanwhile: Callable[[], Any]
    typed: dict[str, str]
    said: str
    stored: Callable[[], Any]
    at_last: Any


def _rate() -> str:
    rate = add_tax_rate(country="DE", name="VAT", rate=Decimal(19), by=None)
    return reverse("invoices:edit_rate", args=[rate.pk])


def _item() -> str:
    item = make_item(make_client(), Money(10, "USD"), due=datetime.date(2099, 1, 31))
    return reverse("invoices:edit_item", args=[item.pk])


def _edit_item() -> None:
    item = BillableItem.objects.select_related("client").get()
    terms = terms_of(item)
    terms.__dict__["unit_price"] = Money(12, "USD")
    edit_billable_item(item=item, seen=item.version, terms=terms, by=None)


def _limits(**changed: Any) -> None:
    set_run_limits(**{"largest_totals": {}, "most_lines": 1_000, "oldest_days": None} | changed, by=None)


CASES = {
    "automatic use of credit": Case(
        lambda: reverse("settings"), "form.settings:has([name=credit_use])",
        lambda: change_credit_use(credit_use=CreditUse.NEVER, by=None), {"credit_use": "whole"}, "“Never”",
        lambda: CreditSettings.objects.get().credit_use, "whole",
    ),
    "limits of credit": Case(
        lambda: reverse("settings"), "form.settings:has([name=largest_grants])",
        lambda: set_credit_limits(largest_grants={"USD": Decimal(5)}, by=None), {"largest_grants": "7 USD"},
        "“5.00 USD”", lambda: CreditSettings.objects.get().largest_grants, {"USD": "7.00"},
    ),
    "limits of runs": Case(
        lambda: reverse("invoices:run_limits"), "form.panel",
        lambda: _limits(most_lines=5, oldest_days=9, largest_totals={"JPY": Decimal(9000)}), {"most_lines": "7"}, "“5”",
        lambda: RunLimits.objects.values_list("most_lines", "oldest_days", "largest_totals").get(),
        (7, 9, {"JPY": "9000"}),
    ),
    "prices": Case(
        lambda: reverse("invoices:tax"), "#prices", lambda: set_prices_include_tax(included=True, by=None), {}, "",
        lambda: TaxSettings.objects.get().prices_include_tax, True,
    ),
    "exempt reason": Case(
        lambda: reverse("invoices:tax"), "#exempt", lambda: set_exempt_reason(reason="Article 1", by=None),
        {"exempt_reason": "Article 2"}, "“Article 1”", lambda: TaxSettings.objects.get().exempt_reason, "Article 2",
    ),
    "tax rate": Case(
        _rate, "form[novalidate]",
        lambda: change_tax_rate(tax_rate=TaxRate.objects.get(), name="MwSt", rate=Decimal("20.5"), by=None),
        {"rate": "21"}, "“20.5”", lambda: str(TaxRate.objects.get()), "MwSt 21%",
    ),
    "numbering": Case(
        lambda: reverse("invoices:numbering"), "#numbering-invoice",
        lambda: set_prefix(document=Document.INVOICE, prefix="B-", by=None), {"begins_with": "C-"}, "“B-”",
        lambda: NumberFormat.objects.prefix_of(Document.INVOICE), "C-",
    ),
    "billable item": Case(
        _item, "form[novalidate]", _edit_item, {"unit_price": "11"}, "“12.00”",
        lambda: BillableItem.objects.get().unit_price, Money(11, "USD"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", set(CASES) - {"prices"})
def test_what_the_other_saved_is_shown_and_kept_until_saved_again(client, what):
    case = CASES[what]
    client.force_login(make_staff())
    url = case.url()
    page = get_page(client, url)
    case.meanwhile()
    with nothing_changes():
        answer = fill(client, page, case.form, case.typed)
    assert answer.status_code == 422
    page = parse(answer)
    assert page.texts(".field-error") == [f"Changed by somebody else meanwhile; stored now: {case.said}."]
    assert "Save again to store what is on the form." in page.texts("[data-error-summary] p")
    assert fill(client, page, case.form).status_code == 302
    assert case.stored() == case.at_last


@pytest.mark.parametrize("what", set(CASES) - {"billable item"})
def test_what_was_left_alone_keeps_what_the_other_saved(client, what):
    case = CASES[what]
    client.force_login(make_staff())
    page = get_page(client, case.url())
    case.meanwhile()
    before = case.stored()
    with nothing_changes():
        fill(client, page, case.form)
    assert case.stored() == before


@pytest.mark.parametrize("what", set(CASES) - {"billable item"})
@pytest.mark.parametrize("seen", ["", "x", "nothing=0", None])
def test_a_form_without_what_was_seen_is_refused(client, what, seen):
    case = CASES[what]
    client.force_login(make_staff())
    page = get_page(client, case.url())
    with nothing_changes():
        answer = fill(client, page, case.form, {**case.typed, "seen": seen})
    assert answer.status_code == 422
    assert "This form is not as it was sent out. Open it again." in parse(answer).texts("[data-error-summary] p")
