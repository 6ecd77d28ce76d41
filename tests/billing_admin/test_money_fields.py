"""How rows keep money: several amounts, one currency."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db.models import F, Model, Q, QuerySet, Sum
from djmoney.money import Money

from billing_admin.money.fields import CurrencyMismatch, MoneyField
from credits.models import CreditAccount, CreditGrant
from invoices.models import BillableItem, Invoice
from tests.factories import give_credit, make_client, make_invoice, make_item, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused_by_database
from transactions.models import Transaction

pytestmark = pytest.mark.django_db

EURO = Money(5, "EUR")
DAY = datetime.date(2030, 1, 1)


def money_columns(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.fields if isinstance(field, MoneyField)]


def test_assigning_money_of_another_currency_changes_nothing():
    invoice = make_invoice(make_client(), usd(10))
    with pytest.raises(CurrencyMismatch) as caught:
        invoice.total = EURO
    assert str(caught.value) == "invoices.Invoice.total is kept in USD; it cannot take an amount in EUR."
    assert (invoice.currency, invoice.total, invoice.subtotal) == ("USD", usd(10), usd(10))


def test_a_row_is_not_made_of_two_currencies():
    with pytest.raises(CurrencyMismatch, match=r"amount_in is kept in USD; it cannot take an amount in EUR\.$"):
        Transaction(currency="USD", amount_in=EURO)
    with pytest.raises(CurrencyMismatch, match=r"fees is kept in USD; it cannot take an amount in EUR\.$"):
        Transaction(amount_in=usd(5), fees=EURO)


def test_the_first_money_gives_a_new_row_its_currency():
    item = BillableItem(unit_price=EURO)
    assert (item.currency, item.unit_price) == ("EUR", EURO)


def test_a_bare_number_takes_the_currency_of_the_row():
    invoice = Invoice(currency="JPY", total=Decimal(500))
    assert (invoice.total, invoice.tax) == (Money(500, "JPY"), Money(0, "JPY"))


def test_money_of_the_same_currency_is_taken():
    item = make_item(make_client(), usd(10), due=DAY)
    item.unit_price = usd(12)
    item.save()
    assert BillableItem.objects.get().unit_price == usd(12)


def test_an_amount_that_was_deferred_is_loaded_with_its_currency():
    make_invoice(make_client(), Money(500, "JPY"))
    assert Invoice.objects.only("id").get().total == Money(500, "JPY")
    assert Invoice.objects.defer("total").get().total == Money(500, "JPY")
    assert Invoice.objects.defer("currency").get().total == Money(500, "JPY")
    assert Invoice.objects.defer("total", "currency").get().subtotal == Money(500, "JPY")


def test_one_field_is_refreshed_and_the_others_stay():
    acme = make_client()
    give_credit(acme, usd(10))
    account = CreditAccount.objects.get()
    give_credit(acme, usd(5))
    assert account.balance == usd(10)
    account.refresh_from_db(fields=["balance"])
    assert account.balance == usd(15)

    item = make_item(acme, usd(10), due=DAY)
    item.description = "Not stored"
    BillableItem.objects.update(unit_price=usd(11))
    item.refresh_from_db(fields=["unit_price"])
    assert (item.unit_price, item.description) == (usd(11), "Not stored")


def test_a_whole_row_is_refreshed():
    item = make_item(make_client(), usd(10), due=DAY)
    BillableItem.objects.update(unit_price=usd(11))
    item.refresh_from_db()
    assert item.unit_price == usd(11)


def test_filters_compare_amount_and_currency():
    acme = make_client()
    ten_dollars, ten_euros = make_invoice(acme, usd(10)), make_invoice(acme, Money(10, "EUR"))

    def found(*conditions: Q, **lookups: Any) -> list[Invoice]:
        return list(Invoice.objects.filter(*conditions, **lookups).order_by("id"))

    assert found(total=usd(10)) == [ten_dollars]
    assert found(total__lt=Money(11, "EUR")) == [ten_euros]
    assert found(total__gt=Money(10, "EUR")) == []
    assert found(total__gte=usd(9), total__lte=usd(11)) == [ten_dollars]
    assert found(total=Money(10, "GBP")) == []
    assert found(Q(("total", Money(10, "EUR"))) | Q(("total", usd(11)))) == [ten_euros]
    assert found(total=F("subtotal")) == [ten_dollars, ten_euros]
    money: dict[str, Any] = {"total": usd(10)}
    assert list(acme.invoices.filter(**money)) == [ten_dollars]
    assert list(acme.invoices.exclude(**money)) == [ten_euros]
    assert list(Invoice.objects.exclude(**money).filter(currency="USD")) == []


@pytest.mark.parametrize("lookup", ["total__in", "total__range"])
def test_several_amounts_are_not_compared_without_their_currencies(lookup):
    with pytest.raises(TypeError, match="one amount at a time"):
        Invoice.objects.filter(**{lookup: [usd(9), usd(11)]})


@pytest.mark.parametrize("model", [model for model in apps.get_models() if money_columns(model)])
@pytest.mark.parametrize("lookup", ["", "__lt", "__lte", "__gt", "__gte"])
def test_every_model_with_money_compares_the_currency_in_filters(model, lookup):
    """Also in a queryset that django-money has not got hold of."""
    for column in money_columns(model):
        querysets: list[Any] = [model.objects.all(), QuerySet(model)]
        for queryset in querysets:
            for condition in (Q(**{column + lookup: EURO}), ~Q(**{column + lookup: EURO})):
                assert '"currency" = EUR' in str(queryset.filter(condition).query)


def test_sums_are_bare_numbers_so_they_are_grouped_by_currency():
    acme = make_client()
    for money in (usd(10), usd("5.50"), Money(7, "EUR")):
        make_invoice(acme, money)
    totals = Invoice.objects.order_by("currency").values_list("currency").annotate(Sum("total"))
    assert list(totals) == [("EUR", Decimal(7)), ("USD", Decimal("15.50"))]


def test_an_update_takes_money_of_the_same_currency():
    make_item(make_client(), usd(10), due=DAY)
    BillableItem.objects.update(unit_price=usd("12.50"))
    assert BillableItem.objects.get().unit_price == usd("12.50")


def test_an_update_with_money_of_another_currency_is_refused():
    make_item(make_client(), usd(10), due=DAY)
    with refused_by_database("The currency of a billable item never changes."):
        BillableItem.objects.update(unit_price=EURO)
    assert_invariants()


def test_bulk_writes_keep_each_row_in_its_own_currency():
    acme = make_client()
    dollars, yen = (make_item(acme, price, due=DAY) for price in (usd(10), Money(500, "JPY")))
    dollars.unit_price, yen.unit_price = usd("10.01"), Money(501, "JPY")
    BillableItem.objects.bulk_update([dollars, yen], ["unit_price"])
    assert set(BillableItem.objects.values_list("currency", "unit_price")) == {
        ("USD", Decimal("10.01")),
        ("JPY", Decimal(501)),
    }
    with refused_by_database("billable_item_places"):
        BillableItem.objects.bulk_create(
            [BillableItem(client=acme, description="Half a yen", unit_price=Money("0.5", "JPY"), starts_on=DAY)]
        )


def test_amounts_come_back_exactly_as_they_were_given():
    acme = make_client()
    for money in (usd("0.01"), usd("999999999999.99"), Money("0.001", "KWD"), Money(1, "JPY")):
        grant = give_credit(acme, money)
        assert CreditGrant.objects.get(pk=grant.pk).amount == money
    assert_invariants()
