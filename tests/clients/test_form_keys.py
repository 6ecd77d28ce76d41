"""One form is one action of one person for one client, with its figures; a repeated one gets the first outcome."""

import datetime
from decimal import Decimal
from functools import partial

import pytest
from djmoney.money import Money

from clients.models import FormKey, KeyReused
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditGrant
from credits.services.grant import add_credit
from credits.services.remove import remove_credit
from invoices.services.billable_items import ItemTerms, add_billable_item
from tests.factories import make_client, make_staff, usd
from tests.unchanged import nothing_changes, refused, reused

pytestmark = pytest.mark.django_db

ADDED = "Credit of 25.00 USD added to Acme Ltd"


def send(service, *, key="form-1", **given):
    """The outcome, and whether the form was sent before."""
    sent = FormKey(key=key)
    return service(**given, key=sent), sent.repeated


@pytest.fixture
def form():
    """Credit given to Acme by Ann; what is given again changes the form."""
    ann = make_staff(username="ann")
    send_form = partial(
        send, add_credit, client=make_client("Acme Ltd"), amount=usd(25), description="Downtime", by=ann
    )
    send_form()
    return send_form


def test_a_form_that_is_sent_again_gets_the_first_outcome(form):
    with nothing_changes():
        assert form() == (CreditGrant.objects.get(), True)


def test_figures_are_the_same_however_they_are_written(form):
    with nothing_changes():
        assert form(amount=Money("25.000", "USD"))[1]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda form: form(amount=usd("25.01")), id="figures"),
        pytest.param(lambda form: form(client=make_client("Globex")), id="client"),
        pytest.param(lambda form: form(by=make_staff(username="bo")), id="person"),
        pytest.param(lambda form: form(by=None), id="nobody"),
        pytest.param(lambda form: send(remove_credit, **form.keywords), id="action"),
    ],
)
def test_a_form_sent_for_something_else_is_refused(form, other):
    make_client("Globex")
    with pytest.raises(KeyReused) as caught:
        other(form)
    assert str(caught.value) == reused(ADDED)
    assert CreditGrant.objects.get().remaining == usd(25)


def test_another_form_does_the_same_again(form):
    assert not form(key="form-2")[1]
    assert CreditGrant.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": Decimal(2)},
        {"starts_on": datetime.date(2030, 1, 2)},
        {"ends_on": datetime.date(2031, 1, 1)},
        {"tax_included": False},
        {"cycle": "monthly"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_each_of_several_figures_counts(other):
    acme = make_client("Acme Ltd")
    terms = {"description": "Hosting", "unit_price": usd(10), "starts_on": datetime.date(2030, 1, 1)}
    add = partial(send, add_billable_item, client=acme, by=None)
    add(terms=ItemTerms(**terms))
    assert add(terms=ItemTerms(**terms, quantity=Decimal("1.00")))[1]
    with refused(reused("“Hosting” of 10.00 USD added for Acme Ltd")):
        add(terms=ItemTerms(**{**terms, **other}))


def test_a_merge_takes_the_form_along_and_its_undo_gives_it_back(form):
    acme, globex = form.keywords["client"], make_client("Globex")
    merge = merge_clients(kept=globex, discarded=acme, by=None)
    assert FormKey.objects.get().client == globex
    with nothing_changes():
        assert form(client=globex)[1]
    undo_merge(merge=merge, by=None)
    assert FormKey.objects.get().client_id == acme.pk
    with nothing_changes():
        assert form()[1]


def test_a_deletion_takes_the_form_away(form):
    delete_client(client=form.keywords["client"], by=None)
    assert not FormKey.objects.exists()
