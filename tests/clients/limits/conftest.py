"""Somebody who asks, and somebody who may approve."""

import pytest
from django.contrib.auth.models import User

from billing_admin.staff.groups import MANAGER, SUPPORT
from tests.factories import make_staff
from tests.limits import limit, switch_on


@pytest.fixture
def sam() -> User:
    """Of Support: gives 100.00 USD at once."""
    limit(SUPPORT, {"given entry USD": 100})
    switch_on()
    return make_staff(SUPPORT, username="sam")


@pytest.fixture
def robin() -> User:
    """A manager, without limits."""
    return make_staff(MANAGER, username="robin")
