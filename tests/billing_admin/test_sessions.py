"""Sessions: whose they are, from where, how long they last, and what ends them."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.models import StaffSession
from billing_admin.staff.sign_in.events import Event, sign_in_noted
from billing_admin.staff.sign_in.session_store import digest_of, forget_ended
from tests.factories import make_staff
from tests.pages import fill, get_page

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def ann():
    return make_staff(username="ann")


def sign_in(agent=FIREFOX, address="203.0.113.7", password=PASSWORD):
    browser = Browser(REMOTE_ADDR=address, headers={"User-Agent": agent})
    assert browser.post("/sign-in/", {"username": "ann", "password": password}).status_code == 302
    return browser


def is_in(browser):
    return browser.get("/").status_code == 200


def after(**time):
    return time_machine.travel(NOW + datetime.timedelta(**time), tick=False)


def test_a_session_says_whose_it_is_and_from_where(ann):
    sign_in()
    row = StaffSession.objects.get()
    assert (row.person, row.address, row.agent) == (ann, "203.0.113.7", FIREFOX)


def test_what_the_browser_holds_stands_nowhere_and_nothing_can_be_read():
    browser = sign_in()
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert StaffSession.objects.get().digest == digest_of(key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT staffsession::text FROM billing_admin_staffsession staffsession")
        row = str(cursor.fetchall())
    assert key not in row
    assert "_auth_user" not in row


def test_signing_in_gives_another_session_than_before():
    """Who planted a session of theirs in a browser is not signed in by it."""
    planted = Browser(REMOTE_ADDR="203.0.113.7", headers={"Accept": "application/json"})
    planted.get("/sign-in/passkey/")
    key = planted.cookies[settings.SESSION_COOKIE_NAME].value
    assert StaffSession.objects.get().digest == digest_of(key)
    planted.post("/sign-in/", {"username": "ann", "password": PASSWORD})
    assert is_in(planted)
    assert planted.cookies[settings.SESSION_COOKIE_NAME].value != key
    attacker = Browser()
    for made_up in (key, "a" * 32):
        attacker.cookies[settings.SESSION_COOKIE_NAME] = made_up
        assert not is_in(attacker)
    assert StaffSession.objects.filter(person__isnull=False).count() == 1


def test_it_ends_twelve_hours_after_it_was_last_used():
    with after():
        browser = sign_in()
    for hours in (11, 22, 33):
        with after(hours=hours):
            assert is_in(browser)
    with after(hours=45, seconds=1):
        assert not is_in(browser)


def test_it_ends_seven_days_after_signing_in():
    with after():
        browser = sign_in()
    for hours in range(11, 168, 11):
        with after(hours=hours):
            assert is_in(browser)
    with after(days=7, seconds=1):
        assert not is_in(browser)


def test_one_of_nobody_is_forgotten_after_half_an_hour():
    with after():
        Browser().get("/sign-in/passkey/", headers={"Accept": "application/json"})
    with after(minutes=29):
        assert forget_ended() == 0
    with after(minutes=31):
        assert forget_ended() == 1


def test_when_it_was_last_used_is_written_down_every_five_minutes(django_assert_num_queries):
    with after():
        browser = sign_in()
        browser.get("/signed-in/")
    with after(minutes=4), django_assert_num_queries(2):
        browser.get("/signed-in/")
    with after(minutes=5), django_assert_num_queries(3):
        browser.get("/signed-in/")
    assert StaffSession.objects.get().last_used_at == NOW + datetime.timedelta(minutes=5)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE auth_user SET password = 'other'",
        "UPDATE auth_user SET is_active = false",
        "UPDATE auth_user SET is_active = false, email = 'x'",
    ],
)
def test_another_password_and_deactivation_end_every_session_by_any_way(change):
    browsers = [sign_in(), sign_in()]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE auth_user SET first_name = 'Ann', password = password, is_active = true")
    assert all(map(is_in, browsers))
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert StaffSession.objects.count() == 0
    assert not any(map(is_in, browsers))


def test_changing_ones_own_password_ends_all_others():
    here, elsewhere = sign_in(), sign_in()
    other = "another horse battery"
    sent = {"old_password": PASSWORD, "new_password1": other, "new_password2": other}

    assert here.post("/account/password/", sent | {"old_password": "wrong"}).status_code == 422
    assert is_in(elsewhere)
    assert here.post("/account/password/", sent).status_code == 302
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    sign_in(password=other)


def test_the_page_tells_where_one_is_signed_in_and_ends_one(ann):
    here = sign_in()
    sign_in("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "198.51.100.9")
    page = get_page(here, "/account/")
    devices = [cell.text for cell in page.all("#sessions tbody td:first-child")]
    assert sorted(devices) == ["Firefox on Windows this one", "Safari on an iPhone"]
    answer = fill(here, page, "#sessions td form", follow=True)
    assert "That session was ended." in answer.content.decode()
    assert StaffSession.objects.get(person=ann).address == "203.0.113.7"


def test_all_others_are_ended_at_once_and_it_is_said_where_there_are_none():
    here, others = sign_in(), [sign_in(), sign_in()]
    assert "2 other sessions ended." in here.post("/account/sessions/end-others/", follow=True).content.decode()
    assert is_in(here)
    assert not any(map(is_in, others))
    answer = here.post("/account/sessions/end-others/", follow=True)
    assert "You are signed in nowhere else; nothing was done." in answer.content.decode()


def test_nobody_ends_a_session_of_somebody_else(client):
    theirs = sign_in()
    client.force_login(make_staff())
    answer = client.post(f"/account/sessions/{StaffSession.objects.get(agent=FIREFOX).pk}/end/", follow=True)
    assert "That session had ended already." in answer.content.decode()
    assert is_in(theirs)


def test_a_session_that_is_ended_does_not_come_back():
    browser = sign_in()
    StaffSession.objects.all().delete()
    assert browser.get("/account/app/add/").status_code == 302
    assert StaffSession.objects.count() == 0


def test_what_happens_is_told_to_whoever_listens(ann):
    told = []

    def listen(event, person, request, count, **signal):
        told.append((event, person, count))

    sign_in_noted.connect(listen)
    try:
        browser = sign_in()
        Browser().post("/sign-in/", {"username": "ann", "password": "wrong"})
        Browser().post("/sign-in/", {"username": "nobody", "password": "wrong"})
        sign_in()
        browser.post("/account/sessions/end-others/")
        browser.post("/sign-out/")
    finally:
        sign_in_noted.disconnect(listen)
    assert told == [
        (Event.SIGNED_IN, ann, 1),
        (Event.FAILED, ann, 1),
        (Event.FAILED, None, 1),
        (Event.SIGNED_IN, ann, 1),
        (Event.SESSIONS_ENDED, ann, 1),
        (Event.SIGNED_OUT, ann, 1),
    ]
