"""Who is signed in."""

import pytest

from billing_admin.staff.groups import BILLING, OWNER
from tests.factories import make_staff


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


@pytest.fixture
def owner(client):
    client.force_login(make_staff(OWNER, username="olga"))
    return client
