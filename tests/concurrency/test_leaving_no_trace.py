"""What a test commits is gone after it, and what the migrations put in is not."""

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from billing_admin.models import Role, StaffSession
from billing_admin.staff.groups import GROUPS
from clients.models import Client
from tests import real_commits
from tests.factories import give_credit, make_client, make_payment_method, make_staff, usd
from transactions.models import PaymentMethod


def test_groups_and_payment_methods_stay_and_everything_else_goes():
    methods = set(PaymentMethod.objects.values_list("name", flat=True))
    before = real_commits.snapshot()
    make_staff()
    make_payment_method("Stripe")
    give_credit(make_client(), usd(5))
    real_commits.restore(before)
    assert (Client.objects.count(), User.objects.count()) == (0, 0)
    assert set(PaymentMethod.objects.values_list("name", flat=True)) == methods == {
        "Bank transfer", "Card", "PayPal", "Cash",
    }  # fmt: skip
    assert {group.name: group.permissions.count() for group in Group.objects.all()} == {
        name: len(permissions) for name, permissions in GROUPS.items()
    }
    assert Permission.objects.exists()


def test_what_was_changed_or_removed_is_as_it_was():
    now = timezone.now()
    StaffSession.objects.create(digest="0" * 64, made_at=now, last_used_at=now)  # of nobody, by a late request
    before = real_commits.snapshot()
    Role.objects.filter(built_in="owner").update(second_factor=True)
    make_staff()
    Group.objects.get(name="Viewer").permissions.clear()
    PaymentMethod.objects.filter(name="Cash").delete()
    assert real_commits.snapshot() != before
    real_commits.restore(before)
    assert real_commits.snapshot() == before
