"""Who asks a second factor of a role, who takes one away, and what Settings → Staff shows of them."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.models import Role, StaffSession
from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Activity
from clients.services.staff.roles import require_second_factor
from tests.commands import run_command
from tests.factories import make_staff, person_with
from tests.pages import get_page, queries_of
from tests.passkeys import give_passkey
from tests.second_factors import give_app
from tests.staff import group, role
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

STAFF = "/settings/staff/"


def keeper():
    """Manages roles, and may else only see clients."""
    return person_with("manage_roles", "view_client")


def is_required(name):
    return Role.objects.get(group__name=name).second_factor


def test_what_is_asked_of_a_role_is_written_down_with_the_role():
    olga = make_staff(OWNER)
    require_second_factor(group=group(BILLING), required=True, by=olga)
    require_second_factor(group=group(BILLING), required=False, by=olga)
    assert [(row.verb, row.actor, row.note, row.data) for row in Activity.objects.order_by("pk")] == [
        ("second_factor.required", olga, "Billing", {"role": group(BILLING).pk}),
        ("second_factor.not_required", olga, "Billing", {"role": group(BILLING).pk}),
    ]
    with refused("Billing does not need a second factor already; nothing was changed."):
        require_second_factor(group=group(BILLING), required=False, by=olga)


def test_nobody_takes_it_off_a_role_that_may_do_more():
    by = keeper()
    require_second_factor(group=group(OWNER), required=True, by=by)
    with refused(
        "The role has the right “Import another system” and 51 more, which you do not have: only somebody who has "
        "every such right can do this. Nothing was changed."
    ):
        require_second_factor(group=group(OWNER), required=False, by=by)
    assert is_required(OWNER)


def test_nor_off_one_whose_people_may_do_more():
    by, readers = keeper(), role("Readers", "clients.view_client")
    Role.objects.create(group=readers, second_factor=True)
    make_staff("Readers", BILLING)
    with pytest.raises(Exception, match="Somebody in this role has the right"):
        require_second_factor(group=readers, required=False, by=by)
    assert is_required("Readers")


def test_who_lost_the_right_meanwhile_asks_nothing_of_a_role():
    by = keeper()
    assert by.has_perm("billing_admin.manage_roles")
    by.user_permissions.clear()
    with refused("This needs the right “Manage roles”. An owner can give it to you."):
        require_second_factor(group=group(VIEWER), required=True, by=by)


def test_a_command_for_somebody_takes_factors_from_whom_they_may_change():
    root, ann = User.objects.create_superuser("root"), make_staff(VIEWER, username="ann")
    make_staff(OWNER, username="olga")
    for person in (root, ann):
        give_app(person)
    said = "root is a superuser, whom only a superuser changes; nothing was changed."
    assert run_command("resetsecondfactor", "root", "--as", "olga").error == said
    assert Authenticator.objects.filter(user=root).count() == 2
    run_command("resetsecondfactor", "ann", "--as", "olga")
    assert not Authenticator.objects.filter(user=ann).exists()
    row = Activity.objects.get(verb="second_factor.reset")
    assert (row.actor.get_username(), row.data) == ("olga", {"account": "ann"})
    for command in ("resetsecondfactor", "unlock"):
        error = run_command(command, "ann", "--as", "ann").error
        assert "the permission billing_admin.manage_staff is missing" in error


# ── Settings → Staff ──


def shown(client):
    """User name → second factor and last seen."""
    rows = get_page(client, STAFF).all("#staff tbody tr")
    return {row.texts("td")[0].split()[0]: (row.texts("td")[3], row.texts("td")[4]) for row in rows}


@pytest.fixture
def olga(client):
    person = make_staff(OWNER, username="olga")
    client.force_login(person)
    return person


def test_who_has_which_factors_is_shown_and_who_needs_one(client, olga):
    Role.objects.filter(built_in="billing").update(second_factor=True)
    ann, bob = make_staff(VIEWER, username="ann"), make_staff(BILLING, username="bob")
    give_app(ann)
    for _ in range(2):
        give_passkey(ann)
    give_passkey(olga)
    gone = make_staff(BILLING, username="gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert {name: said for name, (said, _) in shown(client).items()} == {
        "ann": "App, 2 passkeys", "bob": "None, and needed", "gone": "none", "olga": "1 passkey",
    }  # fmt: skip
    assert "None, and needed" in get_page(client, f"{STAFF}{bob.pk}/").one(".facts").text


def test_last_seen_is_the_last_click_and_not_signing_in(client, olga):
    now = timezone.now()
    ann = make_staff(VIEWER, username="ann")
    for hours in (5, 2):
        browser = Browser()
        browser.force_login(ann)
        latest = StaffSession.objects.filter(person=ann).latest("pk")
        StaffSession.objects.filter(pk=latest.pk).update(last_used_at=now - datetime.timedelta(hours=hours))
    User.objects.filter(pk=ann.pk).update(last_login=now - datetime.timedelta(hours=9))
    make_staff(VIEWER, username="never")

    def at(hours):
        return timezone.localtime(now - datetime.timedelta(hours=hours)).strftime("%H:%M")

    assert at(2) in shown(client)["ann"][1]
    assert shown(client)["never"][1] == "–"
    StaffSession.objects.filter(person=ann).delete()
    assert at(9) in shown(client)["ann"][1]


def test_it_is_looked_up_in_as_many_queries_for_many_as_for_one(client, olga):
    few = queries_of(client, STAFF)
    for number in range(50):
        person = make_staff(VIEWER, username=f"person{number}")
        Authenticator.objects.create(user=person, type="totp", data={})
    assert queries_of(client, STAFF) == few
