"""Payment methods: adding, renaming, switching off."""

import pytest

from clients.models import Activity
from tests.factories import make_payment_method, make_staff
from tests.unchanged import refused
from transactions.models import PaymentMethod
from transactions.services.methods import (
    add_payment_method,
    rename_payment_method,
    switch_payment_method,
)

pytestmark = pytest.mark.django_db


def test_a_method_is_added_renamed_and_switched_off_and_on():
    ann = make_staff(username="ann")
    method = add_payment_method(name="  Direct   debit ", by=ann)
    assert (method.name, method.active) == ("Direct debit", True)
    rename_payment_method(method=method, name="SEPA direct debit", by=ann)
    switch_payment_method(method=method, active=False, by=ann)
    assert PaymentMethod.objects.filter(name="SEPA direct debit", active=False).exists()
    switch_payment_method(method=method, active=True, by=ann)
    said = Activity.objects.filter(actor=ann).order_by("id").values_list("verb", "summary")
    assert list(said) == [
        ("payment_method.added", "Payment method Direct debit added"),
        ("payment_method.renamed", "Payment method Direct debit renamed SEPA direct debit"),
        ("payment_method.switched_off", "Payment method SEPA direct debit switched off"),
        ("payment_method.switched_on", "Payment method SEPA direct debit switched on"),
    ]


def test_what_changes_nothing_says_so():
    method = make_payment_method("Cheque")
    with refused("Cheque is switched on already; nothing was changed."):
        switch_payment_method(method=method, active=True, by=None)
    with refused("The payment method is called Cheque already; nothing was changed.", "name"):
        rename_payment_method(method=method, name=" Cheque ", by=None)


def test_a_name_is_given_once_whatever_its_case():
    PaymentMethod.objects.create(name="Cheque", active=False)
    with refused("There is a payment method Cheque already, which is switched off.", "name"):
        add_payment_method(name="CHEQUE", by=None)
    giro = make_payment_method("Giro")
    with refused("There is a payment method Cheque already, which is switched off.", "name"):
        rename_payment_method(method=giro, name="cheque", by=None)
    assert rename_payment_method(method=giro, name="GIRO", by=None).name == "GIRO"
    with refused("Give the payment method a name.", "name"):
        add_payment_method(name="  ", by=None)
