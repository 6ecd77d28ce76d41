"""Nobody lets somebody else do more alone than they may themselves: by giving a role, by an invitation, by a right."""

import pytest

from billing_admin.staff.groups import OWNER, VIEWER
from clients.services.staff.people import set_roles
from clients.services.staff.roles import add_role, change_role
from tests.factories import make_staff
from tests.limits import limit
from tests.staff import group
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

MORE = (
    "Credit given, at once: no limit is more than your own 100.00 USD; nobody gives another more than they have. "
    "Nothing was changed."
)
ADD, REVERSE, SEE = "credits.add_credit", "credits.reverse_credit", "clients.view_client"


@pytest.fixture
def maria():
    """An Owner who gives 100.00 USD alone, where Owners have no limit."""
    maria = make_staff(OWNER)
    limit(maria, {"given entry USD": 100})
    return maria


def test_a_role_without_the_limit_of_who_gives_it_is_not_given(maria):
    ann = make_staff(VIEWER)
    with refused(MORE):
        set_roles(person=ann, groups=[group(OWNER)], by=maria)
    limit(OWNER, {"given entry USD": 100})
    set_roles(person=ann, groups=[group(OWNER)], by=maria)
    assert ann.groups.get().name == OWNER


def test_a_role_that_gives_no_credit_needs_no_limit_of_it(maria):
    set_roles(person=make_staff(OWNER), groups=[group(VIEWER)], by=make_staff(OWNER))
    ann = make_staff()
    ann.groups.clear()
    set_roles(person=ann, groups=[group(VIEWER)], by=maria)
    assert ann.groups.get().name == VIEWER


@pytest.mark.parametrize("right", [ADD, REVERSE])
def test_a_role_of_ones_own_is_made_but_neither_given_nor_widened(maria, right):
    givers = add_role(name="Givers", note="", rights=[SEE, right], by=maria)
    others = add_role(name="Others", note="", rights=[SEE], by=maria)
    ann = make_staff(VIEWER)
    with refused(MORE):
        set_roles(person=ann, groups=[givers], by=maria)
    set_roles(person=ann, groups=[others], by=maria)
    with refused(MORE):
        change_role(group=others, name="Others", note="", rights=[SEE, right], by=maria)
