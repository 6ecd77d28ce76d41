"""Who changes whom: with every right that they have and get, never oneself, and never the last Owner."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.models import Job
from billing_admin.seen import ChangedMeanwhile, seen_of
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT, VIEWER
from clients.models import Activity
from clients.services.staff.people import activate, deactivate, role_ids, set_roles
from invoices.models import Invoice
from invoices.services.runs.start import start_run
from tests.factories import make_client, make_item, make_staff, person_with, usd
from tests.jobs import do_jobs
from tests.staff import group, role
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

LACKS = "{}, which you do not have: only somebody who has every such right can do this. Nothing was changed."


def roles_of(person):
    return set(person.groups.values_list("name", flat=True))


def test_an_owner_changes_roles_and_it_is_written_down():
    maria, ann = make_staff(OWNER), make_staff(VIEWER, username="ann")
    set_roles(person=ann, groups=[group(BILLING), group(SUPPORT)], by=maria)
    assert roles_of(ann) == {BILLING, SUPPORT}
    row = Activity.objects.get()
    assert (row.verb, row.actor, row.client, row.note) == (
        "staff.roles_changed", maria, None, "ann (ann): Viewer → Billing, Support",
    )  # fmt: skip
    assert row.data == {
        "person": ann.pk, "before": [group(VIEWER).pk], "after": [group(BILLING).pk, group(SUPPORT).pk],
    }  # fmt: skip


def test_what_changes_nothing_says_so():
    ann = make_staff(VIEWER, username="ann")
    with refused("ann is in these roles already; nothing was changed."):
        set_roles(person=ann, groups=[group(VIEWER)], by=make_staff(OWNER))
    with refused("ann is active already; nothing was changed."):
        activate(person=ann, by=None)
    deactivate(person=ann, by=None)
    with refused("ann is deactivated already; nothing was changed."):
        deactivate(person=ann, by=None)


def test_what_another_changed_meanwhile_is_told():
    ann = make_staff(VIEWER)
    seen = seen_of(role_ids(ann))
    set_roles(person=ann, groups=[group(BILLING)], by=None)
    with pytest.raises(ChangedMeanwhile):
        set_roles(person=ann, groups=[group(SUPPORT)], by=None, seen=seen)


def test_nobody_changes_themselves():
    maria = make_staff(OWNER)
    make_staff(OWNER)
    again = "Another person with the right to manage staff has to do it."
    with refused(f"Nobody changes the roles of themselves. {again}"):
        set_roles(person=maria, groups=[group(VIEWER)], by=maria)
    with refused(f"Nobody deactivates themselves. {again}"):
        deactivate(person=maria, by=maria)


def office():
    """Manages staff, and may else only see clients."""
    return person_with("manage_staff", "view_client")


def test_nobody_gives_what_they_lack():
    ann = make_staff(VIEWER)
    ann.groups.clear()
    with refused(LACKS.format("“Viewer” gives the right “Save lists as files” and 4 more"), "roles"):
        set_roles(person=ann, groups=[group(VIEWER)], by=office())


def test_nobody_changes_who_may_do_more_active_or_not():
    by, ann = office(), make_staff(MANAGER, username="ann")
    said = LACKS.format("ann has the right “Add and import clients” and 36 more")
    for change in (
        lambda: set_roles(person=ann, groups=[], by=by),
        lambda: deactivate(person=ann, by=by),
    ):
        with refused(said):
            change()
    User.objects.filter(pk=ann.pk).update(is_active=False)
    with refused(said):
        activate(person=ann, by=by)


def test_a_right_that_somebody_has_without_a_role_counts():
    by, ann = office(), person_with("delete_client")
    with refused(LACKS.format(f"{ann.username} has the right “Delete a client”")):
        deactivate(person=ann, by=by)


def test_only_a_superuser_changes_a_superuser():
    root = User.objects.create_superuser("root")
    said = "root is a superuser, whom only a superuser changes; nothing was changed."
    with refused(said):
        deactivate(person=root, by=make_staff(OWNER))
    with refused(said):
        set_roles(person=root, groups=[group(VIEWER)], by=make_staff(OWNER))
    deactivate(person=root, by=User.objects.create_superuser("other"))
    assert not User.objects.get(username="root").is_active


def test_the_last_owner_stays_whoever_asks():
    maria, root = make_staff(OWNER, username="maria"), User.objects.create_superuser("root")
    said = "maria is the only Owner who is active. Make somebody else an Owner first; nothing was changed."
    for by in (root, None):
        with refused(said):
            deactivate(person=maria, by=by)
        with refused(said):
            set_roles(person=maria, groups=[group(MANAGER)], by=by)
    olga = make_staff(OWNER)
    User.objects.filter(pk=olga.pk).update(is_active=False)
    with refused(said):
        deactivate(person=maria, by=root)
    User.objects.filter(pk=olga.pk).update(is_active=True)
    deactivate(person=maria, by=root)


def test_the_owner_role_is_known_by_what_it_is_not_by_its_name():
    maria = make_staff(OWNER, username="maria")
    owners = group(OWNER)
    owners.name = "Bosses"
    owners.save()
    with refused("maria is the only Owner who is active. Make somebody else an Owner first; nothing was changed."):
        deactivate(person=maria, by=None)
    set_roles(person=maria, groups=[owners, group(VIEWER)], by=None)


def test_the_rights_of_who_acts_are_those_of_this_moment():
    maria, ann = make_staff(OWNER), make_staff(VIEWER)
    assert maria.has_perm("billing_admin.manage_staff")  # and Django remembers that
    maria.groups.set([group(MANAGER)])
    with refused("This needs the right “Manage staff”. An owner can give it to you."):
        deactivate(person=ann, by=maria)
    User.objects.filter(pk=maria.pk).update(is_active=False)
    with refused("Your account was deactivated meanwhile; nothing was changed."):
        deactivate(person=ann, by=maria)


def test_no_second_account_is_a_way_up():
    """One who manages staff makes an accomplice, gives them what both lack, or has them give it back."""
    by = office()
    readers = role("Readers", "clients.view_client", "billing_admin.manage_staff")
    ann = make_staff("Readers")
    for one, other in ((by, ann), (ann, by)):
        for name in (OWNER, VIEWER):
            with pytest.raises(Exception, match="which you do not have"):
                set_roles(person=other, groups=[readers, group(name)], by=one)
    assert ann.get_all_permissions() == {"clients.view_client", "billing_admin.manage_staff"}


def test_whoever_is_deactivated_is_signed_out_for_good():
    ann, browser = make_staff(VIEWER), Browser()
    browser.force_login(ann)
    assert browser.get("/clients/").status_code == 200
    deactivate(person=ann, by=None)
    assert browser.get("/clients/").status_code == 302
    activate(person=ann, by=None)
    assert browser.get("/clients/").status_code == 302  # with their old cookie
    assert User.objects.get(pk=ann.pk).check_password("correct horse battery")


def test_what_they_asked_for_and_waits_is_not_done():
    maria, ann = make_staff(OWNER), make_staff(OWNER)
    waiting = enqueue_job(kind="credits.check_ledger", by=ann)
    deactivate(person=ann, by=maria)
    do_jobs()
    job = Job.objects.get(pk=waiting.pk)
    assert (job.state, job.outcome) == ("refused", "Who asked for it was deactivated meanwhile; nothing was done.")


def test_a_run_that_they_asked_for_and_has_not_begun_is_cancelled():
    ann = make_staff(OWNER)
    make_item(make_client(), usd(10), due=timezone.localdate())
    run = start_run(as_of=timezone.localdate(), today=timezone.localdate(), dry_run=False, by=ann)
    deactivate(person=ann, by=make_staff(OWNER))
    do_jobs()
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Invoice.objects.exists()


def test_django_admin_permissions_held_by_other_means_count_too():
    ann = make_staff(VIEWER, username="ann")
    ann.user_permissions.add(Permission.objects.get(codename="delete_user"))
    with refused(LACKS.format("ann has the right “auth.delete_user”")):
        deactivate(person=ann, by=make_staff(OWNER))
