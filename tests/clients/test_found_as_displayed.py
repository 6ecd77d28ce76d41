"""A client is found by the name that is displayed, by what a merge took away, and by its phone."""

import pytest
from django.db import connection

from clients.models import Client
from clients.selectors.duplicates import duplicates_page
from clients.selectors.summary import duplicates_of
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from tests.factories import make_client

pytestmark = pytest.mark.django_db


def found(text):
    return sorted(client.name for client in Client.objects.matching(text))


@pytest.fixture
def people():
    make_client("", first_name="Bo", last_name="Li")
    make_client("", first_name="Bob", last_name="Linden")
    make_client("", first_name="Jimbo", last_name="Oli")
    make_client("", first_name="小明", last_name="王")
    make_client("", first_name="大明", last_name="李")
    make_client("株式会社山田商店")
    make_client("株式会社田山本舗")
    make_client("김철수 상회")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Bo Li", ["Bo Li", "Bob Linden"]),
        ("li bo", ["Bo Li", "Bob Linden"]),
        ("bo", ["Bo Li", "Bob Linden"]),
        ("li", ["Bo Li", "Bob Linden"]),
        ("b linden", ["Bob Linden"]),
        ("小明 王", ["小明 王"]),
        ("小明王", []),
        ("王", ["小明 王"]),
        ("明", ["大明 李", "小明 王"]),
        ("山田", ["株式会社山田商店"]),
        ("会社山田商", ["株式会社山田商店"]),
        ("株式会社 商店", ["株式会社山田商店"]),
        ("철수", ["김철수 상회"]),
    ],
)
def test_a_name_is_found_as_it_is_displayed(people, typed, names):
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "index"), [("Bo Li", "client_search"), ("山田", "client_by_pairs"), ("王", "client_by_pairs")]
)
def test_an_index_leads_to_short_words(people, typed, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Client.objects.matching(typed).explain()
    assert index in plan, plan
    assert "Seq Scan" not in plan


def test_what_a_merge_took_away_finds_the_kept_client_until_it_is_undone():
    kept = make_client("Acme Ltd", email="office@acme.example")
    gone = make_client("Initech", first_name="Milton", email="milton@initech.example")
    merge = merge_clients(kept=kept, discarded=gone, by=None)
    for typed in ("initech", "milton", "milton@initech.example", "initech milton"):
        assert found(typed) == ["Acme Ltd"]
    undo_merge(merge=merge, by=None)
    assert found("initech") == found("milton@initech.example") == ["Initech"]


@pytest.mark.parametrize("typed", ["+49 30 123456", "0049 30 123456", "+49-30/123 456", "0049 (30) 123456"])
@pytest.mark.parametrize("phone", ["+49 30 123456", "0049 30 123456"])
def test_a_phone_is_found_whichever_way_the_country_is_written(typed, phone):
    make_client("Acme Ltd", phone=phone)
    make_client("Globex", phone="030 123456")
    assert found(typed) == ["Acme Ltd"]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"phone": "+49 30 123456"}, {"phone": "0049 30 123456"}, "Same phone"),
        ({"phone": "0049 30 123456"}, {"phone": "+49 30 123456"}, "Same phone"),
        (
            {"email": "name+tag@example.com"},
            {"email": "Name@example.com"},
            "E-mail address alike but for “+…”",
        ),
        (
            {"email": "name+a@example.com"},
            {"email": "name+b@example.com"},
            "E-mail address alike but for “+…”",
        ),
    ],
)
def test_a_possible_duplicate_is_suggested(one, other, reason):
    make_client("One", **one)
    make_client("Another", **other)
    (pair,) = duplicates_page().pairs
    assert pair.reasons == [reason]


def test_add_client_asks_about_addresses_that_are_alike_last():
    alike = make_client("Alike", email="name+tag@example.com")
    same = make_client("Same", email="name@example.com")
    make_client("Another", email="names@example.com")
    assert list(duplicates_of("Name@example.com")) == [same, alike]
    assert found("name@example.com") == ["Same"]
