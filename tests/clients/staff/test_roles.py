"""Roles of one's own: nobody puts more into them than they may, nor changes one that they are in."""

import pytest
from django.contrib.auth.models import Group, User

from billing_admin.models import Role
from billing_admin.seen import ChangedMeanwhile, seen_of
from billing_admin.staff.groups import OWNER, VIEWER, synchronize_groups
from clients.models import Activity
from clients.services.delete.delete_client import delete_client
from clients.services.staff.roles import add_role, change_role, delete_role, role_fields
from tests.factories import make_client, make_staff, person_with
from tests.staff import group, invite_to, role
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

SEE, EDIT, DELETE = "clients.view_client", "clients.change_client", "clients.delete_client"


def lacks(whose, right="Delete a client"):
    return (
        f"{whose} the right “{right}”, which you do not have: only somebody who has every such right can do this. "
        "Nothing was changed."
    )


def change(made, by, **changes):
    return change_role(group=made, **(role_fields(made) | changes), by=by)


def test_a_role_is_made_changed_and_deleted_and_each_is_written_down():
    maria = make_staff(OWNER)
    made = add_role(name=" Debt  collection ", note="Two days a week", rights=[EDIT, SEE], by=maria)
    assert role_fields(made) == {"name": "Debt collection", "note": "Two days a week", "rights": [SEE, EDIT]}
    change(made, maria, name="Collection", rights=[SEE])
    delete_role(group=made, by=maria)
    assert not Group.objects.filter(pk=made.pk).exists()
    assert [(row.verb, row.actor, row.note, row.data) for row in Activity.objects.order_by("pk")] == [
        ("role.added", maria, "Debt collection", {"role": made.pk, "after": [SEE, EDIT]}),
        ("role.changed", maria, "Collection", {"role": made.pk, "before": [SEE, EDIT], "after": [SEE]}),
        ("role.deleted", maria, "Collection", {"role": made.pk, "before": [SEE]}),
    ]


@pytest.mark.parametrize(("name", "there"), [("viewer", "viewer"), ("SUPPORT", "SUPPORT"), ("ｃlerks", "clerks")])
def test_no_two_roles_have_one_name(name, there):
    role("Clerks")
    with refused(f"There is a role “{there}” already.", "name"):
        add_role(name=name, note="", rights=[], by=None)


@pytest.mark.parametrize("name", ["Owner\u200b", "\u202eOwner", "Ow\u00adner"])
def test_no_name_of_a_role_looks_like_another(name):
    with refused("A letter of this name cannot be seen. Type the name anew.", "name"):
        add_role(name=name, note="", rights=[], by=None)


def test_only_rights_of_the_table_are_given():
    for right in ("auth.delete_user", "is_superuser", "x"):
        with refused(f"“{right}” is no right.", "rights"):
            add_role(name="Clerks", note="", rights=[right], by=None)


def test_roles_that_come_with_the_program_stay_as_they_are():
    for name in (OWNER, VIEWER):
        said = f"“{name}” comes with this program and stays as it is. Copy it, and change the copy."
        made = group(name)
        with refused(said):
            change_role(group=made, name="Bosses", note="", rights=[], by=None)
        with refused(said):
            delete_role(group=made, by=None)


def test_nobody_puts_into_a_role_what_they_lack():
    by = person_with("manage_roles", "view_client")
    with refused(lacks("The role would have"), "rights"):
        add_role(name="Clerks", note="", rights=[SEE, DELETE], by=by)
    clerks = add_role(name="Clerks", note="", rights=[SEE], by=by)
    with refused(lacks("The role would have"), "rights"):
        change(clerks, by, rights=[SEE, DELETE])


def test_nobody_takes_from_a_role_or_its_people_what_they_lack():
    by = person_with("manage_roles", "view_client")
    mighty = role("Mighty", SEE, DELETE)
    with refused(lacks("The role has")):
        change(mighty, by, rights=[SEE])
    with refused(lacks("The role has")):
        delete_role(group=mighty, by=by)
    clerks = role("Clerks", SEE)
    make_staff("Clerks", "Mighty")
    with refused(lacks("Somebody in this role has")):
        change(clerks, by, rights=[])


def test_nobody_changes_a_role_that_they_are_in():
    clerks = role("Clerks", SEE)
    said = "You are in this role yourself: somebody else has to change it. Nothing was changed."
    for by in (make_staff(OWNER, "Clerks"), User.objects.create_superuser("root")):
        by.groups.add(clerks)
        with refused(said):
            change(clerks, by, rights=[SEE, EDIT])


def test_a_superuser_in_a_role_is_changed_by_another_alone():
    clerks = role("Clerks", SEE)
    User.objects.create_superuser("root").groups.add(clerks)
    with refused("A superuser is in this role: only a superuser changes it. Nothing was changed."):
        change(clerks, make_staff(OWNER), rights=[])
    change(clerks, User.objects.create_superuser("other"), rights=[])


def test_a_role_goes_only_without_people():
    clerks = role("Clerks", SEE)
    ann = make_staff("Clerks")
    invite_to("Clerks")
    with refused(
        "1 person is in it and 1 person is invited to it: give them another role first, in Settings → Staff. Nothing "
        "was deleted."
    ):
        delete_role(group=clerks, by=None)
    ann.groups.clear()
    with pytest.raises(Exception, match="1 person is invited to it: give them"):
        delete_role(group=clerks, by=None)


def test_it_counts_at_once_for_who_is_in_it(client):
    clerks, ann = role("Clerks", SEE), make_staff("Clerks")
    client.force_login(ann)
    assert client.get("/clients/").status_code == 200
    change(clerks, None, rights=[])
    assert client.get("/clients/").status_code == 403


def test_what_another_changed_meanwhile_is_told():
    clerks = role("Clerks", SEE)
    seen = seen_of(role_fields(clerks))
    change(clerks, None, rights=[SEE, EDIT])
    with pytest.raises(ChangedMeanwhile):
        change_role(group=clerks, name="Clerks", note="", rights=[], by=None, seen=seen)
    with refused("Nothing was changed on this role."):
        change(clerks, None)


def test_the_next_upgrade_leaves_a_role_of_ones_own_alone():
    made = add_role(name="Clerks", note="", rights=[SEE], by=None)
    synchronize_groups(using="default")
    assert role_fields(made)["rights"] == [SEE]
    assert Role.objects.get(group=made).built_in is None


def test_a_deleted_client_is_named_by_no_role():
    acme = make_client("Acme Ltd")
    made = add_role(name="Acme Ltd", note="Looks after Acme Ltd", rights=[SEE], by=None)
    delete_client(client=acme, by=None)
    assert role_fields(Group.objects.get(pk=made.pk)) == {
        "name": f"Renamed role {made.pk}",
        "note": "",
        "rights": [SEE],
    }
    assert not Activity.objects.filter(note__contains="Acme").exists()
