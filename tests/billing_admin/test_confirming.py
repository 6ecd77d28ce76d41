"""Who does something dangerous confirms who it is, and loses nothing of what was typed."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from billing_admin.models import Role
from billing_admin.staff.sign_in.events import Event, sign_in_noted
from clients.models import Client
from tests.factories import make_client, make_staff, usd
from tests.pages import fill, get_page, parse
from tests.second_factors import give_app
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
POPUP = {"HX-Request": "true", "HX-Target": "dialog-body"}
NOW = timezone.now()


@pytest.fixture
def owner():
    return make_staff(username="olga")


@pytest.fixture
def late(client, owner):
    """Olga signed in eleven minutes ago."""
    with time_machine.travel(NOW - datetime.timedelta(minutes=11), tick=False):
        client.force_login(owner)
    with time_machine.travel(NOW, tick=False):
        yield client


def test_within_ten_minutes_of_signing_in_nobody_is_asked(client, owner):
    acme = make_client()
    with time_machine.travel(NOW - datetime.timedelta(minutes=9, seconds=59), tick=False):
        client.force_login(owner)
    with time_machine.travel(NOW, tick=False):
        client.post(f"/clients/{acme.number}/delete/", {"number": acme.number})
    assert not Client.objects.exists()


@pytest.mark.parametrize("headers", [POPUP, {}], ids=["dialog", "page"])
def test_after_that_the_password_is_asked_for_and_what_was_typed_goes_on(late, headers):
    acme = make_client()
    url = f"/clients/{acme.number}/delete/"
    answer = late.post(url, {"number": acme.number}, headers=headers)
    assert answer.status_code == 422
    page = parse(answer)
    assert Client.objects.exists()
    form = page.one("form") if headers else page.one("main form")
    assert form["action"] == url
    assert form.one("[name=number]")["value"] == str(acme.number)
    wrong = late.post(url, {"number": acme.number, "confirm_password": "wrong"}, headers=headers)
    assert parse(wrong).texts(".field-error p") == ["This is not your password."]
    assert Client.objects.exists()
    late.post(url, {"number": acme.number, "confirm_password": PASSWORD}, headers=headers)
    assert not Client.objects.exists()


def test_it_holds_for_ten_minutes(late):
    acme, globex = make_client(), make_client("Globex")
    late.post(f"/clients/{acme.number}/delete/", {"number": acme.number, "confirm_password": PASSWORD})
    late.post(f"/clients/{globex.number}/delete/", {"number": globex.number})
    assert not Client.objects.exists()


def test_what_is_only_looked_at_asks_nobody(late):
    acme = make_client()
    assert "Delete Acme Ltd?" in get_page(late, f"/clients/{acme.number}/delete/").text


def test_deleting_many_transactions_asks(late):
    acme = make_client()
    card = PaymentMethod.objects.get(name="Card")
    payment = receive_payment(client=acme, amount=usd(5), payment_method=card, by=None).transaction
    url = f"/clients/{acme.number}/lists/transactions/act/delete/?row={payment.pk}"
    page = get_page(late, url)
    answer = fill(late, page, "main form[method=post]", {"number": acme.number})
    asked = parse(answer)
    assert answer.status_code == 422
    assert Transaction.objects.count() == 1
    fill(late, asked, "main form", {"confirm_password": PASSWORD})
    assert Transaction.objects.count() == 0


def test_what_a_role_asks_for_is_changed_by_who_confirms(late):
    role = Role.objects.get(built_in="viewer")
    late.post(f"/settings/roles/{role.pk}/second-factor/", {"required": "yes"})
    role.refresh_from_db()
    assert role.second_factor is False


@pytest.mark.parametrize(
    "address", ["/account/app/add/", "/account/app/remove/", "/account/recovery-codes/", "/account/recovery-codes/new/"]
)
def test_ones_own_second_factors_are_not_even_shown_before(late, owner, address):
    if address != "/account/app/add/":
        give_app(owner)
    page = get_page(late, address)
    assert "Confirm that it is you" in page.text
    assert not page.all(".qr, .recovery-codes")
    answer = fill(late, page, "main form", {"confirm_password": PASSWORD})
    assert answer.headers["Location"] == address
    assert "Confirm that it is you" not in get_page(late, address).text


def test_guesses_count_as_failures_to_sign_in(late):
    acme = make_client()
    for password in [*["wrong"] * 5, PASSWORD]:
        answer = late.post(f"/clients/{acme.number}/delete/", {"number": acme.number, "confirm_password": password})
    assert parse(answer).texts(".field-error p") == ["Signing in failed too often. Try again in 5 minutes."]
    assert Client.objects.exists()


def test_the_password_goes_no_further(late, owner):
    told = []

    def listen(event, request, **signal):
        told.append(event)

    sign_in_noted.connect(listen)
    try:
        acme = make_client()
        answer = late.post(f"/clients/{acme.number}/delete/", {"number": "1", "confirm_password": PASSWORD})
    finally:
        sign_in_noted.disconnect(listen)
    assert PASSWORD not in answer.content.decode()
    assert told == [Event.CONFIRMED]


def test_who_lacks_the_right_is_refused_and_not_asked(client):
    acme = make_client()
    with time_machine.travel(NOW - datetime.timedelta(minutes=11), tick=False):
        client.force_login(make_staff("Viewer"))
    with time_machine.travel(NOW, tick=False):
        assert client.post(f"/clients/{acme.number}/delete/", {"number": acme.number}).status_code == 403
