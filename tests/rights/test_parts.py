"""Who has only the right that others were once parts of is refused what is one of its own now, on each road to it."""

import pytest
from django.core.management import CommandError, call_command

from clients.models import Client
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditBatch
from tests.factories import make_client, make_invoice, person_with, usd
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


# What is done with many clients, and what it needs.
@pytest.mark.parametrize(
    ("doing", "old", "named"),
    [
        ("close", "change_client", "Close and reopen clients"),
        ("reopen", "change_client", "Close and reopen clients"),
        ("export", "change_client", "Save lists as files"),
    ],
)
def test_the_list_of_clients_does_it_to_nobody(client, doing, old, named):
    acme = make_client()
    client.force_login(person_with("view_client", old))
    for ask in (client.get, client.post):
        with nothing_changes():
            answer = ask(f"/lists/clients/act/{doing}/?row={acme.pk}")
        assert answer.status_code == 403
        assert f"This needs the right “{named}”." in parse(answer).one("main").text


def test_undoing_a_merge_is_neither_offered_nor_done(client):
    acme, globex = make_client(), make_client("Globex")
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    client.force_login(person_with("view_client", "merge_client"))
    address = f"/clients/{acme.number}/merges/{merge.pk}/"
    assert get_page(client, address).all("#undo-merge") == []
    with nothing_changes():
        assert client.post(address).status_code == 403


def test_a_file_of_credit_that_waits_is_not_shown_to_who_may_not_book_it(client):
    batch = CreditBatch.objects.create(file_name="downtime.csv", created_by_name="ann")
    client.force_login(person_with("view_credit", "add_credit"))
    for ask in (client.get, client.post):
        answer = ask(f"/credits/batches/{batch.pk}/")
        assert answer.status_code == 403
        assert "This needs the right “Give bulk credit”." in parse(answer).one("main").text


def test_who_may_save_lists_saves_only_those_that_they_see(client):
    invoice = make_invoice(make_client(), usd("10.00"))
    client.force_login(person_with("view_client", "save_lists"))
    places = ("/lists/invoices/act/export/", "/lists/invoices/act/documents/", "/lists/invoices/columns/", "/invoices/")
    for place in places:
        for ask in (client.get, client.post):
            answer = ask(f"{place}?row={invoice.pk}")
            assert answer.status_code == 403, place
            assert "This needs the right “See invoices”." in parse(answer).one("main").text


def test_the_command_that_gives_bulk_credit_asks_for_its_right(tmp_path):
    file = tmp_path / "credit.csv"
    file.write_text("Client ID,Amount,Currency,Description\n")
    giver = person_with("view_credit", "add_credit")
    with nothing_changes(), pytest.raises(CommandError, match="give_bulk_credit is missing"):
        call_command("grant_credit", str(file), username=giver.username)
