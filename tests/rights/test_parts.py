"""Who has only the right that others were once parts of is refused what is one of its own now, on each road to it."""

import pytest

from clients.models import Client
from tests.factories import make_client, person_with
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

SAID = "This needs the right “Close and reopen clients”. An owner can give it to you."


def statuses(page):
    return [option["value"] for option in page.all("#id_status option")]


def keep(browser, one, **typed):
    """Open the profile and save it with something typed."""
    address = f"/clients/{one.number}/profile/"
    answer = fill(browser, get_page(browser, address), "#profile", typed)
    one.refresh_from_db()
    return answer


def test_the_profile_closes_no_account(client):
    acme = make_client()
    client.force_login(person_with("view_client", "change_client"))
    assert statuses(get_page(client, f"/clients/{acme.number}/profile/")) == ["active", "inactive"]
    with nothing_changes():
        answer = keep(client, acme, status="closed")
    assert answer.status_code == 422
    assert SAID in parse(answer).one("main").text
    assert keep(client, acme, status="inactive").status_code == 302
    assert acme.status == "inactive"


def test_the_profile_opens_no_account_again(client):
    acme = make_client(status=Client.Status.CLOSED)
    client.force_login(person_with("view_client", "change_client"))
    assert "disabled" in get_page(client, f"/clients/{acme.number}/profile/").one("#id_status").attributes
    assert keep(client, acme, city="Bern", status="active").status_code == 302
    assert (acme.city, acme.status) == ("Bern", "closed")


def test_who_may_close_does_it_on_the_profile_too(client):
    acme = make_client()
    client.force_login(person_with("view_client", "change_client", "close_client"))
    for status in ("closed", "active"):
        assert keep(client, acme, status=status).status_code == 302
        assert acme.status == status
