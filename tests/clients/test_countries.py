"""A client's country: chosen from the list, and what rows of before there was one allow."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db import transaction as db_transaction
from django.urls import reverse

from billing_admin.countries import CODES
from billing_admin.errors import BusinessError
from clients.models import Activity, Client
from clients.services.close import close_client
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from invoices.models import TaxRate
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff())
    return client


def as_before(constraint: str, table: str, change: str) -> None:
    """Change rows as it could be done before there was the list; the constraint is as an upgrade leaves it then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
        (definition,) = cursor.fetchone()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while foreign keys wait to be checked
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        cursor.execute(change)
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition} NOT VALID")


def without_a_country(acme: Client, code: str = "ZZ") -> Client:
    as_before("client_country", "clients_client", f"UPDATE clients_client SET country = '{code}' WHERE id = {acme.pk}")
    return Client.objects.get(pk=acme.pk)


def test_a_country_is_typed_by_its_name_and_shown_with_its_code(owner):
    acme = make_client("Acme Ltd", country="AU")
    url = reverse("clients:profile", args=[acme.number])
    page = get_page(owner, url)
    field = page.one("#id_country")
    assert field["value"] == "Australia (AU)"
    offered = [option["value"] for option in page.all(f"#{field['list']} option")]
    assert len(offered) == len(CODES)
    assert {"Austria (AT)", "Kosovo (XK)", "Åland Islands (AX)"} <= set(offered)
    fill(owner, page, "#profile", {"country": "austria"})
    assert Client.objects.get(pk=acme.pk).country == "AT"
    fill(owner, get_page(owner, url), "#profile", {"country": "Kosovo (XK)"})
    assert Client.objects.get(pk=acme.pk).country == "XK"


def test_what_was_typed_stays_where_it_is_no_country(owner):
    acme = make_client("Acme Ltd", country="AU")
    url = reverse("clients:profile", args=[acme.number])
    with nothing_changes():
        answer = fill(owner, get_page(owner, url), "#profile", {"country": "UK"})
    page = parse(answer)
    assert page.one("#id_country")["value"] == "UK"
    assert page.one("#id_country_error").text.endswith("Did you mean United Kingdom (GB)?")


def test_a_tax_rate_is_given_to_a_country_by_its_name(owner):
    add = reverse("invoices:add_rate")
    fill(owner, get_page(owner, add), f'form[action="{add}"]', {"country": "germany", "name": "MwSt", "rate": "19"})
    rate = TaxRate.objects.get()
    assert rate.country == "DE"
    edit = reverse("invoices:edit_rate", args=[rate.pk])
    assert get_page(owner, edit).one("#id_country")["value"] == "Germany (DE)"
    fill(owner, get_page(owner, edit), f'form[action="{edit}"]', {"rate": "16"})
    assert TaxRate.objects.get().rate == 16
    assert "Germany (DE)" in get_page(owner, reverse("invoices:tax")).texts("tbody td")


def test_services_take_a_code_of_the_list_alone():
    for country, said in {"ZZ": "“ZZ” is not the code or name", "UK": "Did you mean United Kingdom"}.items():
        with pytest.raises(ValidationError) as caught:
            make_client("Acme Ltd", country=country)
        assert said in caught.value.message_dict["country"][0]
    acme = make_client("Acme Ltd", country="de")
    assert acme.country == "DE"
    with pytest.raises(ValidationError):
        edit_client(client=acme, by=None, country="ZZ")
    with pytest.raises(IntegrityError, match="client_country"), db_transaction.atomic():
        Client.objects.filter(pk=acme.pk).update(country="ZZ")


def test_a_client_of_before_the_list_is_not_changed_until_its_country_is():
    acme, globex = without_a_country(make_client("Acme Ltd")), make_client("Globex")
    said = f"Client {acme.number} has the country “ZZ”, which is none. Give it one of the list on its Profile first."
    for refuse in (
        lambda: close_client(client=acme, by=None),
        lambda: merge_clients(kept=acme, discarded=globex, by=None),
    ):
        with nothing_changes(), refused(said):
            refuse()
    with pytest.raises(BusinessError, match="has the country “ZZ”"):
        merge_clients(kept=globex, discarded=acme, by=None, choices=Choices(fields=frozenset({"country"})))
    edit_client(client=acme, by=None, country="AT")
    assert close_client(client=acme, by=None).status == "closed"


def test_undoing_a_merge_leaves_out_a_country_that_is_none():
    acme, globex = make_client("Acme Ltd"), without_a_country(make_client("Globex"))
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    restored = undo_merge(merge=merge, by=None)
    assert restored.country == ""
    told = Activity.objects.filter(client=restored, verb="client.merge_undone").get().summary
    assert told == f"Merge into client {acme.number} undone; its country, “ZZ”, is none and was left out"


def test_migrate_names_what_is_no_country_and_later_validates(capsys):
    acme = without_a_country(make_client("Acme Ltd"))
    TaxRate.objects.create(name="Levy", rate=1, country="AT")
    as_before("tax_rate_country", "invoices_taxrate", "UPDATE invoices_taxrate SET country = 'QQ'")
    call_command("migrate", verbosity=1)
    told = capsys.readouterr().out
    assert f"The country is not in the list. 1 client of before: #{acme.number} Acme Ltd." in told
    assert "The country is not in the list. 1 tax rate of before: Levy 1%." in told
    edit_client(client=acme, by=None, country="AT")
    TaxRate.objects.all().delete()
    call_command("migrate", verbosity=1)
    assert "not in the list" not in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchone() == (0,)
