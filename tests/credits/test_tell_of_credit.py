"""The tick on Add Credit by which the client is told."""

import pytest
from django.urls import reverse

from clients.models import MailMessage
from tests.factories import make_client, make_staff
from tests.mail import switch_on
from tests.pages import fill, get_page

pytestmark = pytest.mark.django_db


def test_there_is_no_tick_while_nobody_is_told_of_credit(client):
    client.force_login(make_staff())
    page = get_page(client, reverse("credits:manage", args=[make_client().number]))
    assert page.all("[name=tell]") == []


@pytest.mark.parametrize(("ticked", "told"), [({}, []), ({"tell": "on"}, ["waiting"])])
def test_the_client_is_told_where_it_is_ticked(client, ticked, told):
    switch_on("credit")
    client.force_login(make_staff())
    page = get_page(client, reverse("credits:manage", args=[make_client().number]))
    fill(client, page, "#add-credit", {"amount": "5.00", "description": "Downtime", **ticked})
    assert list(MailMessage.objects.values_list("state", flat=True)) == told
