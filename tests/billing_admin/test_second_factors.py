"""Second factors: the step after the password, codes that count once, and roles that need one."""

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client as Browser

from billing_admin.models import Role, StaffSession
from billing_admin.staff.groups import OWNER, VIEWER
from clients.models import Activity
from tests.commands import run_command
from tests.factories import make_staff
from tests.pages import get_page, parse
from tests.second_factors import code_of, codes_of, give_app

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
NOW = datetime.datetime(2026, 11, 30, 12, 0, 5, tzinfo=datetime.UTC)
HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def ann():
    return make_staff(username="ann")


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def begin(next_page="/clients/", password=PASSWORD):
    browser = Browser(REMOTE_ADDR="203.0.113.7")
    answer = browser.post("/sign-in/", {"username": "ann", "password": password, "next": next_page})
    assert answer.headers["Location"] == "/sign-in/code/"
    assert browser.get("/").status_code == 302  # signed in only after the second step
    return browser


def send(browser, code):
    return browser.post("/sign-in/code/", {"code": code})


def errors(answer):
    return parse(answer).texts(".field-error p")


def test_after_the_password_comes_a_code(ann):
    secret = give_app(ann)
    browser = begin()
    assert errors(send(browser, "000000")) == ["Incorrect code."]
    answer = send(browser, code_of(secret))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/clients/")
    assert browser.get("/").status_code == 200


def test_the_second_step_is_none_without_the_first(ann):
    secret = give_app(ann)
    answer = send(Browser(), code_of(secret))
    assert answer.headers["Location"] == "/sign-in/"


def test_another_password_ends_what_began_with_the_one_before(ann):
    secret = give_app(ann)
    browser = begin()
    ann.set_password("another horse battery")
    ann.save()
    answer = send(browser, code_of(secret))
    assert answer.headers["Location"] == "/sign-in/"
    assert browser.get("/").status_code == 302
    assert send(browser, code_of(secret)).headers["Location"] == "/sign-in/"
    assert send(begin(password="another horse battery"), code_of(secret)).status_code == 302


def test_who_is_deactivated_between_the_steps_is_not_signed_in(ann):
    secret = give_app(ann)
    browser = begin()
    for is_active in (False, True):
        ann.is_active = is_active
        ann.save()
        if not is_active:
            assert send(browser, code_of(secret)).headers["Location"] == "/sign-in/"
        assert browser.get("/").status_code == 302
    assert not StaffSession.objects.filter(person=ann).exists()


def test_a_code_signs_in_once(ann, at_noon):
    secret = give_app(ann)
    code = code_of(secret)
    assert send(begin(), code).status_code == 302
    late = begin()
    assert "Incorrect code." in str(errors(send(late, code))) or "used before" in str(errors(send(late, code)))
    at_noon.shift(30)
    assert send(late, code_of(secret)).status_code == 302


def test_a_code_counts_once_for_all_processes(ann):
    """What one process remembers another does not: the mark is in the database."""
    from django.core.cache import cache

    code = code_of(give_app(ann))
    assert send(begin(), code).status_code == 302
    cache.clear()
    late = begin()
    assert errors(send(late, code)) == ["This code was used before. Wait for the next one."]
    assert late.get("/").status_code == 302


def test_codes_are_tried_five_times_from_wherever(ann, at_noon):
    secret = give_app(ann)
    browser = begin()
    for _ in range(5):
        assert errors(send(browser, "000000")) == ["Incorrect code."]
    said = ["Signing in failed too often. Try again in 5 minutes."]
    assert errors(send(browser, code_of(secret))) == said
    assert errors(send(begin(), code_of(secret))) == said
    at_noon.shift(301)
    assert send(begin(), code_of(secret)).status_code == 302


def test_who_is_signed_in_without_it_does_not_go_on_elsewhere(ann, client, django_capture_on_commit_callbacks):
    """A session of before knew the password alone; nor does one go on where a factor was taken away."""
    elsewhere = Browser()
    for change in ("add", "remove"):
        elsewhere.force_login(ann)
        client.force_login(ann)
        key = re.search(r"Key: (\S+)", get_page(client, f"/account/app/{change}/").text)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/account/app/{change}/", {"code": code_of(key[1])} if key else {})
        assert Authenticator.objects.exists() == (change == "add")
        assert (client.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


def test_codes_made_anew_are_written_down(ann, client, django_capture_on_commit_callbacks):
    give_app(ann)
    before = codes_of(ann)
    client.force_login(ann)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/recovery-codes/new/")
    assert not set(before) & set(codes_of(ann))
    assert Activity.objects.get(verb="second_factor.codes_made").actor == ann


def test_a_recovery_code_signs_in_once(ann):
    give_app(ann)
    code, *rest = codes_of(ann)
    assert send(begin(), code).status_code == 302
    assert codes_of(ann) == rest
    assert errors(send(begin(), code)) == ["Incorrect code."]


def test_an_app_is_added_with_its_first_code_and_codes_are_shown_once(ann, client):
    client.force_login(ann)
    page = get_page(client, "/account/app/add/")
    secret = re.search(r"Key: (\S+)", page.text)[1]
    assert client.post("/account/app/add/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    answer = client.post("/account/app/add/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/account/recovery-codes/"
    codes = get_page(client, "/account/recovery-codes/").texts(".recovery-codes li")
    assert codes == codes_of(ann)
    again = get_page(client, "/account/recovery-codes/")
    assert not [code for code in codes if code in again.text]
    assert errors(send(begin(), code_of(secret))) == ["This code was used before. Wait for the next one."]


def test_no_seed_and_no_code_stands_in_the_database(ann, client, caplog):
    client.force_login(ann)
    secret = re.search(r"Key: (\S+)", get_page(client, "/account/app/add/").text)[1]
    client.post("/account/app/add/", {"code": code_of(secret)})
    secrets = [secret, *codes_of(ann), PASSWORD, client.cookies["sessionid"].value]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        everything = ""
        for table in tables:
            cursor.execute(f"SELECT each::text FROM {table} each")
            everything += str(cursor.fetchall())
    assert [each for each in secrets if each in everything or each in caplog.text] == []


def test_what_was_sealed_with_a_key_of_before_is_read(ann, settings):
    secret = give_app(ann)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert send(begin(), code_of(secret)).status_code == 302


def require(role=OWNER):
    Role.objects.filter(group__name=role).update(second_factor=True)


def test_who_must_have_one_is_led_there_and_can_do_nothing_else(ann, client):
    client.force_login(ann)
    require()
    for address in ("/", "/clients/", "/settings/roles/"):
        assert client.get(address).headers["Location"] == "/account/"
    assert client.post("/clients/add/", {"company_name": "Acme"}).headers["Location"] == "/account/"
    assert client.get("/clients/", headers=HTMX).headers["HX-Redirect"] == "/account/"
    page = get_page(client, "/account/")
    assert "A role of yours needs a second factor." in page.one("main .alert").text
    give_app(ann)
    assert client.get("/").status_code == 200


def test_who_is_in_no_such_role_is_led_nowhere(client):
    client.force_login(make_staff(VIEWER))
    require()
    assert client.get("/").status_code == 200


def test_recovery_codes_alone_are_none(ann, client):
    give_app(ann)
    Authenticator.objects.filter(type="totp").delete()
    client.force_login(ann)
    require()
    assert client.get("/").headers["Location"] == "/account/"


def test_the_page_of_roles_requires_it_and_no_longer(ann, client):
    client.force_login(ann)
    role = Role.objects.get(built_in="viewer")
    popup = f"/settings/roles/{role.pk}/second-factor/"
    vera = make_staff(VIEWER, username="vera")
    assert "vera has none yet" in get_page(client, popup).text
    for _ in range(2):
        answer = client.post(popup, {"required": "yes"}, follow=True)
    assert "Viewer needs a second factor already; nothing was changed." in answer.content.decode()
    client.force_login(vera)
    assert client.get("/clients/").headers["Location"] == "/account/"
    assert client.post(popup, {"required": "no"}).headers["Location"] == "/account/"
    client.force_login(ann)
    assert "required of Viewer" in get_page(client, "/settings/roles/").text
    client.post(popup, {"required": "no"})
    role.refresh_from_db()
    assert role.second_factor is False


def test_the_app_is_removed_and_the_codes_with_it(ann, client):
    give_app(ann)
    client.force_login(ann)
    assert client.post("/account/app/remove/").headers["Location"] == "/account/"
    assert not Authenticator.objects.exists()


def test_a_command_resets_who_has_lost_them(ann, client):
    give_app(ann)
    client.force_login(ann)
    ran = run_command("resetsecondfactor", "ann")
    assert ran.printed == ["1 second factor of ann removed, and every session ended."]
    assert (Authenticator.objects.count(), StaffSession.objects.count()) == (0, 0)
    assert run_command("resetsecondfactor", "ann").printed == ["ann has no second factor; every session was ended."]
    assert "There is nobody" in run_command("resetsecondfactor", "nobody").error


@pytest.mark.parametrize(
    ("host", "secure", "said"),
    [
        ("127.0.0.1:8000", False, "this page was opened at the address 127.0.0.1."),
        ("[::1]:8000", True, "this page was opened at the address ::1."),
        ("testserver", False, "Browsers offer passkeys over HTTPS only"),
    ],
)
def test_where_there_can_be_no_passkey_the_page_says_why(ann, client, settings, host, secure, said):
    settings.ALLOWED_HOSTS = ["*"]
    client.force_login(ann)
    for address in ("/account/", "/sign-in/"):
        answer = client.get(address, headers={"Host": host}, secure=secure)
        if address == "/account/":
            assert said in answer.content.decode()
    client.logout()
    assert said in client.get("/sign-in/", headers={"Host": host}, secure=secure).content.decode()
    assert "Sign in with a passkey" in client.get("/sign-in/", headers={"Host": "localhost:1"}).content.decode()
