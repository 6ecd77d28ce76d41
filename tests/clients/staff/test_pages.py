"""Settings → Staff as it is seen and attacked: guessed ids, fields that no form has, links of others."""

import pytest
from django.contrib.auth.models import Group, User

from billing_admin.models import Invitation
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, VIEWER
from tests.factories import make_staff, person_with
from tests.pages import fill, get_page
from tests.staff import PASSWORD, group, invite_to, role
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

STAFF = "/settings/staff/"
# What no form of these has, sent along with each.
MORE = {
    "is_superuser": "1", "is_staff": "1", "is_active": "1", "groups": "1", "user_permissions": "1", "person": "1",
    "email": "evil@x.example", "invited_by": "1", "by": "1", "pk": "1", "id": "1", "built_in": "owner",
}  # fmt: skip


@pytest.fixture
def maria(client):
    person = make_staff(OWNER, username="maria")
    client.force_login(person)
    return person


def people():
    return list(User.objects.order_by("pk").values("username", "is_superuser", "is_staff", "is_active", "email"))


def test_everybody_is_listed_with_roles_and_state(client, maria):
    ann = make_staff(VIEWER, BILLING, username="ann")
    User.objects.filter(pk=ann.pk).update(is_active=False, first_name="Ann", last_name="Lee")
    User.objects.create_superuser("root")
    invite_to(MANAGER, by=maria)
    page = get_page(client, STAFF)
    rows = [row.texts("td") for row in page.all("#staff tbody tr")]
    assert [(row[0], row[2], row[5]) for row in rows] == [
        ("maria maria, you", "Owner", "Active"),
        ("root root", "Superuser", "Active"),
        ("Ann Lee ann", "Billing Viewer", "Deactivated"),
    ]
    (invited,) = page.all("#invitations tbody tr")
    assert invited.texts("td")[:3] == ["ann@hosting.example", "Manager", "maria"]
    assert "Invited until" in invited.texts("td")[3]


def test_it_makes_as_many_queries_for_many_as_for_few(client, maria, django_assert_max_num_queries):
    for number in range(20):
        make_staff(VIEWER, BILLING)
        invite_to(VIEWER, email=f"a{number}@hosting.example", by=maria)
    with django_assert_max_num_queries(14):
        client.get(STAFF)


def test_inviting_by_a_link_shows_it_once(client, maria):
    page = get_page(client, f"{STAFF}invite/")
    answer = fill(client, page, "main form", {"email": "ann@hosting.example", "roles": str(group(VIEWER).pk), **{
        name: value for name, value in MORE.items() if name != "email"}})  # fmt: skip
    shown = answer.content.decode()
    link = shown.partition('id="link" value="')[2].partition('"')[0]
    assert link.startswith("http://testserver/join/?token=")
    token = link.partition("token=")[2]
    assert token not in client.get(STAFF).content.decode()
    assert Invitation.objects.get().invited_by == maria


def test_the_link_on_the_page_is_ours_where_our_address_is_set(client, maria, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://billing.example.com", ["*"]
    sent = {"email": "ann@hosting.example", "roles": str(group(VIEWER).pk), "how": "link"}
    answer = client.post(f"{STAFF}invite/", sent, HTTP_HOST="evil.example")
    assert "https://billing.example.com/join/?token=" in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_who_joins_says_nothing_but_their_name(client):
    _, token = invite_to(VIEWER)
    sent = {"first_name": "Ann", "last_name": "Lee", "username": "ann", "password": PASSWORD, **MORE,
            "roles": str(group(OWNER).pk)}  # fmt: skip
    assert client.post(f"/join/?token={token}", sent).headers["Location"] == "/sign-in/"
    (ann,) = people()
    assert ann == {
        "username": "ann", "is_superuser": False, "is_staff": False, "is_active": True, "email": "ann@hosting.example",
    }  # fmt: skip
    assert list(User.objects.get().groups.values_list("name", flat=True)) == [VIEWER]
    assert client.get(f"/join/?token={token}").status_code == 410


def test_who_is_signed_in_joins_as_nobody_else(client, maria):
    _, token = invite_to(VIEWER)
    with nothing_changes():
        page = get_page(client, f"/join/?token={token}")
        assert "maria is signed in here" in page.one("main").text
        client.post(
            f"/join/?token={token}", {"username": "ann", "password": PASSWORD, "first_name": "A", "last_name": "L"}
        )
    assert len(people()) == 1


def test_roles_are_changed_and_nothing_else(client, maria):
    ann = make_staff(VIEWER, username="ann")
    before = people()
    page = get_page(client, f"{STAFF}{ann.pk}/")
    fill(client, page, "main form", {"roles": str(group(BILLING).pk), **MORE})
    assert list(ann.groups.values_list("name", flat=True)) == [BILLING]
    assert people() == before


def test_a_role_takes_no_right_that_is_none(client, maria):
    page = get_page(client, "/settings/roles/add/")
    for right in ("auth.change_user", "is_superuser", "billing_admin.manage_everything"):
        with nothing_changes():
            answer = fill(client, page, "main form", {"name": "Clerks", "rights": right, **MORE})
            assert answer.status_code == 422
    fill(client, page, "main form", {"name": "Clerks", "rights": "clients.view_client", **MORE})
    made = Group.objects.get(name="Clerks")
    assert (made.role.built_in, made.user_set.count(), made.permissions.count()) == (None, 0, 1)


@pytest.mark.parametrize("what", ["", "deactivate/", "activate/", "reset/"])
def test_an_id_that_is_guessed_changes_nobody_who_may_do_more(client, what):
    """Who manages staff and else only looks: of an Owner, of a superuser, of themselves, and of nobody."""
    office = person_with("manage_staff", "view_client")
    client.force_login(office)
    root, maria = User.objects.create_superuser("root"), make_staff(OWNER)
    for pk in (root.pk, maria.pk, office.pk, 10**9):
        sent = {"roles": str(group(VIEWER).pk), "seen": "roles=x"}
        with nothing_changes():
            assert client.post(f"{STAFF}{pk}/{what}", sent).status_code in (200, 404, 422)
    assert client.get(f"{STAFF}{'9' * 30}/{what}").status_code == 404


def test_who_manages_no_staff_sees_and_does_nothing(client):
    ann = make_staff(MANAGER)
    made, _ = invite_to(VIEWER)
    client.force_login(ann)
    for path in ("", "invite/", f"{ann.pk}/", f"{ann.pk}/deactivate/", f"invitations/{made.pk}/again/",
                 f"invitations/{made.pk}/withdraw/"):  # fmt: skip
        with nothing_changes():
            assert client.get(f"{STAFF}{path}").status_code == 403
            assert client.post(f"{STAFF}{path}").status_code in (403, 405)
    assert "Staff" not in get_page(client, "/settings/roles/").texts("nav.tabs a")


def test_what_somebody_may_not_give_is_not_offered(client):
    office = person_with("manage_staff", "manage_roles", "view_client")
    client.force_login(office)
    readers = role("Readers", "clients.view_client")
    page = get_page(client, f"{STAFF}invite/")
    assert page.texts("#id_roles label") == ["Readers"]
    ticks = {box["value"]: "disabled" in box.attributes for box in get_page(client, "/settings/roles/add/").all(
        "input[name=rights]")}  # fmt: skip
    assert [right for right, closed in ticks.items() if not closed] == [
        "clients.view_client", "billing_admin.manage_staff", "billing_admin.manage_roles",
    ]  # fmt: skip
    assert client.post(f"{STAFF}invite/", {"email": "a@x.example", "roles": str(group(OWNER).pk), "how": "link"}
                       ).status_code == 422  # fmt: skip
    assert readers.pk


def test_a_role_of_the_program_leads_to_a_copy(client, maria):
    billing = group(BILLING)
    answer = client.get(f"/settings/roles/{billing.pk}/")
    assert answer.headers["Location"] == f"/settings/roles/add/?copy={billing.pk}"
    page = get_page(client, answer.headers["Location"])
    ticked = {box["value"] for box in page.all("input[name=rights][checked]")}
    assert len(ticked) == billing.permissions.count()
    fill(client, page, "main form", {"name": "Our billing"})
    assert client.get("/settings/roles/add/?copy=x").status_code == 404


def test_pages_of_links_tell_no_other_host_where_they_were(client):
    _, token = invite_to(VIEWER)
    for path in (f"/join/?token={token}", "/new-password/?token=x"):
        answer = client.get(path)
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer.headers["Cache-Control"]
