"""Who fails to sign in too often is refused for a while, from where it was, and can keep nobody else out."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing_admin.models import RateCount
from billing_admin.staff.sign_in.addresses import check_proxies
from billing_admin.staff.sign_in.forms import WRONG
from tests.commands import run_command
from tests.factories import make_staff
from tests.pages import get_page, parse

pytestmark = pytest.mark.django_db

RIGHT = "correct horse battery"
HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


@pytest.fixture(autouse=True)
def owner():
    return make_staff(username="olga")


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed."""
    passwords: list[str] = []
    encode = MD5PasswordHasher.encode

    def noted(self, password, salt):
        passwords.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", noted)
    return passwords


def sign_in(name="olga", password="wrong", address=HERE, **more):
    return Browser(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password}, **more)


def fail(times, name="olga", address=HERE):
    for _ in range(times):
        answer = sign_in(name, address=address)
    return answer


def alert(answer):
    return parse(answer).one("[role=alert]").text


def test_five_failures_and_no_password_is_looked_at_for_five_minutes(hashed):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert alert(fail(5)) == WRONG
        hashed.clear()
        answer = sign_in(password=RIGHT)
        assert (answer.status_code, answer["Retry-After"]) == (429, "300")
        assert alert(answer) == "Signing in failed too often. Try again in 5 minutes."
    with time_machine.travel(now + datetime.timedelta(minutes=4, seconds=1), tick=False):
        answer = sign_in(password=RIGHT)  # what was refused has not begun the five minutes anew
        assert alert(answer) == "Signing in failed too often. Try again in 1 minute."
        assert answer["Retry-After"] == "59"
    assert hashed == []
    with time_machine.travel(now + datetime.timedelta(minutes=5, seconds=1), tick=False):
        assert sign_in(password=RIGHT).status_code == 302


def test_the_refusal_is_the_sign_in_page_with_what_was_typed():
    fail(5)
    answer = fail(1)
    page = parse(Browser(REMOTE_ADDR=HERE).post("/sign-in/?next=/clients/", {"username": "olga", "password": RIGHT}))
    assert answer.status_code == 429
    assert page.one("form")["action"] == "/sign-in/?next=/clients/"
    assert page.one("[name=username]")["value"] == "olga"
    assert "value" not in page.one("[name=password]").attributes


def test_an_account_that_is_not_there_is_refused_in_the_same_words(hashed):
    unknown, known = fail(6, "nobody"), fail(6, address=ELSEWHERE)
    assert (unknown.status_code, alert(unknown)) == (known.status_code, alert(known))
    assert hashed == ["wrong"] * 10


def test_an_account_that_is_not_there_is_answered_by_as_many_statements(hashed):
    """So that the time tells nothing either: the hash is the same, and what is asked of the database."""
    User.objects.create_user("gone", password=RIGHT, is_active=False)
    statements = []
    for name in ("olga", "nobody", "gone"):
        fail(1, name)
        with CaptureQueriesContext(connection) as queries:
            fail(1, name)
        statements.append([query["sql"].split()[0] for query in queries])
    assert statements[0] == statements[1] == statements[2]
    assert len(hashed) == 6 + 1  # and one as the account was made


def test_nobody_is_kept_out_from_another_address():
    for last in range(30):
        fail(5, address=f"203.0.113.{last}")
    assert sign_in(password=RIGHT, address=ELSEWHERE).status_code == 302


def test_another_account_is_let_in_from_the_same_address():
    fail(6, "nobody")
    assert sign_in(password=RIGHT).status_code == 302


def test_an_address_is_refused_after_twenty_failures_over_many_accounts():
    make_staff(username="ann")
    for number in range(20):
        assert fail(1, f"somebody {number}").status_code == 200
    rows = RateCount.objects.count()
    answer = sign_in("ann", RIGHT)
    fail(1, "somebody else")
    assert RateCount.objects.count() == rows
    assert (answer.status_code, alert(answer)) == (
        429, "Signing in failed too often. Try again in 5 minutes.",
    )  # fmt: skip
    assert sign_in("ann", RIGHT, ELSEWHERE).status_code == 302


def test_what_is_refused_of_one_name_does_not_count_for_its_address():
    fail(30)
    assert sign_in("nobody").status_code == 200


def test_a_browser_that_changes_its_name_counts_as_one():
    for number in range(6):
        answer = sign_in(headers={"User-Agent": f"Browser {number}"})
    assert answer.status_code == 429


def test_a_success_forgets_the_failures_of_its_account_alone():
    for _ in range(3):
        fail(4)
        assert sign_in(password=RIGHT).status_code == 302
    for number in range(4):
        fail(4, f"somebody {number}")
        assert sign_in(password=RIGHT).status_code == 302
    fail(4, "ann")
    assert sign_in(password=RIGHT).status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", HERE, True),
        ("::ffff:203.0.113.7", "::ffff:198.51.100.9", False),
        ("", "nonsense", True),
    ],
)
def test_addresses_of_one_household_count_as_one(one, other, same):
    fail(5, address=one)
    assert sign_in(password=RIGHT, address=other).status_code == (429 if same else 302)


def test_nothing_that_was_typed_is_kept(owner):
    sign_in("hunter2", "hunter3")
    sign_in("olga", "hunter3")
    kept = RateCount.objects.order_by("pk").values_list("kind", "person", "address", "count")
    assert list(kept) == [
        ("sign_in_address", None, HERE, 2),
        ("sign_in", None, HERE, 1),
        ("sign_in", owner.pk, HERE, 1),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT ratecount::text FROM billing_admin_ratecount ratecount")
        assert "hunter" not in str(cursor.fetchall())


@pytest.mark.parametrize("names", [("olga", "OLGA", "Olga"), ("olga", "olga@example.com")])
def test_what_is_counted_tells_of_no_name_whether_it_is_an_account(owner, names):
    """Names in other letters are one, those of one account are not: as they are where there is no such account."""
    owner.email = "olga@example.com"
    owner.save()
    statuses = [sign_in(names[number % len(names)]).status_code for number in range(9)]
    of_none = [name.replace("olga", "nobody").replace("OLGA", "NOBODY").replace("Olga", "Nobody") for name in names]
    assert [sign_in(of_none[number % len(names)], address=ELSEWHERE).status_code for number in range(9)] == statuses


@pytest.mark.parametrize(
    "spelt", ["OLGIS@example.com", "olgi\u017f@example.com", "olg\u0131s@example.com", "ｏlgis@example.com"]
)
def test_no_spelling_of_a_name_is_tried_beside_another(owner, spelt):
    owner.email = "olgis@example.com"
    owner.save()
    fail(4, "olgis@example.com")
    fail(1, spelt)
    assert sign_in("olgis@example.com", RIGHT).status_code == 429


def test_who_is_counted_is_let_in_again_whoever_came_last_in_other_letters():
    fail(4)
    fail(1, "OLGA")
    assert sign_in(password=RIGHT).status_code == 429
    assert run_command("unlock", "olga").printed == ["olga may try again."]
    assert sign_in(password=RIGHT).status_code == 302


def test_a_command_lets_somebody_in_again():
    fail(5)
    assert run_command("unlock", "olga").printed == ["olga may try again."]
    assert sign_in(password=RIGHT).status_code == 302
    assert run_command("unlock", "olga").printed == ["Nothing is counted for olga; nothing was changed."]
    assert "There is nobody with the name" in run_command("unlock", "nobody").error
    for number in range(20):
        fail(1, f"somebody {number}")
    assert run_command("unlock", HERE).printed == [f"{HERE} may try again."]
    assert sign_in(password=RIGHT).status_code == 302


def test_daily_forgets_what_no_longer_counts():
    with time_machine.travel(timezone.now() - datetime.timedelta(days=1, seconds=1), tick=False):
        fail(2)
        assert RateCount.objects.count() == 2
    assert "forget_sign_ins: 2 old counts and 0 ended sessions removed." in run_command("daily").printed
    assert RateCount.objects.count() == 0
    fail(1)
    assert "forget_sign_ins: Nothing to forget." in run_command("daily").printed
    assert RateCount.objects.count() == 2


def test_pages_ask_nothing_about_it(client, owner):
    client.force_login(owner)
    with CaptureQueriesContext(connection) as queries:
        get_page(client, "/clients/")
    assert not [query for query in queries if "ratecount" in query["sql"]]


def test_where_a_proxy_is_not_named_the_deployment_check_says_so():
    with override_settings(HTTPS=True, TRUSTED_PROXIES=[]):
        assert [warning.id for warning in check_proxies()] == ["billing_admin.W001"]
    with override_settings(HTTPS=True, TRUSTED_PROXIES=["127.0.0.1/32"]):
        assert check_proxies() == []
    assert settings.TRUSTED_PROXIES == check_proxies() == []
