"""Pausing the reminders of a client, on its pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.services.reminders import pause_reminders
from tests.factories import make_client, make_staff, person_with
from tests.pages import fill, get_page, parse
from tests.reminders import days_ago
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(client):
    """A client, and an owner signed in."""
    client.force_login(make_staff(username="olga"))
    return make_client("Acme Ltd")


def url(name, acme):
    return reverse(f"clients:{name}", args=[acme.number])


def test_reminders_are_paused_shown_and_let_out_again(client, acme):
    fill(client, get_page(client, url("pause_reminders", acme)), "#pause", {"until": str(days_ago(-10))})
    acme.refresh_from_db()
    assert acme.reminders_paused_until == days_ago(-10)
    day = f"{days_ago(-10):%-d %b %Y}"
    page = get_page(client, url("summary", acme))
    assert page.one("#toasts p").text == f"Reminders are paused until {day}."
    assert f"Reminders Paused until {day} Change" in page.one("#information").text
    assert f"Reminders are paused until {day}." in get_page(client, url("mail", acme)).one(".alert").text
    fill(client, get_page(client, url("pause_reminders", acme)), "#end-pause")
    page = get_page(client, url("summary", acme))
    assert page.one("#toasts p").text == "Reminders go out again."
    assert "Paused" not in page.one("#information").text
    acme.refresh_from_db()
    assert acme.reminders_paused_until is None


def test_a_pause_that_is_over_is_not_shown(client, acme):
    acme.reminders_paused_until = days_ago(1)
    acme.save()
    assert "Paused" not in get_page(client, url("summary", acme)).one("#information").text
    assert get_page(client, url("pause_reminders", acme)).all("#end-pause") == []


@pytest.mark.parametrize(("until", "said"), [("", "Give a day."), (str(days_ago(1)), "is past"), ("x", "2026-11-30")])
def test_a_day_that_cannot_be_is_said_beside_it(client, acme, until, said):
    popup = get_page(client, url("pause_reminders", acme))
    with nothing_changes():
        answer = fill(client, popup, "#pause", {"until": until})
    assert answer.status_code == 422
    assert said in parse(answer).one("#id_until_error").text


def test_two_people_who_pause_at_once_are_told(client, acme):
    popup = get_page(client, url("pause_reminders", acme))
    pause_reminders(client=acme, until=days_ago(-3), by=None)
    answer = fill(client, popup, "#pause", {"until": str(days_ago(-5))})
    assert answer.status_code == 422
    assert f"stored now: “{days_ago(-3)}”" in parse(answer).one("#id_until_error").text
    acme.refresh_from_db()
    assert acme.reminders_paused_until == days_ago(-3)


def test_pausing_needs_the_right_to_edit_the_client(client, acme):
    pause_reminders(client=acme, until=timezone.localdate(), by=None)
    client.force_login(person_with("view_client"))
    page = get_page(client, url("summary", acme))
    assert "Paused until" in page.one("#information").text
    assert not {"Change", "Pause Reminders"} & set(page.links())
    get_page(client, url("pause_reminders", acme), status=403)
