"""Ids that were guessed: of rows of another client, of another person, or of none."""

import re

import pytest

from billing_admin.models import Job, SavedFile
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT, VIEWER
from tests.every_url import addresses_of, make_rows, routes
from tests.factories import make_client, make_staff
from tests.unchanged import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

_OTHERS = (VIEWER, SUPPORT, BILLING, MANAGER)
OF_A_CLIENT = re.compile(r"clients/<int:number>/.*<(int|uuid):\w+>")


@pytest.fixture
def nested():
    """An address of each URL that names a row of a client."""
    make_rows()
    return [f"/{addresses_of(route)[0]}" for route in routes() if OF_A_CLIENT.search(route)]


# Whoever has fewer rights is mostly refused before a row is looked for.
@pytest.mark.parametrize("role", [OWNER, *(pytest.param(each, marks=pytest.mark.long) for each in _OTHERS)])
def test_a_row_is_found_below_no_other_client(client, nested, role):
    stranger = make_client("Stranger Ltd")
    client.force_login(make_staff(role))
    assert len(nested) > 10
    with nothing_changes():
        for address in nested:
            there = re.sub(r"^/clients/[0-9]+/", f"/clients/{stranger.number}/", address)
            answers = {client.get(there).status_code, client.post(there, {"confirm": "on"}).status_code}
            assert answers <= {403, 404, 405}, (there, answers)


def assert_not_there(browser, numbers, guesses):
    with nothing_changes():
        for address in numbers:
            for guessed in guesses:
                there = re.sub(r"[0-9]+(?=/(?:[^0-9]*)$)", guessed, address)
                answer = browser.get(there)
                # A file that waited is no longer there: its list says so.
                gone = answer.status_code == 302 and there.startswith(answer["Location"])
                assert gone or answer.status_code in (403, 404, 405), there


def numbered(within):
    """An address of each route that has a number and begins so."""
    found = [route for route in routes() if route.startswith(within) and re.search(r"<int:\w+>", route)]
    return [f"/{addresses_of(route)[0]}" for route in found]


def test_a_row_that_is_not_there_is_a_page_that_says_so(client, nested):
    client.force_login(make_staff(OWNER))
    assert_not_there(client, numbered(("clients/", "credits/", "activity/")), ["987654321"])


@pytest.mark.long  # its small sister above
@pytest.mark.parametrize("role", [VIEWER, OWNER])
def test_no_row_of_any_page_that_is_not_there_is_shown(client, nested, role):
    client.force_login(make_staff(role))
    assert_not_there(client, numbered(""), ["0", "987654321", "9" * 25])


def test_files_and_results_of_others_are_not_there(client):
    make_rows()
    file, result = SavedFile.objects.order_by("pk")[0], Job.objects.filter(acted_rows__isnull=False)[0]
    owner = make_staff(OWNER)
    for address in (f"/files/{file.pk}/", f"/acted/{result.pk}/"):
        client.force_login(owner)
        assert [client.get(address).status_code, client.post(address).status_code] in ([404, 404], [404, 405])
    result.asked_by = owner
    result.save()
    assert client.get(f"/acted/{result.pk}/").status_code == 200
