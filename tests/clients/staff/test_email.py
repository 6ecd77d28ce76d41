"""One's own e-mail address: another counts once it is confirmed, by nobody but who asked for it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.models import EmailChange
from billing_admin.staff.groups import VIEWER
from clients.models import Activity, MailMessage
from clients.services.staff.email import NOT_VALID, ask_for_email, confirm_email
from tests.factories import make_staff
from tests.mail import send_all, states
from tests.pages import fill, get_page
from tests.staff import body_of, link_in, with_mail
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

OWN, NEWER = "/account/e-mail/", "lee@hosting.example"


@pytest.fixture
def ann():
    person = make_staff(VIEWER, username="ann")
    person.email = "ann@hosting.example"
    person.save()
    return person


def asked(server, person, address=NEWER):
    """The path of the link that confirms it."""
    ask_for_email(person=person, address=address)
    send_all()
    return link_in(server)


def test_another_address_counts_once_it_is_confirmed(client, ann):
    client.force_login(ann)
    with with_mail() as server:
        fill(client, get_page(client, OWN), "main form", {"address": NEWER})
        send_all()
        path = link_in(server)
        assert server.recipients == [NEWER]
        assert User.objects.get().email == "ann@hosting.example"
        assert NEWER in get_page(client, OWN).one("#keep-email").text
        page = get_page(client, path)
        assert "ann@hosting.example is told" in page.one("main").text
        assert fill(client, page, "form").headers["Location"] == "/"
        send_all()
        assert User.objects.get().email == NEWER
        assert server.recipients[-1] == "ann@hosting.example"
        assert NEWER not in body_of(server)
    row = Activity.objects.get(verb="account.email_changed")
    assert (row.verb, row.actor, row.note) == ("account.email_changed", ann, f"ann@hosting.example → {NEWER}")
    assert client.post(path).status_code == 410


def test_the_link_is_taken_from_nobody_else(client, ann):
    with with_mail() as server:
        path = asked(server, ann)
    assert Browser().get(path).headers["Location"].startswith("/sign-in/?next=")
    bob = Browser()
    bob.force_login(make_staff(VIEWER))
    with nothing_changes():
        assert (bob.get(path).status_code, bob.post(path).status_code) == (410, 410)
    assert User.objects.get(username="ann").email == "ann@hosting.example"


def test_one_asked_for_later_makes_the_first_void(client, ann):
    client.force_login(ann)
    with with_mail() as server:
        first = asked(server, ann)
        second = asked(server, ann, "other@hosting.example")
    assert client.post(first).status_code == 410
    assert client.post(second).status_code == 302
    assert User.objects.get().email == "other@hosting.example"


def test_a_mail_that_waits_is_withheld_where_another_was_asked_for(ann):
    with with_mail() as server:
        ask_for_email(person=ann, address=NEWER)
        asked(server, ann, "other@hosting.example")
        assert states()[0] == ("withheld", "Another address was asked for meanwhile, or none.")
        assert server.recipients == ["other@hosting.example"]


def test_it_can_be_kept(client, ann):
    client.force_login(ann)
    with with_mail() as server:
        path = asked(server, ann)
        fill(client, get_page(client, OWN), "#keep-email")
    assert client.post(path).status_code == 410
    assert not EmailChange.objects.exists()


def test_an_old_link_is_not_taken(ann):
    with with_mail() as server:
        token = asked(server, ann).partition("?token=")[2]
    EmailChange.objects.update(expires_at=timezone.now())
    with refused(NOT_VALID):
        confirm_email(token=token, person=ann)


def test_no_address_of_somebody_else_is_taken_not_even_meanwhile(ann):
    with with_mail() as server:
        for taken in ({"username": "bob", "email": "BOB@hosting.example"}, {"username": "bob@hosting.example"}):
            bob = User.objects.create_user(**taken)
            with refused("Somebody else has this address.", "address"):
                ask_for_email(person=ann, address="bob@hosting.example")
            bob.delete()
        token = asked(server, ann).partition("?token=")[2]
    User.objects.create_user("carl", NEWER)
    with refused("Somebody else has this address.", "address"):
        confirm_email(token=token, person=ann)


def test_nobody_sends_mail_to_ever_more_addresses(client, ann):
    client.force_login(ann)
    with with_mail():
        said = [client.post(OWN, {"address": f"a{number}@x.example"}).status_code for number in range(11)]
        assert said == [302] * 10 + [422]
        answer = Browser(REMOTE_ADDR="203.0.113.9")
        answer.force_login(ann)
        page = answer.post(OWN, {"address": NEWER}).content.decode()
        assert "This was asked for too often. Try again in 60 minutes." in page
        other = Browser()
        other.force_login(make_staff(VIEWER))
        assert other.post(OWN, {"address": NEWER}).status_code == 302
    assert MailMessage.objects.count() == 11


def test_what_changes_nothing_and_what_is_none_is_refused(ann):
    with with_mail():
        with refused("This is your address already; nothing was changed.", "address"):
            ask_for_email(person=ann, address="ann@hosting.example")
        with refused("“a\u00a0b” is no e-mail address.", "address"):
            ask_for_email(person=ann, address="a\u00a0b")
    with refused("No mail server is set, so no link can be sent."):
        ask_for_email(person=ann, address=NEWER)
