"""Two at once about people of the staff, on real connections; each with the lock, and with the lock taken out."""

from functools import partial

import pytest
from django.contrib.auth.models import User

from billing_admin.errors import BusinessError
from billing_admin.models import Invitation
from billing_admin.staff.groups import MANAGER, OWNER, VIEWER
from billing_admin.staff.rights import owners
from clients.services.staff import accept as accepting
from clients.services.staff import reset as resetting
from clients.services.staff import rules
from clients.services.staff.accept import Joining, accept
from clients.services.staff.people import deactivate, set_roles
from clients.services.staff.reset import reset_password, reset_token
from tests.concurrency.racing import race
from tests.factories import make_staff
from tests.staff import PASSWORD, group, invite_to

CHANGED = ("UPDATE auth_user SET", "DELETE FROM auth_user_groups")


@pytest.fixture
def without_staff_lock(monkeypatch):
    """Controls: everybody passes at once."""
    for module in (rules, accepting, resetting):
        monkeypatch.setattr(module, "lock_key", lambda key: None)


def refusals(outcomes):
    """How many were refused; nothing else may go wrong."""
    assert all(isinstance(outcome, BusinessError | User | int) for outcome in outcomes), outcomes
    return sum(isinstance(outcome, BusinessError) for outcome in outcomes)


def two_owners():
    """Each of the only two takes the other's place away."""
    maria, olga = make_staff(OWNER, username="maria"), make_staff(OWNER, username="olga")
    return partial(deactivate, person=olga, by=maria), partial(deactivate, person=maria, by=olga)


def deactivate_and_demote():
    maria, olga = make_staff(OWNER, username="maria"), make_staff(OWNER, username="olga")
    root = User.objects.create_superuser("root")
    return (
        partial(deactivate, person=olga, by=root),
        partial(set_roles, person=maria, groups=[group(MANAGER)], by=root),
    )


@pytest.mark.parametrize("ways", [two_owners, deactivate_and_demote])
def test_of_two_at_once_the_last_owner_stays(ways):
    outcomes = race(*ways(), meet_before=CHANGED)
    assert refusals(outcomes) == 1
    assert owners().count() == 1


@pytest.mark.parametrize("ways", [two_owners, deactivate_and_demote])
def test_without_the_lock_no_owner_is_left(ways, without_staff_lock):
    race(*ways(), meet_before=CHANGED)
    assert owners().count() == 0


def joins(token):
    return [partial(accept, token=token, joining=Joining(name, "A", "L", PASSWORD)) for name in ("ann", "bob")]


def test_two_at_once_with_one_link_make_one_account():
    _, token = invite_to(VIEWER)
    outcomes = race(*joins(token), meet_before=("INSERT INTO auth_user ",))
    assert refusals(outcomes) == 1
    assert (User.objects.count(), Invitation.objects.count()) == (1, 0)


def test_without_the_lock_one_link_makes_two(without_staff_lock):
    _, token = invite_to(VIEWER)
    race(*joins(token), meet_before=("INSERT INTO auth_user ",))
    assert User.objects.count() == 2


def resets():
    ann = make_staff(VIEWER, username="ann")
    token = reset_token(ann)
    return [partial(reset_password, token=token, password=f"{word} horse battery") for word in ("other", "third")]


def test_two_at_once_with_one_link_set_one_password():
    outcomes = race(*resets(), meet_before=CHANGED)
    assert refusals(outcomes) == 1


def test_without_the_lock_one_link_sets_two(without_staff_lock):
    outcomes = race(*resets(), meet_before=CHANGED)
    assert refusals(outcomes) == 0
