"""The groups of staff after an installation and after upgrades."""

import io
from itertools import pairwise

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from billing_admin.db.versions import FIRST_MIGRATION, check_version
from billing_admin.models import OfferedPermission, Role
from billing_admin.rights import SECTIONS, names
from billing_admin.staff import groups
from billing_admin.staff.groups import (
    BILLING,
    GROUPS,
    MANAGER,
    OWNER,
    PARTS,
    SUPPORT,
    VIEWER,
    synchronize_groups,
)
from tests.factories import person_with

pytestmark = pytest.mark.django_db


def permissions_of(name):
    found = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{codename}" for label, codename in found}


def take_away(name, permission):
    group = Group.objects.get(name=name)
    group.permissions.remove(group.permissions.get(codename=permission.partition(".")[2]))


def test_a_new_installation_has_every_group_with_all_that_is_its():
    assert {name: permissions_of(name) for name in GROUPS} == {name: set(GROUPS[name]) for name in GROUPS}
    assert OfferedPermission.objects.count() == sum(len(granted) for granted in GROUPS.values())


def test_a_permission_added_later_reaches_the_groups_that_have_it(monkeypatch):
    monkeypatch.setitem(groups.GROUPS, BILLING, (*GROUPS[BILLING], "credits.adjust_balance"))
    synchronize_groups(using="default")
    assert "credits.adjust_balance" in permissions_of(BILLING)
    assert "credits.adjust_balance" not in permissions_of(VIEWER)


def test_a_permission_that_staff_took_away_is_not_given_again():
    take_away(OWNER, "clients.delete_client")
    synchronize_groups(using="default")
    assert permissions_of(OWNER) == set(GROUPS[OWNER]) - {"clients.delete_client"}


def test_a_deleted_group_is_not_made_again_not_even_for_something_new(monkeypatch):
    Group.objects.get(name=VIEWER).delete()
    monkeypatch.setitem(groups.GROUPS, VIEWER, (*GROUPS[VIEWER], "credits.add_credit"))
    synchronize_groups(using="default")
    assert not Group.objects.filter(name=VIEWER).exists()
    assert OfferedPermission.objects.filter(group_name=VIEWER, permission="credits.add_credit").exists()


def forget(name):
    """The installation as one that never had this role."""
    Group.objects.filter(name=name).delete()
    OfferedPermission.objects.filter(group_name=name).delete()


def test_a_role_that_is_new_is_made():
    forget(SUPPORT)
    synchronize_groups(using="default")
    assert permissions_of(SUPPORT) == set(GROUPS[SUPPORT])
    assert Role.objects.get(built_in="support").group.name == SUPPORT


def test_a_group_of_somebodys_own_is_left_alone_and_that_is_told():
    forget(SUPPORT)
    Group.objects.create(name=SUPPORT)
    told = io.StringIO()
    synchronize_groups(using="default", verbosity=1, stdout=told)
    assert permissions_of(SUPPORT) == set()
    assert not Role.objects.filter(built_in="support").exists()
    assert told.getvalue() == (
        "There is a group “Support” that somebody made. It stays as it is, and the role of this name is not made; "
        "rename the group, and the next migrate makes it.\n"
    )
    Group.objects.filter(name=SUPPORT).update(name="Our support")
    synchronize_groups(using="default")
    assert permissions_of(SUPPORT) == set(GROUPS[SUPPORT])
    assert permissions_of("Our support") == set()


def test_a_role_that_was_renamed_gets_what_is_new(monkeypatch):
    Group.objects.filter(name=VIEWER).update(name="Reader")
    monkeypatch.setitem(groups.GROUPS, VIEWER, (*GROUPS[VIEWER], "credits.add_credit"))
    synchronize_groups(using="default")
    assert "credits.add_credit" in permissions_of("Reader")
    assert not Group.objects.filter(name=VIEWER).exists()


def before_the_parts():
    """The installation as the version before left it."""
    for name in (SUPPORT, MANAGER):
        forget(name)
    Permission.objects.filter(codename__in=[part.partition(".")[2] for part in PARTS]).delete()
    OfferedPermission.objects.filter(permission__in=PARTS).delete()


def test_who_holds_a_permission_gets_what_was_a_part_of_it():
    before_the_parts()
    clerks = Group.objects.create(name="Clerks")
    clerks.permissions.add(Permission.objects.get(codename="remove_credit"))
    ann = person_with("merge_client", "view_credit")
    synchronize_groups(using="default")
    assert permissions_of("Clerks") == {"credits.remove_credit", "credits.reverse_credit", "credits.edit_credit"}
    assert ann.get_user_permissions() == {
        "clients.merge_client", "clients.undo_merge", "credits.view_credit", "clients.save_lists",
    }  # fmt: skip
    assert {name: permissions_of(name) for name in GROUPS} == {name: set(GROUPS[name]) for name in GROUPS}


def test_a_role_that_lost_a_permission_does_not_get_its_parts():
    before_the_parts()
    take_away(BILLING, "credits.remove_credit")
    lost = {"credits.remove_credit", "credits.reverse_credit", "credits.edit_credit"}
    for _ in range(2):
        synchronize_groups(using="default")
        assert permissions_of(BILLING) == set(GROUPS[BILLING]) - lost
    assert permissions_of(OWNER) == set(GROUPS[OWNER])


def test_parts_are_given_once():
    before_the_parts()
    synchronize_groups(using="default")
    take_away(BILLING, "credits.reverse_credit")
    clerks = Group.objects.create(name="Clerks")
    clerks.permissions.add(Permission.objects.get(codename="remove_credit"))
    synchronize_groups(using="default")
    assert "credits.reverse_credit" not in permissions_of(BILLING)
    assert permissions_of("Clerks") == {"credits.remove_credit"}


def test_each_role_may_all_that_the_one_before_may():
    sets = [set(GROUPS[name]) for name in (VIEWER, SUPPORT, BILLING, MANAGER, OWNER)]
    assert all(less < more for less, more in pairwise(sets))
    assert sets[-1] == set(names())


def test_every_right_has_its_place_in_the_table_of_roles():
    placed = [right for rights in SECTIONS.values() for right in rights]
    assert len(placed) == len(set(placed))
    assert set(placed) == set(names())


def test_synchronizing_twice_changes_nothing():
    before = list(OfferedPermission.objects.order_by("pk").values_list())
    synchronize_groups(using="default")
    assert list(OfferedPermission.objects.order_by("pk").values_list()) == before


def test_a_database_of_this_version_or_an_empty_one_is_taken():
    assert check_version(databases=["default"]) == []
    MigrationRecorder.Migration.objects.all().delete()
    assert check_version(databases=["default"]) == []


def test_a_database_older_than_the_first_version_is_refused_in_a_sentence():
    MigrationRecorder(connection).record_unapplied(*FIRST_MIGRATION)
    MigrationRecorder(connection).record_applied("billing_admin", "0003_job")
    with pytest.raises(SystemCheckError, match="made by a version before"):
        call_command("migrate", verbosity=0, skip_checks=False)
