"""Everything held about a client, in one archive."""

import csv
import io
import json
import zipfile

import pytest

from clients.models import Activity, Client
from clients.services.export import export_client, queries
from tests.clients.holders import make_holder
from tests.clients.relations import counts_of, models_with_rows_of_clients
from tests.factories import make_client, make_staff

pytestmark = pytest.mark.django_db


def exported(client: Client, by=None) -> zipfile.ZipFile:
    with export_client(client=client, by=by) as archive:
        return zipfile.ZipFile(io.BytesIO(archive.read()))


def csv_rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode())))


def test_every_table_with_rows_of_clients_has_its_file_with_all_of_them():
    acme = make_holder()
    make_holder("Globex Inc")
    archive = exported(acme)
    counts = counts_of(acme)
    for name, query in queries(acme).items():
        rows = json.loads(archive.read(f"{name}.json"))
        assert len(rows) == len(csv_rows(archive, name)) > 0, name
        table = query.partition("FROM ")[2].split()[0]
        expected = sum(number for column, number in counts.items() if column.startswith(f"{table}."))
        assert len(rows) == expected or table == "clients_mergedrows", name
    files = {name.partition(".")[0] for name in archive.namelist() if not name.startswith(("files/", "documents/"))}
    assert files == {*queries(acme), "profile", "README"}
    exported_tables = {query.partition("FROM ")[2].split()[0] for query in queries(acme).values()}
    assert exported_tables == {model._meta.db_table for model in models_with_rows_of_clients()}


def test_the_profile_is_one_row():
    acme = make_client("Acme Ltd", city="Zürich", email="acme@example.com")
    archive = exported(acme)
    profile = json.loads(archive.read("profile.json"))
    assert (profile["number"], profile["company_name"], profile["city"]) == (acme.number, "Acme Ltd", "Zürich")
    assert [row["email"] for row in csv_rows(archive, "profile")] == ["acme@example.com"]


def test_amounts_are_as_the_ledger_has_them():
    archive = exported(make_holder())
    text = archive.read("credit_entries.json").decode()
    assert '"amount": 30.000' in text
    assert '"amount": -30.000' not in text


def test_nothing_of_anybody_else_is_in_it():
    acme, _ = make_holder(), make_holder("Globex Inc")
    archive = exported(acme)
    assert "Globex" not in "".join(archive.read(name).decode() for name in archive.namelist())


def test_the_read_me_names_every_file():
    acme = make_client()
    text = exported(acme).read("README.txt").decode()
    assert text.startswith(f"Everything held about client {acme.number} as of ")
    assert all(f"\n{name}" in text for name in ("profile", *queries(acme)))


def test_who_exported_it_is_written_down():
    ann = make_staff(username="ann")
    acme = make_client()
    exported(acme, by=ann)
    activity = Activity.objects.latest("pk")
    assert (activity.verb, activity.summary, activity.actor, activity.client) == (
        "client.exported", "Everything held about this client exported", ann, acme,
    )  # fmt: skip
