"""Save as PDF on the statement's page: who may, what is written down, and what is said where it cannot be drawn."""

import pytest
from django.urls import reverse

from billing_admin.documents import press
from clients.models import Activity
from tests.billing_admin.documents.papers import texts_of
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.pages import get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

MAY_SEE = ("view_client", "view_invoice", "view_transaction", "view_credit", "save_lists")
PERIOD = "?from=2026-06-01&to=2026-06-30"


@pytest.fixture
def acme():
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(10))
    return acme


def save(browser, someone, **more):
    return browser.post(reverse("clients:statement_pdf", args=[someone.number]) + PERIOD, **more)


def test_the_button_saves_the_period_that_is_shown(client, acme):
    client.force_login(person_with(*MAY_SEE))
    page = get_page(client, reverse("clients:statement", args=[acme.number]) + PERIOD)
    (form,) = [form for form in page.all("form[data-download]") if form.text == "Save as PDF"]
    answer = client.post(form["action"])
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="statement-{acme.number}-2026-06-01-2026-06-30.pdf"'
    )
    assert answer["Cache-Control"] == "no-store"
    (text,) = texts_of(b"".join(answer.streaming_content))
    assert "Period 1 Jun 2026 to 30 Jun 2026" in text
    assert Activity.objects.get(verb="statement.exported").summary == (
        "Statement from 1 Jun 2026 to 30 Jun 2026 exported"
    )


@pytest.mark.parametrize("lacking", MAY_SEE)
def test_it_needs_every_permission_of_the_page(client, acme, lacking):
    client.force_login(person_with(*(set(MAY_SEE) - {lacking})))
    with nothing_changes():
        assert save(client, acme).status_code == 403


def test_what_cannot_be_drawn_is_said_on_the_page(client, acme, monkeypatch):
    client.force_login(make_staff())
    monkeypatch.setattr(press, "_SECONDS", 0.001)
    with nothing_changes():
        answer = save(client, acme, follow=True)
    assert answer.redirect_chain == [(reverse("clients:statement", args=[acme.number]) + PERIOD, 302)]
    assert "The document could not be made: it took longer than 0.001 seconds" in parse(answer).one("#toasts").text


def test_letters_that_no_font_has_are_told(client):
    odd = make_client("Acme \U00013080")  # a hieroglyph
    client.force_login(make_staff())
    answer = save(client, odd)
    assert "Acme �" in texts_of(b"".join(answer.streaming_content))[0]
    page = get_page(client, reverse("clients:statement", args=[odd.number]))
    assert "No font has the letters \U00013080: the statement shows � in their places." in page.one("#toasts").text
