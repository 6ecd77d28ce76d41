"""Somebody whose password is another by now is told by mail, whoever changed it, and by which way."""

import io
import sys

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from billing_admin.models import StaffSession
from billing_admin.staff.groups import MANAGER, OWNER, VIEWER
from clients.models import Activity, MailMessage
from clients.services.staff.reset import reset_password, reset_token
from tests.commands import run_command
from tests.factories import make_staff
from tests.jobs import do_jobs
from tests.mail import send_all, states
from tests.pages import get_page
from tests.staff import PASSWORD, body_of, with_mail

pytestmark = pytest.mark.django_db

NEW = "another horse battery"


@pytest.fixture
def ann():
    person = make_staff(VIEWER, username="ann")
    person.email = "ann@hosting.example"
    person.save()
    return person


def by_a_link(ann, monkeypatch):
    reset_password(token=reset_token(ann), password=NEW)


def on_the_page(ann, monkeypatch):
    browser = Browser()
    browser.force_login(ann)
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert browser.post("/account/password/", sent).status_code == 302


def by_a_command(ann, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NEW}\n"))
    ran = run_command("changepassword", "ANN@hosting.example")
    assert ran.printed == ["ann has another password, and is signed out everywhere."]


@pytest.mark.parametrize("change", [by_a_link, on_the_page, by_a_command])
def test_the_person_is_told_of_another_password(ann, change, monkeypatch):
    with with_mail() as server:
        change(ann, monkeypatch)
        send_all()
        assert User.objects.get().check_password(NEW)
        assert server.recipients == ["ann@hosting.example"]
        said = body_of(server)
    assert "Account: ann\nChanged on: " in said
    assert not [secret for secret in (NEW, PASSWORD, "http", "token") if secret in said]
    message = MailMessage.objects.get()
    assert (message.label, message.is_secret, message.queued_by) == (
        "Password changed", False, None if change is by_a_command else ann,
    )  # fmt: skip


def test_no_mail_is_queued_where_none_goes_out(ann, monkeypatch):
    by_a_link(ann, monkeypatch)
    with with_mail():
        User.objects.update(email="")
        by_a_link(User.objects.get(), monkeypatch)
    assert not MailMessage.objects.exists()


def test_whoever_was_told_may_ask_for_a_link_at_once(ann, monkeypatch):
    with with_mail() as server:
        by_a_link(ann, monkeypatch)
        Browser().post("/forgotten-password/", {"name": "ann"})
        do_jobs()
        send_all()
        assert states() == [("sent", ""), ("sent", "")]
        assert "/new-password/?token=" in body_of(server)


def test_what_it_says_is_set_like_any_text(client):
    client.force_login(make_staff(OWNER))
    assert "Password changed" in get_page(client, "/settings/mail/texts/").text
    page = get_page(client, "/settings/mail/text/?kind=password_reset&level=1&language=en")
    assert "{link}" not in page.text
    assert client.get("/settings/mail/text/?kind=password_reset&level=2&language=en").status_code == 404
    assert client.get("/settings/mail/text/?kind=password_reset+1&level=0&language=en").status_code == 404


def test_a_command_that_changes_a_password_is_written_down(ann, monkeypatch):
    browser = Browser()
    browser.force_login(ann)
    by_a_command(ann, monkeypatch)
    row = Activity.objects.get(verb="password.changed")
    assert (row.actor, row.note, row.data) == (None, "ann", {"person": ann.pk})
    assert StaffSession.objects.count() == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("password123\n"))
    assert run_command("changepassword", "ann").error == "This password is too common. Nothing was changed."
    assert "There is nobody" in run_command("changepassword", "nobody").error


def test_for_somebody_a_command_changes_who_they_may_change(ann, monkeypatch):
    make_staff(MANAGER, username="max")
    olga = make_staff(OWNER, username="olga")
    assert (
        "the permission billing_admin.manage_staff is missing"
        in run_command("changepassword", "ann", "--as", "max").error
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NEW}\n"))
    run_command("changepassword", "ann", "--as", "olga")
    assert Activity.objects.get(verb="password.changed").actor == olga
    User.objects.create_superuser("root")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NEW}\n"))
    said = "root is a superuser, whom only a superuser changes; nothing was changed. Nothing was changed."
    assert run_command("changepassword", "root", "--as", "olga").error == said
