"""Clients of another system as they stand here afterwards."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from billing_admin.db.triggers import maintenance
from billing_admin.models import StagedClient, StagedInvoice
from clients.models import Activity, Client, ClientNote, CustomField, ExternalReference
from clients.services.system_import.clients import bring_clients
from tests.clients.system_import.bring import bring, outcomes
from tests.factories import make_client
from tests.staged import FACTS, make_import, stage

pytestmark = pytest.mark.django_db

FIELDS = [
    {"id": "1", "name": "VAT office", "kind": "text", "options": ""},
    {"id": "2", "name": "Tier|Service level", "kind": "dropdown", "options": "Gold,Silver"},
    {"id": "3", "name": "Wants paper", "kind": "tickbox", "options": ""},
    {"id": "4", "name": "Secret", "kind": "password", "options": ""},
    {"id": "5", "name": "Tax ID", "kind": "text", "options": ""},
]


def the_client(**values: object) -> Client:
    return Client.objects.get(**values)


def test_a_client_comes_with_its_profile_and_number():
    run = make_import()
    stage(
        run, StagedClient, 7017, first_name="Ada", last_name="Lovelace", company_name="Engines Ltd",
        email="ada@engines.example", phone="+44 20 7946 0000", tax_id="GB123", address_1="1 Main Street",
        address_2="Yard", city="London", region="LDN", postcode="N1", country="UK", currency="2", status="Inactive",
        group="1", language="german", tax_exempt=True, created_on=date(2020, 2, 29), gateway="stripe",
    )  # fmt: skip
    stage(run, StagedInvoice, 1, 7017)
    stage(run, StagedInvoice, 2, 7017)
    stage(run, StagedInvoice, 3, 7017, outcome="left out")
    found = bring(run)
    client = the_client()
    assert found == {"7017": (client.pk, 7017, "Engines Ltd", "EUR")}
    assert (client.number, client.name, client.person, client.email) == (
        7017, "Engines Ltd", "Ada Lovelace", "ada@engines.example",
    )  # fmt: skip
    assert (client.phone, client.tax_id, client.address_lines) == (
        "+44 20 7946 0000", "GB123", ["1 Main Street", "Yard", "N1 London", "LDN", "United Kingdom"],
    )  # fmt: skip
    assert (client.country, client.currency, client.status, client.language) == ("GB", "EUR", "inactive", "de")
    assert (client.group.name, client.tax_exempt, client.custom, client.no_mail) == ("Resellers", True, {}, False)
    assert f"{timezone.localtime(client.created_at):%Y-%m-%d %H:%M}" == "2020-02-29 00:00"
    assert list(client.notes.all()) == []
    reference = client.external_references.get()
    assert (reference.source, reference.kind, reference.external_id, reference.row_id) == (
        "WHMCS", "client", "7017", client.pk,
    )  # fmt: skip
    assert (reference.system_import, reference.part) == (run, 0)
    assert reference.digest is not None
    activity = Activity.objects.get(client=client)
    assert (activity.verb, activity.summary, activity.note, activity.actor_name) == (
        "client.imported", "Client imported with 2 invoices", str(run), "Import of WHMCS",
    )  # fmt: skip
    assert activity.data == {"import": run.pk, "invoices": 2, "transactions": 0, "rows_of_credit": 0}


def test_what_a_profile_cannot_have_stands_in_a_note():
    run = make_import(facts=FACTS | {"fields": FIELDS})
    stage(
        run, StagedClient, 8, last_name="Doe", company_name="C" * 210, email="not an address", country="Utopia",
        currency="1", status="Odd", language="klingon", no_reminders=True, texts="Phone: +1 555 and more",
        notes="One\ntwo", group="99",
        custom={"1": "Bonn", "2": "gold", "3": "on", "5": "x\x07y", "9": "of nobody"},
    )  # fmt: skip
    bring(run)
    client = the_client()
    assert (client.email, client.country, client.status, client.language, client.group) == (
        "",
        "",
        "inactive",
        "",
        None,
    )
    assert client.company_name == "C" * 200
    names = {field.pk: field.name for field in CustomField.objects.all()}
    assert {names[int(key)]: value for key, value in client.custom.items()} == {
        "VAT office": "Bonn", "Service level": "Gold", "Wants paper": "yes",
    }  # fmt: skip
    assert set(names.values()) == {"VAT office", "Service level", "Wants paper", "Tax ID (WHMCS)"}
    admin, kept = client.notes.order_by("pk")
    assert (admin.text, admin.author_name, admin.author) == ("One\ntwo", "Import of WHMCS", None)
    assert kept.text == "\n".join(
        [
            "As it stood in WHMCS:", "Phone: +1 555 and more", "Company name: " + "C" * 210,
            "E-mail address: not an address", "Country: Utopia", "Language: klingon", "Status: Odd",
            "Reminders of payment: off", "Field 9: of nobody", "Tax ID (WHMCS): x\x07y",
        ]
    )  # fmt: skip
    why = outcomes(run)["8"][1]
    for word in ("e-mail", "country", "language", "status", "group", "reminders", "Fields"):
        assert word in why, word


def test_a_client_without_a_name_is_called_by_its_id():
    run = make_import()
    stage(run, StagedClient, 55)
    bring(run)
    assert the_client().name == "Client 55"
    assert outcomes(run)["55"] == ("", "It has no name there and is called Client 55 here.")


def test_a_number_that_is_taken_is_not_given_twice():
    here = make_client("Here")
    run = make_import()
    high = here.number + 500
    stage(run, StagedClient, here.number, first_name="Second")
    stage(run, StagedClient, f"cus_{here.number}", first_name="Third")
    stage(run, StagedClient, high, first_name="High")
    found = bring(run)
    assert found[str(high)][1] == high
    assert found[str(here.number)][1] > high
    assert found[f"cus_{here.number}"][1] > high
    assert f"Number {here.number} is not free here" in outcomes(run)[str(here.number)][1]
    assert make_client("Next").number > high


def test_a_batch_leaves_the_numbers_of_later_ones_free():
    here = make_client("Here")
    run = make_import()
    first = stage(run, StagedClient, here.number, first_name="Taken")
    stage(run, StagedClient, here.number + 1, first_name="Later")
    with maintenance("import"), connection.cursor() as cursor:
        bring_clients(cursor, run, (first.pk, first.pk), timezone.now())
    assert Client.objects.get(first_name="Taken").number > here.number + 1
    assert not Client.objects.filter(first_name="Later").exists()


def test_a_creation_in_the_future_is_that_of_the_import():
    run = make_import()
    stage(run, StagedClient, 5, first_name="Ada", created_on=date(2999, 1, 1))
    bring(run)
    assert the_client().created_at <= timezone.now()


def test_fields_that_are_there_are_filled_by_name():
    tier = CustomField.objects.create(name="service LEVEL", kind="choice", choices=["Gold"])
    run = make_import(facts=FACTS | {"fields": FIELDS[:2]})
    stage(run, StagedClient, 1, first_name="Ada", custom={"2": "Silver"})
    stage(run, StagedClient, 2, first_name="Bob", custom={"2": "GOLD"})
    bring(run)
    assert Client.objects.get(first_name="Bob").custom == {str(tier.pk): "Gold"}
    assert Client.objects.get(first_name="Ada").custom == {}
    assert ClientNote.objects.get().text == "As it stood in WHMCS:\nservice LEVEL: Silver"
    assert CustomField.objects.count() == 2


def test_two_fields_of_one_name_stay_two():
    both = [{"id": str(key), "name": "Colour", "kind": "text", "options": []} for key in (1, 2)]
    run = make_import(facts=FACTS | {"fields": both})
    stage(run, StagedClient, 1, first_name="Ada", custom={"1": "Red", "2": "Blue"})
    bring(run)
    names = {field.pk: field.name for field in CustomField.objects.all()}
    assert {names[int(key)]: said for key, said in the_client().custom.items()} == {
        "Colour": "Red",
        "Colour (2)": "Blue",
    }


def test_every_reference_is_of_its_import():
    run = make_import()
    stage(run, StagedClient, 1, first_name="Ada")
    bring(run)
    assert ExternalReference.objects.filter(system_import=run).count() == 1
