"""The log and the mail of another system, on a page below the Activity tab."""

import datetime

import pytest

from billing_admin.staff.groups import VIEWER
from clients.models import ImportedEvent
from tests.factories import make_client, make_staff, person_with
from tests.pages import get_page, queries_of

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2024, 5, 7, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture
def acme():
    acme = make_client("Acme")
    for is_mail, text, who, at in ((False, "Client Login", "", None), (True, "Your password", "ada@x.example", AT)):
        ImportedEvent.objects.create(
            client=acme, source="WHMCS", external_id=text, is_mail=is_mail, text=text, who=who, at=at
        )
    return acme


def url_of(client) -> str:
    return f"/clients/{client.number}/activity/imported/"


def test_the_latest_stands_first(client, acme):
    client.force_login(make_staff(VIEWER))
    page = get_page(client, url_of(acme))
    assert page.texts(".activity li") == [
        "Your password Mail to ada@x.example · 7 May 2024, 09:30 · WHMCS",
        "Client Login Nobody named · no day known · WHMCS",
    ]
    assert page.one(".pager p").text == "2 entries"


def test_mail_is_for_those_who_may_see_mail(client, acme):
    client.force_login(person_with("view_client"))
    assert get_page(client, url_of(acme)).texts(".activity li") == ["Client Login Nobody named · no day known · WHMCS"]


def test_the_activity_leads_there_where_there_is_any(client, acme):
    client.force_login(make_staff(VIEWER))
    page = get_page(client, f"/clients/{acme.number}/activity/")
    assert url_of(acme) in [link["href"] for link in page.all("a")]
    other = make_client("Other")
    page = get_page(client, f"/clients/{other.number}/activity/")
    assert url_of(other) not in [link["href"] for link in page.all("a")]
    assert get_page(client, url_of(other)).texts(".activity li") == []


def test_a_page_costs_the_same_however_many_there_are(client, acme):
    client.force_login(make_staff(VIEWER))
    few = queries_of(client, url_of(acme))
    ImportedEvent.objects.bulk_create(
        ImportedEvent(client=acme, source="WHMCS", external_id=str(place), text="Again") for place in range(60)
    )
    assert queries_of(client, url_of(acme)) == few
