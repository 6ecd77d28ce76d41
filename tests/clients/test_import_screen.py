"""Import Clients: upload, answer, preview, import, discard; and the saved mappings."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientFile, ClientFileMapping, ExternalReference
from clients.services.delete.delete_client import delete_client
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

PAGE = "/clients/import/"
WHMCS = (Path(__file__).parent / "files/whmcs-report.csv").read_bytes()
OWN = b"Client ID,Company Name,Currency\n880001,Acme,USD\n880002,Globex,XXX\n"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def upload(browser, content, read_by=""):
    file = SimpleUploadedFile("clients.csv", content)
    return browser.post(PAGE, {"file": file, "read_by": read_by}, follow=True)


def old_mapping(**changes) -> ClientFileMapping:
    columns = {"ref": "External ID", "name": "Company Name", "seit": "Creation Date"}
    return ClientFileMapping.objects.create(**{"name": "Old", "source": "Old", "columns": columns} | changes)


def test_a_file_of_another_system_is_told_by_its_header_and_asked_about(billing):
    acme = make_client("Somebody", email="ada@smith.example")
    page = parse(upload(billing, WHMCS))
    assert "WHMCS, report of clients" in page.one("main").text
    assert page.texts("#counts tbody tr") == ["New clients 3"]
    assert page.texts("#changes tbody tr") == [
        "2 Company Name Smith &amp; Sons Smith & Sons garbled text",
        "2 Country UK GB no code or name of the list",
        "4 Last Name O&#039;Neill O'Neill garbled text",
    ]
    assert page.texts("#lookalikes tbody tr") == ["2 Smith & Sons Somebody Same e-mail address"]
    with nothing_changes():
        answer = fill(billing, page, "#import")
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == (
        "3 values would be taken otherwise than in the file. Nothing was imported. Look at them and agree."
    )
    with nothing_changes():
        fill(billing, page, "#import", {"accept_changes": "on"})
    answer = fill(billing, page, "#import", {"accept_changes": "on", "lookalikes": "leave_out"}, follow=True)
    assert (
        parse(answer)
        .one("#toasts p")
        .text.startswith("2 clients imported from clients.csv. 1 client that may be there already was left out.")
    )
    assert list(ExternalReference.objects.order_by("pk").values_list("external_id", flat=True)) == ["18", "19"]
    assert not ClientFile.objects.exists()
    assert Client.objects.count() == 3
    assert acme.name == "Somebody"


def test_our_own_format_stays_strict_and_can_leave_bad_rows_out(billing):
    page = parse(upload(billing, OWN))
    assert page.texts("#counts tbody tr") == ["New clients 1", "Bad 1"]
    assert page.texts("#bad tbody tr") == ["3 Currency “XXX” is not a currency in use. Give an ISO code such as USD."]
    with nothing_changes():
        assert fill(billing, page, "#import").status_code == 422
    fill(billing, page, "#import", {"skip_bad": "on"})
    assert Client.objects.get().number == 880001
    with nothing_changes():
        answer = upload(billing, OWN.replace(b"Company", b"Firm"))
    assert "“Firm Name” is not a column that is known." in parse(answer).one("main").text


def test_what_the_file_leaves_open_is_asked_one_by_one(billing):
    mapping = old_mapping()
    page = parse(upload(billing, b"ref;name;seit\n1;Acme;03/04/2020\n", read_by=str(mapping.pk)))
    assert "“03/04/2020” on line 2 of" in page.one("#answer").text
    assert fill(billing, page, "#answer").status_code == 422
    page = parse(fill(billing, page, "#answer", {"answer": "dmy"}, follow=True))
    assert "does not say in which currency" in page.one("#answer").text
    page = parse(fill(billing, page, "#answer", {"answer": "EUR"}, follow=True))
    fill(billing, page, "#import")
    acme = Client.objects.get()
    assert (acme.currency, acme.created_at.date().isoformat()) == ("EUR", "2020-04-03")


def test_a_file_is_discarded_and_gone_for_who_comes_later(billing):
    page = parse(upload(billing, WHMCS))
    pk = ClientFile.objects.get().pk
    assert [link.text for link in get_page(billing, PAGE).all("#waiting a")] == ["clients.csv"]
    answer = fill(billing, page, "#discard", follow=True)
    assert parse(answer).one("#toasts p").text == "clients.csv discarded; nothing of it was imported."
    for address in (f"{PAGE}{pk}/", f"{PAGE}{pk}/answer/"):
        assert billing.get(address).status_code == 302
    assert not ClientFile.objects.exists()
    assert not Client.objects.exists()


def test_a_mapping_is_added_copied_changed_and_deleted(billing):
    page = get_page(billing, f"{PAGE}mappings/add/?from=wave")
    fill(billing, page, "main form[method=post]", {"name": "Our Wave", "currency": "CAD"})
    mapping = ClientFileMapping.objects.get()
    assert (mapping.source, mapping.columns["customer_name"], mapping.currency) == ("Wave", "Company Name", "CAD")
    page = get_page(billing, f"{PAGE}mappings/{mapping.pk}/")
    fill(billing, page, "main form[method=post]", {"column_4": "firm; customer_name"})
    mapping.refresh_from_db()
    assert [column for column, field in mapping.columns.items() if field == "Company Name"] == ["firm", "customer_name"]
    with nothing_changes():
        assert (
            fill(billing, page, "main form[method=post]", {"column_5": "FIRM; email", "column_4": "firm"}).status_code
            == 422
        )
    billing.post(f"{PAGE}mappings/{mapping.pk}/delete/")
    assert not ClientFileMapping.objects.exists()
    assert [each.verb for each in Activity.objects.exclude(verb="sign_in.done").order_by("pk")] == [
        "client_file_mapping.added", "client_file_mapping.changed", "client_file_mapping.deleted",
    ]  # fmt: skip


def test_who_may_not_add_clients_sees_none_of_it(client):
    client.force_login(make_staff(VIEWER))
    for address in (PAGE, f"{PAGE}mappings/add/", f"{PAGE}1/"):
        assert client.get(address).status_code == 403


def test_a_deletion_forgets_the_uploads_that_name_the_client(billing):
    upload(billing, WHMCS)
    upload(billing, "ref;name\n1;Müller AG\n".encode("cp1252"), read_by=str(old_mapping().pk))
    delete_client(client=make_client("Müller AG", email=""), by=None)
    assert ClientFile.objects.count() == 1
    delete_client(client=make_client("Nobody", email="ada@smith.example"), by=None)
    assert not ClientFile.objects.exists()
