"""What an activity says is for those who may see such figures."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

from clients.models import Activity
from clients.models.activity_permissions import PERMISSIONS
from invoices.models import Invoice
from tests.clients.holders import make_holder
from tests.factories import make_client, person_with
from tests.pages import get_page
from tests.raw_sql import triggers_off
from tests.upgrades import one_of_everything

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = re.compile(r"""verb=f?"([\w.]+)"|_record\(f?"([\w]+\.\w+)"|'(\w+\.\w+ed)',|else "(\w+\.\w+)",?$""", re.M)


def test_every_verb_is_declared():
    one_of_everything.make()
    used = set(Activity.objects.exclude(verb="system.checked").values_list("verb", flat=True))
    for app in ("billing_admin", "clients", "invoices", "transactions", "credits"):
        for path in (ROOT / app).rglob("services/**/*.py"):
            used |= {verb for found in WRITTEN.findall(path.read_text()) for verb in found if "." in verb.strip(".")}
    assert len(used) > 40
    assert used - PERMISSIONS.keys() == set()


def test_every_permission_that_is_declared_is_one():
    known = {f"{each.content_type.app_label}.{each.codename}" for each in Permission.objects.all()}
    assert {permission for needed in PERMISSIONS.values() for permission in needed} <= known


def test_who_may_not_see_credit_reads_nothing_about_it(client):
    acme = make_holder()
    client.force_login(person_with("view_client", "view_invoice", "view_transaction"))
    path = f"/clients/{acme.number}/"
    addresses = ["/", path, f"{path}activity/", f"{path}panels/recent/"]
    addresses += [f"/invoices/{invoice.pk}/" for invoice in Invoice.objects.filter(client=acme)]
    said = {address: get_page(client, address).texts(".activity li") for address in addresses}
    assert [
        text for texts in said.values() for text in texts if re.search("credit (of|balance)|of credit", text, re.I)
    ] == []
    assert any("issued" in text for text in said[f"{path}activity/"])
    assert any("issued" in text for text in said["/"])


@pytest.mark.parametrize(
    ("may", "seen"),
    [
        (("view_client",), {"clients.view_client"}),
        (("view_client", "view_credit"), {"clients.view_client", "credits.view_credit"}),
        (("view_client", "view_transaction"), {"clients.view_client", "transactions.view_transaction"}),
    ],
)
def test_each_row_asks_for_all_that_it_is_declared_with(client, may, seen):
    acme = make_holder()
    visible = set(Activity.objects.visible_to(person_with(*may)).values_list("verb", flat=True))
    there = set(Activity.objects.values_list("verb", flat=True)) & PERMISSIONS.keys()
    assert visible == {verb for verb in there if set(PERMISSIONS[verb]) <= seen}
    assert visible < there
    assert acme.activities.filter(verb__in=visible).exists()


def test_home_says_so_where_nothing_lately_is_for_the_person(client):
    Activity.objects.record(by=None, client=make_client(), verb="credit.added", summary="Credit of 1.00 USD added")
    client.force_login(person_with("view_client"))
    with triggers_off():
        Activity.objects.filter(verb="client.opened").update(verb="credit.added")
    assert get_page(client, "/").texts("#recent li") == ["Nothing lately that your account may see."]
