"""Settings → Roles: which role may do what, as it is at the moment."""

import pytest
from django.contrib.auth.models import Group, Permission

from billing_admin.rights import SECTIONS, names
from billing_admin.staff.groups import BILLING, GROUPS, SUPPORT, VIEWER
from tests.factories import make_staff
from tests.pages import get_page

pytestmark = pytest.mark.django_db


def table_of(page):
    """Right → role → whether it may."""
    roles = [cell.text.removesuffix(" yours") for cell in page.all("thead th")[1:]]
    rows = {row.one("th").text: row.texts("td") for row in page.all("tbody tr") if row.all("td")}
    del rows["Signs in with a second factor"]
    return {
        right: {role: said.endswith(f"{role} may") for role, said in zip(roles, cells, strict=True)}
        for right, cells in rows.items()
    }


def test_each_right_is_shown_for_each_role(client):
    client.force_login(make_staff(VIEWER))
    page = get_page(client, "/settings/roles/")
    assert table_of(page) == {
        name: {role: right in granted for role, granted in GROUPS.items()} for right, name in names().items()
    }
    assert page.texts("tbody th[scope=rowgroup]") == ["Signing in", *SECTIONS]
    assert list(next(iter(table_of(page).values()))) == list(GROUPS)


def test_it_shows_the_groups_as_they_are_and_marks_ones_own(client):
    clerks = Group.objects.create(name="Clerks <b>")
    clerks.permissions.add(Permission.objects.get(codename="view_credit"))
    billing = Group.objects.get(name=BILLING)
    billing.permissions.remove(Permission.objects.get(codename="transfer_credit"))
    client.force_login(make_staff(SUPPORT, "Clerks <b>"))
    page = get_page(client, "/settings/roles/")
    shown = table_of(page)
    assert [role for role, may in shown["See credit"].items() if may] == [*GROUPS, "Clerks <b>"]
    assert [role for role, may in shown["Transfer credit between clients"].items() if may] == ["Manager", "Owner"]
    assert [cell.text for cell in page.all("thead th") if "yours" in cell.text] == ["Support yours", "Clerks <b> yours"]


def test_it_makes_as_many_queries_for_many_groups_as_for_few(client, django_assert_num_queries):
    client.force_login(make_staff())
    client.get("/settings/roles/")
    with django_assert_num_queries(8):
        client.get("/settings/roles/")
    for name in "abcdef":
        Group.objects.create(name=name).permissions.set(Permission.objects.all()[:5])
    with django_assert_num_queries(8):
        client.get("/settings/roles/")


def test_it_is_only_looked_at(client):
    client.force_login(make_staff())
    assert client.post("/settings/roles/").status_code == 405
