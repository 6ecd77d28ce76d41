"""The first account, made where the product runs."""

import io
import sys

import pytest
from django.contrib.auth.models import User

from billing_admin.staff.groups import OWNER
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


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (("--name", "olga", "--email", "nonsense"), "a long enough one", "Enter a valid email address."),
        (("--name", "olga", "--email", ""), "a long enough one", "Enter a valid email address."),
        (("--name", "o l", "--email", "o@example.com"), "a long enough one", "Enter a valid username."),
        (
            ("--name", "ann", "--email", "o@example.com"),
            "a long enough one",
            "A user with that username already exists.",
        ),
        (("--name", "olga", "--email", "o@example.com"), "short", "This password is too short."),
        (("--name", "olga", "--email", "o@example.com"), "password123", "This password is too common."),
    ],
)
def test_what_is_no_account_is_refused(monkeypatch, arguments, password, said):
    make_staff(username="ann")
    ran = create(monkeypatch, *arguments, password=password)
    assert said in ran.error
    assert ran.error.endswith("No account was made.")
    assert User.objects.count() == 1
