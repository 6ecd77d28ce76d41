"""Find Duplicates: who may be one client, and what was decided."""

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING
from clients.models import Activity, NotADuplicate
from clients.selectors import duplicates
from clients.services.dismiss_duplicate import dismiss_duplicate
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(acme, other=None, keep=None):
    url = reverse("clients:merge", args=[acme.number])
    if other is None:
        return url
    return f"{url}?other={other.number}" + (f"&keep={keep.number}" if keep else "")


def messages_of(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"email": "Maria@Example.com"}, {"email": "maria@example.com"}, "Same e-mail address"),
        ({"phone": "+41 44 668 18 00"}, {"phone": "+41-446681800"}, "Same phone"),
        ({"tax_id": "CHE-116.281.710"}, {"tax_id": "che116281710"}, "Same tax ID"),
        ({"company_name": "Muñoz & Co"}, {"company_name": "MUNOZ & CO"}, "Same company name"),
        (
            {"company_name": "", "first_name": "Bo", "last_name": "Berg", "city": "Bern"},
            {"company_name": "", "first_name": "bo", "last_name": "Berg", "city": "bern"},
            "Same name and town, Similar name and address",
        ),
        (
            {"company_name": "Lantern Logistics LLC", "address_1": "72 Northlight Street", "city": "Savannah"},
            {"company_name": "Lantern Logistic", "address_1": "72 Northlight St", "city": "Savannah"},
            "Similar name and address",
        ),
    ],
)
def test_a_pair_is_suggested_with_why(billing, one, other, reason):
    older = make_client(**{"name": one.pop("company_name", "One"), **one})
    newer = make_client(**{"name": other.pop("company_name", "Another"), **other})
    (pair,) = duplicates.duplicates_page().pairs
    assert (pair.older, pair.newer, ", ".join(pair.reasons)) == (older, newer, reason)
    page = get_page(billing, reverse("clients:duplicates"))
    row = page.one("#pairs tbody tr")
    assert row.links()["Merge…"] == url_of(older, newer)
    assert reason.partition(",")[0] in row.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": ""}, {"email": ""}),
        ({"phone": "12"}, {"phone": "12"}),
        ({"phone": "-"}, {"phone": "–"}),
        ({"tax_id": "-"}, {"tax_id": "--"}),
        ({"name": "Lantern Logistics", "city": "Bern"}, {"name": "Lantern Logistik", "city": "Savannah"}),
    ],
)
def test_what_says_nothing_is_no_reason(one, other):
    make_client(**{"name": "One", **one})
    make_client(**{"name": "Another", **other})
    assert duplicates.duplicates_page().pairs == []


def test_what_is_no_duplicate_is_remembered(billing):
    older, newer = make_client("Acme Ltd"), make_client("Acme Ltd")
    page = get_page(billing, reverse("clients:duplicates"))
    answer = fill(billing, page, "#pairs form")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("clients:duplicates"))
    assert messages_of(answer) == [f"Clients {older.number} and {newer.number} are not suggested again."]
    told = NotADuplicate.objects.get()
    assert (told.first, told.second, told.decided_by_name) == (older, newer, "robin")
    assert set(Activity.objects.filter(verb="client.told_apart").values_list("client", "summary")) == {
        (older.pk, f"Found to be no duplicate of client {newer.number}"),
        (newer.pk, f"Found to be no duplicate of client {older.number}"),
    }
    assert get_page(billing, reverse("clients:duplicates")).one(".empty p").text == "No two clients look alike."
    assert duplicates.duplicates_of_client(older) == []


def test_dismissing_twice_or_a_client_itself_is_refused():
    acme, globex = make_client(), make_client("Globex")
    dismiss_duplicate(one=globex, other=acme, by=None)
    with refused(f"That {acme.number} and {globex.number} are two is known already; nothing was changed."):
        dismiss_duplicate(one=acme, other=globex, by=None)
    with refused(f"Client {acme.number} is one client."):
        dismiss_duplicate(one=acme, other=acme, by=None)


def test_one_that_is_gone_cannot_be_told_apart(billing):
    acme = make_client()
    with nothing_changes():
        answer = billing.post(reverse("clients:duplicates"), {"one": acme.pk, "other": "987654"})
    assert messages_of(answer) == ["One of the two is no longer there; nothing was changed."]


def test_a_page_ends_when_it_is_full_and_leads_on(billing, monkeypatch):
    monkeypatch.setattr(duplicates, "BATCH", 2)
    monkeypatch.setattr(duplicates, "PAIRS", 1)
    names = [
        make_client("Acme Ltd"),
        make_client("B"),
        make_client("Globex"),
        make_client("Acme Ltd"),
        make_client("Globex"),
    ]
    first = duplicates.duplicates_page()
    assert {(pair.older, pair.newer) for pair in first.pairs} == {(names[2], names[4]), (names[0], names[3])}
    assert (first.looked_at, first.next_before) == (2, names[3].pk)
    page = get_page(billing, reverse("clients:duplicates"))
    assert page.one("a[rel=next]")["href"] == f"?before={names[3].pk}"
    last = duplicates.duplicates_page(first.next_before)
    assert (last.pairs, last.looked_at, last.next_before) == ([], 3, None)


def test_a_page_ends_when_time_is_up(monkeypatch):
    monkeypatch.setattr(duplicates, "BATCH", 1)
    monkeypatch.setattr(duplicates, "PATIENCE", -1.0)
    make_client()
    newest = make_client("Globex")
    page = duplicates.duplicates_page()
    assert (page.pairs, page.looked_at, page.next_before) == ([], 1, newest.pk)
