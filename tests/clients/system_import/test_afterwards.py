"""What the rest of the product does with clients that another system's import brought."""

import pytest
from django.db import connection

from billing_admin.models import StagedClient, StagedEvent, StagedInvoice, StagedNote
from billing_admin.models.staged import STAGED
from clients.models import Client, ClientFileMapping, ExternalReference, ImportedEvent
from clients.selectors.found import clients_found
from clients.services.delete.delete_client import delete_client
from clients.services.importing.other_systems import import_foreign_clients
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from tests.clients.system_import.bring import bring, outcomes
from tests.dumped import lines_with
from tests.factories import make_client
from tests.staged import make_import, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    made = make_import()
    stage(made, StagedClient, 7, first_name="Ada", last_name="Lovelace", email="ada@example.com")
    stage(made, StagedNote, 1, 7, text="Lovelace pays late")
    stage(made, StagedEvent, "m1", 7, is_mail=True, text="Your password", who="ada@example.com")
    return made


def of_a_file(*lines: str, source: str = "WHMCS"):
    columns = {"ref": "External ID", "name": "Company Name"}
    mapping = ClientFileMapping(name="Ours", source=source, columns=columns, currency="EUR")
    content = "\n".join(["ref;name", *lines, ""]).encode()
    return import_foreign_clients(
        name="old.csv", content=content, mapping=mapping, by=None, accept_changes=True, with_lookalikes=True,
        skip_bad=True,
    )  # fmt: skip


def references() -> list[tuple]:
    return sorted(ExternalReference.objects.values_list("kind", "external_id", "client__first_name"))


def test_a_merge_takes_all_references_along_and_its_undo_gives_them_back(run):
    bring(run)
    client, kept = Client.objects.get(), make_client("", first_name="Kept")
    merge = merge_clients(kept=kept, discarded=client, by=None)
    assert references() == [("client", "7", "Kept"), ("note", "1", "Kept")]
    assert ImportedEvent.objects.get().client == kept
    undo_merge(merge=merge, by=None)
    assert references() == [("client", "7", "Ada"), ("note", "1", "Ada")]
    assert ImportedEvent.objects.get().client.first_name == "Ada"


def test_a_deletion_leaves_references_that_say_nothing(run):
    bring(run)
    client = Client.objects.get()
    ExternalReference.objects.create(client=client, source="Other", external_id="x")
    waiting = make_import(source="Another WHMCS")
    stage(waiting, StagedClient, 7, first_name="Bob")
    delete_client(client=client, by=None)
    assert sorted(
        ExternalReference.objects.values_list("source", "kind", "external_id", "client", "row_id", "digest")
    ) == [("WHMCS", "client", "7", None, None, None), ("WHMCS", "note", "1", None, None, None)]  # fmt: skip
    assert not ImportedEvent.objects.exists()
    assert lines_with("Lovelace", "ada@example.com") == []
    assert StagedClient.objects.get().first_name == "Bob"


def test_a_deletion_forgets_what_is_staged_of_the_client(run):
    for model in STAGED:
        if model not in (StagedClient, StagedNote, StagedEvent):
            stage(run, model, 70, 7)
        stage(run, model, 800, 8)
    bring(run)
    delete_client(client=Client.objects.get(first_name="Ada"), by=None)
    for model in STAGED:
        assert list(model._default_manager.values_list("source_id", flat=True)) == ["800"], model


def test_a_file_of_clients_does_not_bring_back_who_was_deleted(run):
    bring(run)
    delete_client(client=Client.objects.get(), by=None)
    done = of_a_file("7;Ada Again", "8;New")
    assert [(row.line, row.reason) for row in done.bad] == [
        (2, "Client 7 of WHMCS was deleted here; it does not come again.")
    ]
    assert [client.name for client in Client.objects.all()] == ["New"]


def test_other_rows_of_the_same_id_are_no_clients(run):
    stage(run, StagedInvoice, 8, 7)
    bring(run)
    ExternalReference.objects.filter(kind="note").update(external_id="8")
    done = of_a_file("8;New", "7;Ada Lovelace")
    assert (done.imported, done.already_there + done.bad.count) == (1, 1)
    assert Client.objects.filter(company_name="New").count() == 1


def test_who_came_by_a_file_is_taken_for_the_same_client(run):
    of_a_file("7;Ada by file")
    client = Client.objects.get()
    assert bring(run) == {"7": (client.pk, client.number, "Ada by file", "USD")}
    assert outcomes(run)["7"][0] == "there"
    reference = ExternalReference.objects.get(kind="client")
    assert (reference.system_import, reference.row_id) == (run, client.pk)
    assert reference.digest is not None
    assert client.notes.get().text == "Lovelace pays late"


def test_the_old_number_finds_the_client():
    here = make_client("Here")
    run = make_import()
    stage(run, StagedClient, here.number, first_name="Ada")
    stage(run, StagedClient, "90210", first_name="Bob")
    bring(run)
    text = str(here.number)
    assert {client.name for client in Client.objects.matching(text)} == {"Here", "Ada"}
    assert [(client.name, client.exact) for client in clients_found(text, 5)] == [("Here", True), ("Ada", False)]
    assert [client.name for client in Client.objects.matching("90210")] == ["Bob"]
    assert Client.objects.with_number(here.number) == here
    assert [(found.name, found.exact) for found in clients_found("90210", 5)] == [("Bob", True)]


def test_the_old_number_is_found_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Client.objects.matching("90210").explain()
    assert "client_reference_by_id" in plan
    assert "Seq Scan" not in plan
