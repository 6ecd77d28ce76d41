"""The Activity tab."""

import datetime

import pytest
from django.utils import timezone

from billing_admin.staff.groups import VIEWER
from clients.models import Activity
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from tests.factories import give_credit, make_client, make_staff, usd
from tests.pages import get_page, queries_of
from tests.raw_sql import triggers_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(VIEWER))
    return client


def test_who_did_what_and_when_newest_first(signed_in):
    acme = make_client("Acme")
    give_credit(acme, usd("25.00"), "Downtime")
    edit_client(client=acme, by=make_staff(username="zoë"), city="Bern")
    at = datetime.datetime(2026, 11, 22, 14, 5, tzinfo=datetime.UTC)
    with triggers_off():
        Activity.objects.update(at=at)
    page = get_page(signed_in, f"/clients/{acme.number}/activity/")
    assert page.texts(".activity li") == [
        "Profile changed: city zoë · 22 Nov 2026, 14:05",
        "Credit of 25.00 USD added: Downtime System · 22 Nov 2026, 14:05",
        "Client Acme added System · 22 Nov 2026, 14:05",
    ]
    assert page.one(".pager p").text == "3 actions"
    assert page.one(".tabs [aria-current]").text == "Activity"


def test_only_what_concerns_this_client(signed_in):
    acme = make_client("Acme")
    make_client("Globex")
    assert len(get_page(signed_in, f"/clients/{acme.number}/activity/").all(".activity li")) == 1


def test_pages_of_fifty(signed_in):
    acme = make_client("Acme")
    Activity.objects.bulk_create(
        Activity(client=acme, actor_name="System", verb="test.done", summary=f"Step {number}", at=timezone.now())
        for number in range(59)
    )
    first = get_page(signed_in, f"/clients/{acme.number}/activity/")
    assert len(first.all(".activity li")) == 50
    second = get_page(signed_in, f"/clients/{acme.number}/activity/{first.one('a[rel=next]')['href']}")
    assert len(second.all(".activity li")) == 10


def test_nothing_yet_says_what_would_be_here(signed_in):
    acme = make_client("Acme")
    with triggers_off():
        Activity.objects.all().delete()
    page = get_page(signed_in, f"/clients/{acme.number}/activity/")
    assert (
        page.one(".empty p").text == "Nothing has happened yet. Whatever is done to this client is written down here."
    )


def test_the_same_number_of_queries_for_1_row_and_for_50(signed_in):
    acme = make_client("Acme")
    url = f"/clients/{acme.number}/activity/"
    queries_of(signed_in, url)
    at_one = queries_of(signed_in, url)
    ann = make_staff()
    for number in range(60):
        edit_client(client=acme, by=ann, city=f"Bern {number}")
    assert queries_of(signed_in, url) == at_one


def test_after_a_merge_it_says_whose_it_was(signed_in):
    acme, globex, initech = make_client("Acme"), make_client("Globex"), make_client("Initech")
    merge_clients(kept=globex, discarded=initech, by=None)
    done = merge_clients(kept=acme, discarded=globex, by=None)
    for url in (f"/clients/{acme.number}/activity/", f"/clients/{acme.number}/panels/recent/"):
        rows = get_page(signed_in, url).texts(".activity li")
        assert [row.partition(" · ")[0] for row in rows] == [
            f"Client {globex.number} merged into this client: 1 note System",
            f"Merged into client {acme.number} Client {globex.number}",
            f"Client {initech.number} merged into this client: nothing but its profile Client {globex.number}",
            f"Merged into client {globex.number} Client {initech.number}",
            f"Client Initech added Client {initech.number}",
            f"Client Globex added Client {globex.number}",
            "Client Acme added System",
        ]
    undo_merge(merge=done, by=None)
    rows = get_page(signed_in, f"/clients/{acme.number}/activity/").texts(".activity li")
    assert not [row for row in rows if f"Client {globex.number} · " in row]
