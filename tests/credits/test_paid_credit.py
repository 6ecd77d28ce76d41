"""Paid credit without a payment takes a right of its own."""

from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, OWNER
from credits.models import CreditGrant
from credits.services.grant import add_credit
from tests.commands import run_command
from tests.factories import make_client, make_staff, usd
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def sign_in(browser, group):
    browser.force_login(make_staff(group))
    return browser


def popup(acme):
    return reverse("credits:manage", args=[acme.number])


def test_paid_credit_without_a_payment_needs_its_right():
    acme, robin, olga = make_client(), make_staff(BILLING, username="robin"), make_staff(OWNER, username="olga")
    paid = partial(add_credit, client=acme, amount=usd(5), description="Cash", category=CreditGrant.Category.PAID)
    with nothing_changes(), pytest.raises(BusinessError, match="Give paid credit without a payment") as refused:
        paid(by=robin)
    assert refused.value.field == "category"
    assert paid(by=olga).category == "paid"


def test_the_popup_offers_paid_credit_to_who_may_give_it(client):
    acme, robin = make_client(), make_staff(BILLING, username="robin")
    client.force_login(robin)
    page = get_page(client, popup(acme))
    assert [option["value"] for option in page.all("#id_category option")] == ["promotional"]
    typed = values_of(page.one("#add-credit")) | {"amount": "5", "description": "Cash", "category": "paid"}
    with nothing_changes():
        assert client.post(popup(acme), typed).status_code == 422
    robin.user_permissions.add(Permission.objects.get(codename="grant_paid_credit"))
    client.post(popup(acme), typed)
    assert CreditGrant.objects.get().category == "paid"


def test_a_file_with_paid_rows_needs_the_right(client, credit_file):
    acme = make_client()
    make_staff(BILLING, username="robin")
    file = credit_file(f"{acme.number},5,USD,Cash,Paid,,,", f"{acme.number},6,USD,Cash,,,,")
    said = "1 row of the file would be paid credit without a payment"
    signed_in = sign_in(client, BILLING)
    with nothing_changes():
        assert said in run_command("grant_credit", file, "--no-input", "--as", "robin").error
        with file.open("rb") as opened:
            answer = signed_in.post(reverse("credits:upload"), {"file": opened})
    assert said in parse(answer).one("#id_file_error").text
    make_staff(OWNER, username="olga")
    assert run_command("grant_credit", file, "--no-input", "--as", "olga").error == ""


def test_a_preview_of_an_owner_is_not_booked_by_who_lacks_the_right(client, credit_file):
    acme = make_client()
    file = credit_file(f"{acme.number},5,USD,Cash,Paid,,,")
    with file.open("rb") as opened:
        url = sign_in(client, OWNER).post(reverse("credits:upload"), {"file": opened}).headers["Location"]
    billing = sign_in(client, BILLING)
    fill(billing, get_page(billing, url), "form[method=post].panel")
    do_jobs()
    assert CreditGrant.objects.count() == 0
