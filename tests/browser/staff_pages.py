"""The pages about people of the staff and their roles, by a name: a part of `every_page`."""

from django.contrib.auth.models import User
from django.urls import reverse

from billing_admin.models import Invitation
from billing_admin.staff.groups import BILLING, VIEWER
from tests.factories import make_staff
from tests.staff import group, invite_to, role


def invitation() -> Invitation:
    """Somebody with a long address who is invited."""
    there = Invitation.objects.first()
    return there or invite_to(VIEWER, BILLING, email=f"{'accounts' * 6}@example.com")[0]


def colleague() -> User:
    """Somebody of the staff in two roles, with a long name."""
    there = User.objects.filter(username="colleague").first()
    if there is None:
        there = make_staff(VIEWER, BILLING, username="colleague")
        User.objects.filter(pk=there.pk).update(
            first_name="Maximiliane", last_name="Donaudampfschifffahrtsgesellschaft"
        )
    return there


STAFF_PAGES = {
    "add role": lambda acme: reverse("staff:add_role") + f"?copy={group(BILLING).pk}",
    "role of one's own": lambda acme: reverse("staff:role", args=[role("Collections", "clients.view_client").pk]),
    "delete role": lambda acme: reverse("staff:delete_role", args=[role("Old").pk]),
    "staff": lambda acme: invitation() and reverse("staff:list"),
    "invite somebody": lambda acme: reverse("staff:invite"),
    "invite again": lambda acme: reverse("staff:invite_again", args=[invitation().pk]),
    "withdraw an invitation": lambda acme: reverse("staff:withdraw", args=[invitation().pk]),
    "person": lambda acme: reverse("staff:person", args=[colleague().pk]),
    "deactivate somebody": lambda acme: reverse("staff:deactivate", args=[colleague().pk]),
    "activate somebody": lambda acme: reverse("staff:activate", args=[colleague().pk]),
    "send a password reset": lambda acme: reverse("staff:send_reset", args=[colleague().pk]),
    "own e-mail": lambda acme: reverse("staff:own_email"),
    "forgotten password": lambda acme: reverse("staff:forgotten"),
}
