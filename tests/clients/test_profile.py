"""Opening a client's account and editing its profile."""

import pytest
from django.core.exceptions import ValidationError

from clients.models import Activity, Client, ClientDeletion, ClientGroup, ClientNumberAlias
from clients.services.delete.delete_client import delete_client
from clients.services.profile import edit_client, open_client
from tests.factories import make_client, make_staff
from tests.unchanged import nothing_changes, refused, refused_by_database

pytestmark = pytest.mark.django_db

# ── Opening ──


def test_an_account_has_a_number_a_name_and_an_activity():
    ann = make_staff(username="ann")
    acme = open_client(by=ann, company_name="Acme Ltd", first_name="Bo", last_name="Berg", currency="EUR")
    acme.refresh_from_db()
    assert (acme.name, acme.person, acme.currency, acme.status) == ("Acme Ltd", "Bo Berg", "EUR", "active")
    assert (acme.credit_use, acme.tax_exempt, acme.group) == ("", False, None)
    assert str(acme) == f"#{acme.number} Acme Ltd"
    activity = Activity.objects.get()
    assert (activity.client, activity.actor, activity.actor_name) == (acme, ann, "ann")
    assert (activity.verb, activity.summary) == ("client.opened", "Client Acme Ltd added")


def test_numbers_go_up_by_one():
    first = make_client().number
    assert [make_client().number for _ in range(3)] == [first + 1, first + 2, first + 3]


def test_a_person_without_a_company_is_called_by_their_name():
    assert open_client(by=None, first_name="Bo", currency="USD").name == "Bo"
    assert open_client(by=None, first_name="Bo", last_name="Berg", currency="USD").name == "Bo Berg"


def test_the_list_is_sorted_by_company_else_by_family_name():
    make_client("zeta")
    make_client("Éclair")
    make_client("", first_name="Ann", last_name="Ömer")
    assert list(Client.objects.order_by("sort_name").values_list("sort_name", flat=True)) == [
        "ECLAIR",
        "OMER ANN",
        "ZETA",
    ]


@pytest.mark.parametrize(
    ("profile", "field", "message"),
    [
        ({"company_name": ""}, "__all__", "Give a first name, a last name or a company name."),
        ({"currency": "XXX"}, "__all__", "client_currency"),
        ({"currency": "usd"}, "__all__", "client_currency"),
        ({"currency": ""}, "currency", "This field cannot be blank."),
        ({"email": "not an address"}, "email", "Enter a valid email address."),
        ({"status": "lost"}, "status", "is not a valid choice."),
        ({"credit_use": "sometimes"}, "credit_use", "is not a valid choice."),
        ({"company_name": "x" * 201}, "company_name", "at most 200 characters"),
        ({"country": "USA"}, "country", "at most 2 characters"),
    ],
)
def test_a_profile_that_is_not_valid_opens_nothing(profile, field, message):
    with nothing_changes(), pytest.raises(ValidationError) as caught:
        open_client(by=None, **{"company_name": "Acme Ltd", "currency": "USD"} | profile)
    assert message in " ".join(caught.value.message_dict[field])


# ── A number is never given twice ──


def test_a_number_of_ones_own_is_kept_and_passed_over_later():
    number = make_client().number
    assert make_client(number=number + 2).number == number + 2
    assert [make_client().number for _ in range(2)] == [number + 1, number + 3]


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_is_above_zero(number):
    with nothing_changes(), pytest.raises(ValidationError):
        make_client(number=number)


def test_a_number_that_is_taken_is_refused():
    acme = make_client()
    with nothing_changes(), pytest.raises(ValidationError):
        make_client(number=acme.number)


def test_the_number_of_a_client_merged_away_or_deleted_is_not_given_again():
    acme = make_client()
    ClientNumberAlias.objects.create(number=acme.number + 1, client=acme)
    ClientDeletion.objects.create(number=acme.number + 2, counts={}, totals={}, deleted_by_name="Ann")
    for number in (acme.number + 1, acme.number + 2):
        with refused_by_database("This client number belonged to a client that was merged or deleted."):
            make_client(number=number)
    assert make_client().number == acme.number + 3


def test_a_client_keeps_its_number():
    acme = make_client()
    with refused_by_database("A client keeps its number."):
        Client.objects.filter(pk=acme.pk).update(number=4711)


# ── Editing ──


def test_what_was_changed_is_stored_and_written_down_with_before_and_after():
    acme, ann = make_client("Acme Ltd", city="Bern"), make_staff(username="ann")
    reseller = ClientGroup.objects.create(name="Reseller")
    edited = edit_client(
        client=acme, by=ann, company_name="Acme Holding", city="Bern", tax_exempt=True, group=reseller, phone="+41 1"
    )
    edited.refresh_from_db()
    assert (edited.name, edited.tax_exempt, edited.group, edited.phone) == ("Acme Holding", True, reseller, "+41 1")
    assert edited.updated_at > acme.updated_at
    activity = Activity.objects.get(verb="client.edited")
    assert (activity.client, activity.actor) == (acme, ann)
    assert activity.summary == "Profile changed: company name, phone, group, tax exempt"
    assert activity.data == {
        "company_name": ["Acme Ltd", "Acme Holding"],
        "tax_exempt": ["", "True"],
        "group": ["", "Reseller"],
        "phone": ["", "+41 1"],
    }


def test_the_search_follows_the_name():
    acme = make_client("Acme Ltd")
    edit_client(client=acme, by=None, company_name="Globex")
    assert list(Client.objects.matching("globex")) == [acme]
    assert list(Client.objects.matching("acme")) == []


def test_a_profile_that_is_not_changed_is_refused_and_says_so():
    acme = make_client("Acme Ltd", city="Bern")
    with refused("Nothing was changed on the profile."):
        edit_client(client=acme, by=None, company_name="Acme Ltd", city="Bern")


def test_what_somebody_else_changed_meanwhile_is_not_undone():
    """Only the fields that differ from what is stored are written."""
    acme = make_client("Acme Ltd", city="Bern")
    Client.objects.filter(pk=acme.pk).update(phone="+41 1")
    edit_client(client=acme, by=None, city="Basel")
    acme.refresh_from_db()
    assert (acme.city, acme.phone) == ("Basel", "+41 1")


@pytest.mark.parametrize(
    "change", [{"company_name": ""}, {"email": "no address"}, {"currency": "XXX"}, {"status": "lost"}]
)
def test_a_change_that_is_not_valid_stores_nothing(change):
    acme = make_client("Acme Ltd")
    with nothing_changes(), pytest.raises(ValidationError):
        edit_client(client=acme, by=None, city="Basel", **change)


def test_a_client_that_is_gone_is_said():
    acme = make_client("Acme Ltd")
    delete_client(client=acme, by=None)
    with refused("This client was deleted or merged meanwhile; nothing was done. Look it up again."):
        edit_client(client=acme, by=None, city="Basel")
