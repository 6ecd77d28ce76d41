"""What the page asks of a system, and the command by which it has a FOSSBilling read."""

import io
import sys

import pytest
from django.core.management import call_command

from billing_admin.importing.opening import open_import
from clients.forms.system_import import ConnectForm
from tests.fossbilling.source import Source, make_source
from tests.whmcs.server import PASSWORD, MariaDb

from .fossbilling import load

pytestmark = pytest.mark.django_db
WHERE = {"host": "localhost", "port": "3306", "database": "shop", "user": "importer"}


@pytest.mark.parametrize(("said", "name"), [("", "FOSSBilling"), ("Old shop", "Old shop")])
def test_a_system_without_a_name_has_its_own(said, name):
    form = ConnectForm(WHERE | {"system": "fossbilling", "source": said})
    assert form.is_valid()
    assert (form.cleaned_data["system"], form.cleaned_data["source"]) == ("fossbilling", name)


def test_exports_of_stripe_have_no_server_to_connect_to():
    form = ConnectForm(WHERE | {"system": "stripe"})
    assert list(form.errors) == ["system"]


def piped(monkeypatch: pytest.MonkeyPatch, server: MariaDb, database: str) -> None:
    address = server.url(database).replace("importer@", f"importer:{PASSWORD.replace(' ', '%20')}@")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{address}\n"))


def test_a_fossbilling_is_read_for_the_page_and_looked_at(server: MariaDb, monkeypatch):
    run = open_import(system="fossbilling", source="Shop", by=None)
    piped(monkeypatch, server, load(server, make_source(clients=3)))
    call_command("import_fossbilling", "--read", str(run.pk), stdout=io.StringIO())
    run.refresh_from_db()
    assert (run.state, run.version, run.error) == ("read", "0.8 (patch 106)", "")
    assert next(table["read"] for table in run.preview["tables"] if table["kind"] == "client") == 3


def test_why_one_cannot_be_read_for_the_page_stands_in_it(server: MariaDb, monkeypatch):
    run = open_import(system="fossbilling", source="Shop", by=None)
    name = load(server, Source())
    with server.connect(name) as session, session.cursor() as cursor:
        cursor.execute("DROP TABLE client_order")
    piped(monkeypatch, server, name)
    with pytest.raises(Exception, match="without the table client_order"):
        call_command("import_fossbilling", "--read", str(run.pk), stdout=io.StringIO())
    run.refresh_from_db()
    assert (run.state, "without the table client_order" in run.error) == ("discarded", True)
