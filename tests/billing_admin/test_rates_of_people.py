"""Who searches, saves files or looks at reports too often is told when to try again, and others go on."""

import pytest

from billing_admin.models import RateCount
from billing_admin.staff.groups import OWNER
from clients.models import Activity
from tests.every_url import make_rows
from tests.factories import make_client, make_staff
from tests.pages import parse
from tests.rights.table import places

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def twice(settings):
    """Each may be asked for twice."""
    settings.RATES = dict.fromkeys(settings.RATES, 2)


@pytest.fixture
def owner(client):
    client.force_login(make_staff(OWNER))
    return client


def send(browser, address, **more):
    answer = (browser.post if address.endswith((".zip", "export/", "clients/")) else browser.get)(address, **more)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/search/?q=acme", "2 searches in a minute are answered to one person. Try again in a minute."),
        ("/reports/", "2 reports in a minute are answered to one person. Try again in a minute."),
        ("/credits/liability/", "2 reports in a minute are answered to one person. Try again in a minute."),
        ("/clients/", "2 files in an hour are answered to one person. Try again in 60 minutes."),
        ("/clients/{}/export/", "2 files in an hour are answered to one person. Try again in 60 minutes."),
    ],
)
def test_the_third_is_refused_with_when_to_try_again(owner, client, address, said):
    address = address.format(make_client().number)
    assert [send(owner, address).status_code for _ in range(2)] == [200, 200]
    before = Activity.objects.count()
    answer = send(owner, address)
    assert answer.status_code == 429
    assert parse(answer).one("[data-error-text]").text == f"No more than {said}"
    assert answer["Retry-After"] in ("60", "3600")
    assert "Content-Security-Policy" in answer
    assert Activity.objects.count() == before  # nothing was saved
    client.force_login(make_staff(OWNER))
    assert send(client, address).status_code == 200  # others go on


def test_the_box_counts_by_itself_and_a_script_gets_the_sentence(owner):
    for address in ("/search/?q=a", "/clients/choose/?q=a"):
        assert owner.get(address, headers=HTMX).status_code == 200
    refused = owner.get("/search/?q=ac", headers=HTMX)
    assert refused.status_code == 429
    assert parse(refused).one("[data-error-text]").text.startswith("No more than 2 searches")
    assert owner.get("/search/", headers=HTMX).status_code == 200  # nothing is looked for
    assert owner.get("/search/?q=ac").status_code == 200


def test_what_is_not_limited_costs_no_statement(owner, django_assert_max_num_queries):
    make_client()
    for address in ("/clients/", "/", "/invoices/"):
        owner.get(address)
    assert not RateCount.objects.exclude(kind__startswith="sign").exists()
    owner.get("/search/?q=acme")
    assert RateCount.objects.filter(kind="search").count() == 1


def test_nobody_is_limited_where_the_settings_say_so(owner, settings):
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    assert [owner.get("/search/?q=acme").status_code for _ in range(4)] == [200] * 4
    assert not RateCount.objects.filter(kind="search").exists()


def test_every_form_that_saves_a_file_is_counted(owner, settings):
    """Every URL that needs the right to save lists or to export a client."""
    make_rows()
    settings.RATES = {**settings.RATES, "file": 1}
    owner.post("/clients/")
    rights = {"clients.save_lists", "clients.export_client"}
    saving = [each.address for each in places() if rights & {*each.rights.to_see, *each.rights.to_send}]
    assert len(saving) > 12
    assert {address: owner.post(address).status_code for address in saving} == dict.fromkeys(saving, 429)
