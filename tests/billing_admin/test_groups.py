"""The groups of staff after an installation and after upgrades."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from billing_admin.db.versions import FIRST_MIGRATION, check_version
from billing_admin.models import OfferedPermission
from billing_admin.staff import groups
from billing_admin.staff.groups import BILLING, GROUPS, OWNER, VIEWER, synchronize_groups

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


def test_a_group_that_is_new_is_made(monkeypatch):
    monkeypatch.setitem(groups.GROUPS, "Auditor", ("clients.view_client",))
    synchronize_groups(using="default")
    assert permissions_of("Auditor") == {"clients.view_client"}


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
