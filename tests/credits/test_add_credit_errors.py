"""What add_credit refuses whoever calls it, also past the form."""

import pytest

from billing_admin.errors import BusinessError
from credits.models import CreditGrant
from tests.factories import give_credit, make_client, usd
from tests.invariants import assert_invariants

pytestmark = pytest.mark.django_db


def test_credit_without_a_reason_is_refused():
    with pytest.raises(BusinessError, match=r"Say what the credit of 5\.00 USD is for; nothing was added\."):
        give_credit(make_client(), usd(5), " ")
    assert not CreditGrant.objects.exists()


@pytest.mark.parametrize("priority", [-1, 1001])
def test_a_priority_out_of_range_is_refused(priority):
    with pytest.raises(BusinessError, match=f"from 0 to 1000; {priority} was given"):
        give_credit(make_client(), usd(5), priority=priority)
    assert not CreditGrant.objects.exists()


def test_credit_that_no_balance_holds_is_refused():
    acme = make_client()
    give_credit(acme, usd("999999999999999.99"))
    with pytest.raises(BusinessError, match="digits"):
        give_credit(acme, usd("999999999999999.99"))
    assert CreditGrant.objects.count() == 1
    assert_invariants()
