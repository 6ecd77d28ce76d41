"""Settings → Limits: switching on needs two who can approve; nobody sets their own, or more than they have."""

from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT, VIEWER
from clients.models import Activity, Limit, LimitSettings
from clients.selectors.limits import limits_of
from clients.services.limits import set_limits, switch_limits
from tests.factories import make_staff, person_with
from tests.limits import limit, switch_on
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

LIMITS = reverse("limits")


def refused(act) -> str:
    with nothing_changes(), pytest.raises(BusinessError) as error:
        act()
    return str(error.value)


def setting(of, what, by, **amounts):
    return partial(set_limits, of=of, limits={what: {code: Decimal(most) for code, most in amounts.items()}}, by=by)


def role(name):
    return Group.objects.get(name=name)


def test_two_have_to_be_able_to_approve_before_it_is_on():
    owner = make_staff(OWNER)
    assert "one person can now" in refused(partial(switch_limits, on=True, by=owner))
    gone = make_staff(MANAGER)
    gone.is_active = False
    gone.save()
    assert "one person can now" in refused(partial(switch_limits, on=True, by=owner))
    make_staff(MANAGER)
    switch_limits(on=True, by=owner)
    assert LimitSettings.objects.are_on()
    assert "on already" in refused(partial(switch_limits, on=True, by=owner))


@pytest.mark.parametrize("kind", ["given", "written_off"])
def test_who_has_a_limit_does_not_lift_it_by_switching_all_off(kind):
    owner, other = make_staff(OWNER), make_staff(OWNER)
    limit(owner, {f"{kind} person_day USD": 1_000})
    switch_on()
    assert "you have a limit yourself, and nobody lifts" in refused(partial(switch_limits, on=False, by=owner))
    switch_limits(on=False, by=other)
    switch_limits(on=True, by=owner)


def test_who_lacks_a_right_is_not_limited_in_it_and_may_switch_off():
    by = make_staff(VIEWER)
    limit(VIEWER, {"given entry USD": 1})
    switch_on()
    switch_limits(on=False, by=by)


@pytest.mark.parametrize(
    ("right", "kind"), [("reverse_credit", "given"), ("cancel_invoice", "written_off"), ("reverse_payment", "refunded")]
)
def test_taking_a_limit_away_counts_each_right_of_its_kind(right, kind):
    """Somebody who gives removed credit back, and may not give any anew, has the limits of credit given."""
    owner, sam = make_staff(OWNER), person_with(right)
    limit(owner, {f"{kind} entry USD": 100})
    limit(sam, {f"{kind} entry USD": 50})
    assert "no limit is more than your own 100.00 USD" in refused(setting(sam, f"{kind}.entry", owner))


def test_nobody_changes_their_own():
    owner = make_staff(OWNER)
    assert "Nobody changes their own limits" in refused(setting(owner, "given.entry", owner, USD=5))
    assert "You are in Owner yourself" in refused(setting(role(OWNER), "given.entry", owner, USD=5))


def test_nobody_gives_more_than_they_have():
    owner, sam = make_staff(OWNER), make_staff(SUPPORT)
    limit(owner, {"given entry USD": 100})
    for of in (role(SUPPORT), sam):
        setting(of, "given.entry", owner, USD=100)()
        assert "150.00 USD is more than your own 100.00 USD" in refused(setting(of, "given.entry", owner, USD=150))
        assert "5.00 EUR is more than your own 0.00 EUR" in refused(setting(of, "given.entry", owner, USD=1, EUR=5))
        if of != sam:
            assert "no limit is more than your own" in refused(setting(of, "given.entry", owner))
        setting(of, "given.entry", owner, USD=50)()


def test_taking_a_persons_own_limit_away_gives_no_more_than_one_has():
    owner, sam = make_staff(OWNER), make_staff(SUPPORT)
    limit(owner, {"given entry USD": 100})
    limit(sam, {"given entry USD": 50})
    assert "no limit is more than your own" in refused(setting(sam, "given.entry", owner))
    limit(SUPPORT, {"given entry USD": 80})
    setting(sam, "given.entry", owner)()


def test_who_lacks_the_right_gives_no_limit_of_it():
    sets, sam = make_staff(VIEWER), make_staff(SUPPORT)
    limit(SUPPORT, {"given entry USD": 10})
    assert "more than your own 0.00 USD" in refused(setting(sam, "given.entry", sets, USD=11))


def test_it_is_written_down_before_and_after():
    setting(role(SUPPORT), "given.entry", make_staff(OWNER), USD=5)()
    said = Activity.objects.get(verb="limits.changed")
    assert (said.summary, said.data) == (
        "Limits of Support changed", {"before": {"given.entry": {}}, "after": {"given.entry": {"USD": "5.00"}}}
    )  # fmt: skip


def test_the_page_shows_and_stores_limits(client):
    client.force_login(make_staff(OWNER))
    support = role(SUPPORT)
    url = reverse("limits_of_role", args=[support.pk])
    changes = {"given.entry": "100.00 USD\n80 EUR", "given.person_day": "0 USD"}
    fill(client, get_page(client, url), "form.panel", changes)
    assert limits_of(support)["given.entry"] == {"USD": 100, "EUR": 80}
    assert limits_of(support)["given.person_day"] == {"USD": 0}
    shown = get_page(client, LIMITS).one("#roles").text
    assert "Credit given: 80.00 EUR at once; 100.00 USD at once; 0.00 USD in a day" in shown
    again = parse(fill(client, get_page(client, url), "form.panel"))
    assert "These are the limits already; nothing was changed." in again.text
    bad = parse(fill(client, get_page(client, url), "form.panel", {"given.entry": "-1 USD"}))
    assert bad.response.status_code == 422


def test_who_changed_it_meanwhile_is_not_overwritten(client):
    client.force_login(make_staff(OWNER))
    page = get_page(client, reverse("limits_of_role", args=[role(SUPPORT).pk]))
    limit(SUPPORT, {"given entry USD": 7})
    answer = parse(fill(client, page, "form.panel", {"given.entry": "9 USD"}))
    assert "Changed by somebody else meanwhile; stored now: “7.00 USD”." in answer.text
    assert Limit.objects.get().amount.amount == 7


def test_it_is_switched_on_the_page_by_who_may(client):
    make_staff(MANAGER)
    client.force_login(make_staff(BILLING))
    assert client.post(LIMITS, {"on": "1"}).status_code == 403
    client.force_login(make_staff(OWNER))
    assert "What is above a limit waits" in parse(client.post(LIMITS, {"on": "1"}, follow=True)).text
    assert LimitSettings.objects.are_on()
    client.post(LIMITS, {"on": ""})
    assert not LimitSettings.objects.are_on()
    switch_on()
