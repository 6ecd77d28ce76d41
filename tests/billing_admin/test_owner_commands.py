"""The first account, made where the product runs."""

import io
import sys

import pytest
from django.contrib.auth.models import User

from billing_admin.staff.groups import OWNER
from clients.models import Activity
from tests.commands import run_command
from tests.factories import make_staff
from tests.pages import get_page

pytestmark = pytest.mark.django_db


def create(monkeypatch, *arguments, password="a long enough one"):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return run_command("createowner", *arguments)


def test_the_sign_in_page_says_how_the_first_account_is_made(client, monkeypatch):
    assert "manage.py createowner" in get_page(client, "/sign-in/").text
    ran = create(monkeypatch, "--name", "olga", "--email", "olga@example.com")
    assert ran.printed == ["olga can sign in now, and has the role Owner."]
    assert "createowner" not in get_page(client, "/sign-in/").text
    client.post("/sign-in/", {"username": "olga@example.com", "password": "a long enough one"})
    assert client.get("/settings/roles/").status_code == 200
    assert [group.name for group in User.objects.get().groups.all()] == [OWNER]
    row = Activity.objects.get(verb="staff.joined")
    assert (row.actor, row.note, row.data["person"]) == (None, "olga: Owner", User.objects.get().pk)


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (("--name", "olga", "--email", "nonsense"), "a long enough one", "Enter a valid email address."),
        (("--name", "olga", "--email", ""), "a long enough one", "Enter a valid email address."),
        (("--name", "o l", "--email", "o@example.com"), "a long enough one", "Enter a valid username."),
        (
            ("--name", "ann", "--email", "o@example.com"),
            "a long enough one",
            "Somebody has the user name “ann” already; choose another.",
        ),
        (("--name", "ANN", "--email", "o@example.com"), "a long enough one", "Somebody has the user name “ANN”"),
        (("--name", "o@x.example", "--email", "o@example.com"), "a long enough one", "A user name has no @"),
        (("--name", "olga", "--email", "Ann@x.example"), "a long enough one", "There is an account with this e-mail"),
        (("--name", "olga", "--email", "o@example.com"), "short", "This password is too short."),
        (("--name", "olga", "--email", "o@example.com"), "password123", "This password is too common."),
    ],
)
def test_what_is_no_account_is_refused(monkeypatch, arguments, password, said):
    ann = make_staff(username="ann")
    ann.email = "ann@x.example"
    ann.save()
    ran = create(monkeypatch, *arguments, password=password)
    assert said in ran.error
    assert ran.error.endswith("No account was made.")
    assert User.objects.count() == 1
