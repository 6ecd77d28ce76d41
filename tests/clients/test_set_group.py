"""Set Group: clients that were ticked, or all that are listed, come into a group; who was moved since is left out."""

import pytest

from clients.models import Activity, Client, ClientGroup
from clients.services.profile import edit_client
from tests.factories import make_client, make_staff, person_with
from tests.pages import get_page

pytestmark = pytest.mark.django_db

ALL = "/lists/clients/act/group/?all=1&status=active"


@pytest.fixture
def resellers():
    return ClientGroup.objects.create(name="Resellers")


@pytest.fixture
def olga(client):
    olga = make_staff(username="olga")
    client.force_login(olga)
    return olga


def send(browser, popup, group, address=ALL):
    return browser.post(address, {"chosen": popup.one("[name=chosen]")["value"], "group": group})


def groups():
    return {client.name: client.group and client.group.name for client in Client.objects.select_related("group")}


def test_all_that_are_listed_come_into_the_group(client, olga, resellers):
    for name in ("Acme", "Globex"):
        make_client(name)
    assert get_page(client, "/clients/?status=active").texts("#choice button") == [
        "Add Credit", "Set Group", "Write Notes", "Send Statements", "Close Clients", "Export",
    ]  # fmt: skip
    answer = send(client, get_page(client, ALL), resellers.pk)
    assert answer.headers["Location"] == "/clients/?status=active"
    assert groups() == {"Acme": "Resellers", "Globex": "Resellers"}
    assert get_page(client, "/clients/").one("#toasts p").text == "2 clients put into Resellers."
    assert Activity.objects.filter(verb="client.edited", actor=olga).count() == 2


def test_who_may_not_see_a_list_learns_nothing_of_a_client(client):
    client.force_login(person_with("view_client"))
    for number in (make_client().number, 999_999):
        assert client.get(f"/clients/{number}/lists/invoices/act/cancel/?all=1").status_code == 403
    assert client.get("/clients/999999/lists/nonsense/act/cancel/").status_code == 404


def test_who_was_moved_or_is_there_already_is_left_out(client, olga, resellers):
    others = ClientGroup.objects.create(name="Others")
    acme, globex, _ = make_client("Acme"), make_client("Globex", group=resellers), make_client("Initech")
    popup = get_page(client, ALL)
    edit_client(client=acme, by=None, group=others)
    edit_client(client=globex, by=None, city="Bern")
    said = send(client, popup, resellers.pk).content.decode()
    assert "1 client put into Resellers, 2 left out" in said
    assert groups() == {"Acme": "Others", "Globex": "Resellers", "Initech": "Resellers"}


def test_they_are_taken_out_of_their_group(client, olga, resellers):
    make_client("Acme", group=resellers)
    send(client, get_page(client, ALL), "")
    assert groups() == {"Acme": None}


def test_a_group_that_is_none_is_refused_and_the_rows_are_shown_again(client, olga, resellers):
    make_client("Acme")
    answer = send(client, get_page(client, ALL), "999")
    assert (answer.status_code, groups()) == (422, {"Acme": None})


def test_it_is_offered_to_who_may_edit_where_there_are_groups(client, olga):
    make_client()
    assert get_page(client, "/clients/").texts("#choice button") == [
        "Add Credit",
        "Write Notes",
        "Send Statements",
        "Close Clients",
        "Export",
    ]
    ClientGroup.objects.create(name="Resellers")
    client.force_login(person_with("view_client"))
    assert get_page(client, "/clients/").all("#choice") == []
    assert client.get(ALL).status_code == 403
