"""The Activity page: everything that was done, by whom and from where."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.utils import timezone

from billing_admin.staff.groups import OWNER, SUPPORT
from clients.models import Activity
from clients.services.delete.delete_client import delete_client
from clients.services.profile import edit_client
from credits.services.limits import set_credit_limits
from tests.factories import give_credit, make_client, make_staff, person_with, usd
from tests.pages import get_page, queries_of
from tests.raw_sql import triggers_off
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
PAGE = "/activity/"


@pytest.fixture
def ann():
    return make_staff(OWNER, username="ann")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def told(browser, query=""):
    """What each row says was done."""
    return get_page(browser, f"{PAGE}{query}").texts("tbody .row-link")


def place(row, **source):
    with triggers_off():
        Activity.objects.filter(pk=row.pk).update(source=source)


def test_everything_is_listed_newest_first_with_who_and_whom(signed_in, ann):
    acme = make_client("Acme")
    give_credit(acme, usd("25.00"), "Downtime")
    page = get_page(signed_in, PAGE)
    rows = [row.texts("td") for row in page.all("tbody tr")]
    assert [row[1:4] for row in rows if row[3] == "Acme"] == [
        ["System", "Credit of 25.00 USD added: Downtime", "Acme"],
        ["System", "Client Acme added", "Acme"],
    ]
    assert rows[0][2] == "Activity looked at"


def test_who_lacks_the_right_sees_neither_page_nor_file(client):
    make_client()
    client.force_login(make_staff(SUPPORT))
    for ask in (client.get, client.post):
        with nothing_changes():
            assert ask(PAGE).status_code == 403
    assert "/activity/" not in get_page(client, "/reports/").links().values()


def test_by_person_by_nobody_and_by_action(signed_in, ann):
    acme = make_client("Acme")
    edit_client(client=acme, by=ann, city="Bern")
    edit_client(client=acme, by=make_staff(username="zoë"), city="Basel")
    assert told(signed_in, f"?who={ann.pk}&action=client.edited") == ["Profile changed: city"]
    assert len(told(signed_in, "?action=client.edited")) == 2
    assert told(signed_in, "?who=nobody&action=client") == ["Client Acme added"]
    assert len(told(signed_in, "?action=client")) == 3
    page = get_page(signed_in, "/activity/?action=client.edited")
    assert page.texts(".chip strong") == ["Client profile changed"]


def test_by_day_client_and_address(signed_in):
    acme, globex = make_client("Acme"), make_client("Globex")
    first, second = Activity.objects.filter(verb="client.opened").order_by("pk")
    with triggers_off():
        Activity.objects.filter(pk=first.pk).update(at=datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.UTC))
    place(second, address="2001:db8::7", request="r-1")
    assert told(signed_in, "?from=2026-03-01&to=2026-03-02&action=client") == ["Client Acme added"]
    assert told(signed_in, "?to=2026-02-28") == []
    assert told(signed_in, f"?client={globex.number}") == ["Client Globex added"]
    assert told(signed_in, "?client=acme&action=client") == ["Client Acme added"]
    assert told(signed_in, "?place=2001:DB8:0::7") == ["Client Globex added"]
    assert acme.number != globex.number


def test_what_is_no_address_is_said(signed_in):
    page = get_page(signed_in, "/activity/?place=nonsense")
    assert page.one(".empty p").text == "“nonsense” is no address. Give one as 203.0.113.7 or 2001:db8::7."


def test_a_deleted_client_is_found_and_shown_by_its_number(signed_in, ann):
    acme = make_client("Acme")
    number = acme.number
    delete_client(client=acme, by=ann)
    page = get_page(signed_in, f"/activity/?client={number}")
    assert [row.texts("td")[3] for row in page.all("tbody tr")] == [f"No. {number}, deleted"]
    (link,) = page.all("tbody .row-link")
    assert f"No. {number}, deleted" in get_page(signed_in, link["href"]).one("main").text


def test_a_row_says_before_and_after_and_from_where(signed_in, ann):
    acme = make_client("Acme", city="Bern")
    edit_client(client=acme, by=ann, city="<b>Basel</b>")
    row = Activity.objects.get(verb="client.edited")
    place(row, address="203.0.113.7", session="5e55", request="r-1")
    page = get_page(signed_in, f"/activity/{row.pk}/")
    assert [line.texts("td") for line in page.all("#changes tbody tr")] == [["City", "Bern", "<b>Basel</b>"]]
    assert page.texts("#source dt") == ["Address", "Session", "Request"]
    assert page.texts("#source dd")[1:] == ["5e55", "r-1"]


def test_a_setting_says_before_after_and_why(signed_in, ann):
    set_credit_limits(largest_grants={"USD": Decimal(5)}, by=ann, reason="Fraud in May")
    page = get_page(signed_in, f"/activity/{Activity.objects.get(verb='credit_settings.changed').pk}/")
    assert [line.texts("td") for line in page.all("#changes tbody tr")] == [["USD", "–", "5.00"]]
    assert "Fraud in May" in page.texts("dd")


def test_from_where_is_for_those_alone_who_see_all(client):
    make_client("Acme")
    row = Activity.objects.get(verb="client.opened")
    place(row, address="203.0.113.7")
    other = Activity.objects.record(by=None, client=None, verb="demo.loaded", summary="Demo data loaded")
    hidden = Activity.objects.record(by=None, client=None, verb="sign_in.done", summary="Signed in")
    client.force_login(person_with("view_client"))
    assert "203.0.113.7" not in get_page(client, f"/activity/{row.pk}/").one("main").text
    assert client.get(f"/activity/{other.pk}/").status_code == 403
    assert client.get(f"/activity/{hidden.pk}/").status_code == 404


def test_the_file_has_the_rows_and_columns_of_the_page(signed_in):
    acme = make_client("Acme")
    answer = signed_in.post("/activity/?action=client")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["Who"], row["Action"], row["What"], row["Client ID"], row["Client"]) for row in rows] == [
        ("System", "Client added", "Client Acme added", str(acme.number), "Acme")
    ]
    saved = Activity.objects.latest("pk")
    assert (saved.verb, saved.summary) == ("activity.exported", "Activity that match filters exported")
    assert saved.data == {"file": "activity.csv", "rows": 1, "filters": "Action is Client: everything"}


def test_who_looks_stands_there_once_an_hour(signed_in, ann):
    for _ in range(3):
        get_page(signed_in, PAGE)
    (look,) = Activity.objects.filter(verb="activity.looked_at")
    assert (look.actor, look.client) == (ann, None)


def test_what_was_searched_for_is_not_kept_with_a_file(signed_in):
    make_client("Acme")
    signed_in.post("/clients/?q=secret-word&status=active")
    saved = Activity.objects.latest("pk")
    assert saved.data["filters"] == "Status is Active; Search is set"


def test_as_many_queries_for_1_row_as_for_50(signed_in, ann):
    acme = make_client("Acme")
    queries_of(signed_in, PAGE)
    at_one = queries_of(signed_in, PAGE)
    Activity.objects.bulk_create(
        Activity(client=acme, actor=ann, actor_name="ann", verb="note.added", summary="x", at=timezone.now())
        for _ in range(60)
    )
    assert queries_of(signed_in, PAGE) == at_one


def test_home_tells_nothing_of_sign_ins(signed_in):
    make_client("Acme")
    get_page(signed_in, PAGE)
    assert all("looked at" not in text for text in get_page(signed_in, "/").texts("#recent li"))
