"""Passkeys: whose they are, what they open, and that nothing else is taken for one."""

import datetime
import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.models import StaffSession
from billing_admin.staff.groups import VIEWER
from billing_admin.staff.sign_in.credentials import NOT_ADDED, UNKNOWN, CredentialField
from clients.models import Client
from tests.factories import make_client, make_staff
from tests.pages import get_page, parse
from tests.passkeys import Passkey, challenge_in, give_passkey
from tests.second_factors import give_app

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
ALONE, STEP = "/sign-in/passkey/", "/sign-in/code/"


@pytest.fixture
def ann():
    return make_staff(username="ann")


class Secure(Browser):
    """A browser that reached this over HTTPS, by a name."""

    def generic(self, method, path, *args, **more):
        return super().generic(method, path, *args, **{**more, "secure": True})


def asked(browser):
    """What a passkey is to sign that signs in alone."""
    answer = browser.get(ALONE, headers={"Accept": "application/json"})
    return challenge_in(answer.json()["request_options"])


def options_on(page):
    return challenge_in(page.one("[data-options]")["data-options"])


def sign_in(passkey, browser=None, **more):
    browser = browser or Secure()
    return browser, browser.post(ALONE, {"credential": passkey.sign(asked(browser)), **more})


def is_in(browser):
    return browser.get("/").status_code == 200


def signed_in():
    return StaffSession.objects.filter(person__isnull=False).count()


def test_a_passkey_signs_in_alone_in_a_session_of_its_own(ann):
    passkey, browser = give_passkey(ann), Secure()
    challenge = asked(browser)
    before = browser.cookies["sessionid"].value
    answer = browser.post(ALONE, {"credential": passkey.sign(challenge), "next": "/clients/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/clients/")
    assert is_in(browser)
    assert browser.cookies["sessionid"].value != before
    thief = Secure()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_on_no_way_leads_to_another_site(ann, elsewhere):
    passkey = give_passkey(ann)
    browser, answer = sign_in(passkey, next=elsewhere)
    assert answer.headers["Location"] == "/"
    stepping = Secure()
    stepping.post("/sign-in/", {"username": "ann", "password": PASSWORD, "next": elsewhere})
    page = parse(stepping.get(STEP, {"next": elsewhere}))
    answer = stepping.post(STEP, {"credential": passkey.sign(options_on(page)), "next": elsewhere})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_in(stepping)
    for path in (ALONE, STEP, "/sign-in/"):  # by whom is signed in already
        assert browser.get(path, {"next": elsewhere}).headers["Location"] == "/"
    key = Authenticator.objects.get(type="webauthn").pk
    for path, sent in ((f"/account/passkeys/{key}/rename/", {"name": "K"}), (f"/account/passkeys/{key}/remove/", {})):
        assert browser.post(f"{path}?next={elsewhere}", {**sent, "next": elsewhere}).headers["Location"] == "/account/"


def test_a_passkey_of_another_person_opens_nothing(ann):
    make_client()
    bob = make_staff(VIEWER, username="bob")
    give_passkey(ann)
    of_bob = give_passkey(bob)
    browser = Secure()
    browser.post("/sign-in/", {"username": "ann", "password": PASSWORD})
    page = parse(browser.get(STEP))
    answer = browser.post(STEP, {"credential": of_bob.sign(options_on(page))})
    assert parse(answer).texts("[role=alert] p") == [UNKNOWN]
    assert signed_in() == 0
    of_bob.handle = Passkey(ann).handle  # and says that it were Ann’s
    browser, _ = sign_in(of_bob)
    assert not is_in(browser)


def test_one_with_the_id_of_anothers_opens_nothing_of_theirs(ann):
    of_ann, bob = give_passkey(ann), make_staff(VIEWER, username="bob")
    of_bob = give_passkey(bob, id=of_ann.id)
    browser, _ = sign_in(of_bob)
    assert parse(browser.get("/")).one(".bar-person summary").text == "bob"
    of_bob.handle = of_ann.handle
    assert not is_in(sign_in(of_bob)[0])


def test_what_was_signed_counts_once_and_for_its_page_alone(ann):
    passkey, browser = give_passkey(ann), Secure()
    signed = passkey.sign(asked(browser))
    other = Secure()
    asked(other)
    other.post(ALONE, {"credential": signed})
    assert not is_in(other)
    browser.post(ALONE, {"credential": signed})
    assert is_in(browser)
    browser.post("/sign-out/")
    browser.post(ALONE, {"credential": signed})
    assert not is_in(browser)


@pytest.mark.parametrize(
    "lie", [{"flags": 0x01}, {"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": 0x04}]
)
def test_one_that_knows_no_owner_or_was_asked_elsewhere_opens_nothing(ann, lie):
    passkey = give_passkey(ann)
    for name, value in lie.items():
        setattr(passkey, name, value)
    assert not is_in(sign_in(passkey)[0])


def test_an_address_asks_only_so_often_for_something_to_sign(ann):
    passkey, browser = give_passkey(ann), Secure()
    sign_in(passkey)
    statuses = [browser.get(ALONE, headers={"Accept": "application/json"}).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_who_was_deactivated_is_not_let_in_by_one(ann):
    passkey = give_passkey(ann)
    ann.is_active = False
    ann.save()
    assert not is_in(sign_in(passkey)[0])
    assert signed_in() == 0


def test_a_passkey_confirms_and_none_of_another_person_does(ann):
    acme, now = make_client(), timezone.now()
    of_ann, of_bob, browser = give_passkey(ann), give_passkey(make_staff(username="bob")), Secure()
    with time_machine.travel(now - datetime.timedelta(minutes=11), tick=False):
        sign_in(of_ann, browser)
    with time_machine.travel(now, tick=False):
        url, sent = f"/clients/{acme.number}/delete/", {"number": acme.number}
        for passkey, left in ((of_bob, 1), (of_ann, 0)):
            page = parse(browser.post(url, sent))
            answer = browser.post(url, {**sent, "confirm_passkey": passkey.sign(options_on(page))})
            assert Client.objects.count() == left
            if left:
                assert parse(answer).texts("[role=alert] p") == [UNKNOWN]


def test_a_passkey_is_added_by_who_confirmed_and_kept_as_it_was_made(ann):
    browser = Secure()
    browser.post("/sign-in/", {"username": "ann", "password": PASSWORD})
    page = get_page(browser, "/account/passkeys/add/")
    challenge, passkey = options_on(page), Passkey(ann)
    wrong = browser.post("/account/passkeys/add/", {"credential": passkey.make("AAAA"), "passwordless": "on"})
    assert parse(wrong).texts("main .alert p") == [NOT_ADDED]
    challenge = options_on(parse(wrong))
    sent = {"credential": passkey.make(challenge, more="\0" * 9), "name": "x" * 61, "passwordless": "on"}
    assert parse(browser.post("/account/passkeys/add/", sent)).texts(".field-error p") == [
        "Ensure this value has at most 60 characters (it has 61)."
    ]
    page = get_page(browser, "/account/passkeys/add/")
    sent = {"credential": passkey.make(options_on(page), more="\0" * 9), "name": "Laptop", "passwordless": "on"}
    assert browser.post("/account/passkeys/add/", sent).headers["Location"] == "/account/recovery-codes/"
    data = Authenticator.objects.get(type="webauthn").data
    assert (data["name"], set(data["credential"])) == (
        "Laptop", {"id", "rawId", "type", "response", "clientExtensionResults"},
    )  # fmt: skip
    assert is_in(sign_in(passkey)[0])


# Nesting, numbers of bytes to make, and what is no answer of a passkey.
HOSTILE = [
    "", "null", "[]", "1", '"x"', "{}", "nonsense", "[" * 200_000, "[" * 9_000, '{"a":' * 3_000,
    '{"id":"x"}', '{"rawId":9000000000}', '{"rawId":1e400}', '{"id":"ü","rawId":"ü"}',
    json.dumps({"id": "eA", "rawId": "eA", "response": 7}),
    json.dumps({"id": "eA", "rawId": "eA", "response": {"userHandle": 9_000_000_000}}),
    json.dumps({"id": "eA", "rawId": "eA", "response": {"clientDataJSON": "eA", "attestationObject": "gw"}}),
    json.dumps({"id": "eA", "rawId": "eA", "response": {
        "clientDataJSON": "e30", "authenticatorData": "eA", "signature": "\0", "userHandle": "_w"}}),
    json.dumps({"id": "eA", "rawId": "eA", "response": {
        "clientDataJSON": "eyJ0eXBlIjoxLCJjaGFsbGVuZ2UiOjIsIm9yaWdpbiI6M30", "authenticatorData": "A" * 50,
        "signature": "eA", "userHandle": "enp6enp6enp6enp6enp6enp6eg"}}),
    json.dumps({"id": "eA", "rawId": "eA", "response": {"clientDataJSON": "W1tb", "attestationObject": "gYGBgYGB"}}),
    json.dumps({"id": "eA", "rawId": "eA", "response": {"attestationObject": "gYGB" * 1_500}}),
]  # fmt: skip


@pytest.mark.parametrize("credential", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_passkey_is_answered_in_a_sentence(ann, credential):
    give_passkey(ann)
    give_app(ann)
    browser = Secure()
    asked(browser)
    assert browser.post(ALONE, {"credential": credential}).status_code == 302
    browser.post("/sign-in/", {"username": "ann", "password": PASSWORD})
    browser.get(STEP)
    assert browser.post(STEP, {"credential": credential}).status_code == 200
    assert signed_in() == 0
    browser.force_login(ann)
    browser.get("/account/passkeys/add/")
    answer = browser.post("/account/passkeys/add/", {"credential": credential, "passwordless": "on"})
    assert NOT_ADDED in answer.content.decode()


@pytest.mark.parametrize("place", ["id", "rawId", "clientDataJSON", "signature", "userHandle"])
@pytest.mark.parametrize("value", [9, [], {"a": 1}, True, "\0", "ü"])
def test_nothing_but_texts_reaches_the_library(place, value):
    """Of the number 200,000,000 it made half a gigabyte, for whoever is not signed in."""
    sent = json.loads(Passkey(make_staff()).sign("AAAA"))
    assert CredentialField().clean(json.dumps(sent))["rawId"] == sent["rawId"]
    (sent if place in sent else sent["response"])[place] = value
    with pytest.raises(ValidationError, match=UNKNOWN):
        CredentialField().clean(json.dumps(sent))
