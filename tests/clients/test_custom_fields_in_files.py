"""Fields of the profile that an installation defines: in the list of clients and its file, and in imports."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing_admin.errors import BusinessError
from clients.models import Client, ClientFileMapping, CustomField
from clients.services.custom_fields import add_custom_field, change_custom_field
from clients.services.importing.other_systems import import_foreign_clients, preview_foreign_clients
from clients.services.importing.own_format import import_clients, preview_clients
from clients.services.profile import edit_client
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

LIST, COLUMNS = "/clients/", "/lists/clients/columns/"
HEADER = "Client ID,Company Name,Currency,Purchase Order"
TYPED = {
    "text": ("Hotels", "Hotels"), "number": ("1,234.50", "1234.5"), "date": ("2026-02-28", "2026-02-28"),
    "choice": ("LARGE", "Large"), "yes_no": ("Yes", "yes"),
}  # fmt: skip


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(username="ann"))
    return client


def add(name: str, kind: str = "text") -> CustomField:
    return add_custom_field(name=name, kind=kind, choices=["Small", "Large"] if kind == "choice" else [], by=None)


def one_of_each() -> dict[str, CustomField]:
    return {kind: add(f"My {kind}", kind) for kind in TYPED}


def heads(page) -> list[str]:
    return page.texts("thead th:not(.ticks)")


# ── The list ──


def test_a_field_is_a_column_for_those_who_chose_it(signed_in):
    fields = one_of_each()
    acme = make_client("Acme Ltd")
    edit_client(client=acme, by=None, po_number="PO 7", **{fields[kind].field_name: TYPED[kind][1] for kind in TYPED})
    usual = heads(get_page(signed_in, LIST))
    assert usual == ["Number", "Name", "E-mail", "Status", "Unpaid", "Credit", "Since"]
    popup = get_page(signed_in, COLUMNS)
    assert [box["value"] for box in popup.all("[name=columns][checked]")] == usual[1:]
    wanted = ["Purchase Order", *(field.field_name for field in fields.values())]
    fill(signed_in, popup, "form[novalidate]", {"columns": wanted})
    page = get_page(signed_in, LIST)
    named = [f"My {kind}" for kind in TYPED]
    assert heads(page) == ["Number", "Purchase Order", *named]
    assert page.texts("tbody td:not(.ticks)")[1:] == ["PO 7", "Hotels", "1234.5", "28 Feb 2026", "Large", "Yes"]


def test_a_column_stays_chosen_when_its_field_is_renamed(signed_in):
    field = add("Industry")
    make_client()
    signed_in.post(COLUMNS, {"columns": [field.field_name]})
    change_custom_field(field=field, name="Branch", choices=[], is_on=True, by=None)
    assert heads(get_page(signed_in, LIST)) == ["Number", "Branch"]


def test_columns_of_fields_take_one_statement_however_many_there_are(signed_in):
    def statements() -> int:
        get_page(signed_in, LIST)
        with CaptureQueriesContext(connection) as queries:
            get_page(signed_in, LIST)
        return len(queries)

    fields = [add("Industry")]
    make_client()
    signed_in.post(COLUMNS, {"columns": [fields[0].field_name]})
    few = statements()
    fields += [add(f"Field {number}", "number") for number in range(5)]
    for number in range(8):
        make_client(f"Globex {number}")
    signed_in.post(COLUMNS, {"columns": [field.field_name for field in fields]})
    assert statements() == few


def test_the_file_of_the_list_has_them_under_their_names(signed_in):
    fields = one_of_each()
    acme = make_client("Acme Ltd")
    typed = {fields[kind].field_name: TYPED[kind][1] for kind in TYPED} | {fields["text"].field_name: "=1+1"}
    edit_client(client=acme, by=None, po_number="PO 7", **typed)
    answer = signed_in.post(LIST)
    (row,) = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
    assert [row[name] for name in ("Purchase Order", *(f"My {kind}" for kind in TYPED))] == [
        "PO 7", "'=1+1", "1234.5", "2026-02-28", "Large", "Yes",
    ]  # fmt: skip


# ── Imports ──


def own(*lines: str, header: str = HEADER) -> dict:
    return {"path": "clients.csv", "content": "\n".join([header, *lines, ""]).encode()}


def test_a_column_called_as_a_field_is_imported_and_previewed():
    fields = one_of_each()
    header = f"{HEADER},{','.join(f'my {kind}' for kind in TYPED)}"
    row = '7001,Acme Ltd,USD,PO 7,Hotels,"1,234.50",2026-02-28,LARGE,Yes'
    file = own(row, "7002,Globex,USD,,,,,,", header=header)
    (acme, globex) = preview_clients(**file).clients
    said = ", ".join(f"My {kind}: {stored}" for kind, (_, stored) in TYPED.items())
    assert acme.also == f"Purchase Order: PO 7, {said}"
    assert globex.also == ""
    assert import_clients(**file, by=None).imported == 2
    added = Client.objects.get(number=7001)
    assert (added.po_number, added.custom) == ("PO 7", {str(fields[kind].pk): TYPED[kind][1] for kind in TYPED})
    assert Client.objects.get(number=7002).custom == {}
    again = import_clients(**file, by=None)
    assert (again.imported, again.already_there) == (0, 2)


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("text", "x" * 201, "My text has 201 characters; 200 fit."),
        ("text", "a\u200bb", "My text “a\u200bb” has a character that cannot be printed."),
        ("number", "many", "My number “many” is not a plain number. Use digits and a decimal point, as in 1.5."),
        ("date", "28.2.2026", "My date “28.2.2026” is not a date. Write it as 2026-01-31."),
        ("choice", "Huge", "My choice “Huge” is none of: Small, Large."),
        ("yes_no", "perhaps", "My yes_no “perhaps” is neither Yes nor No."),
    ],
)
def test_what_a_field_cannot_be_makes_the_row_bad(kind, typed, said):
    add(f"My {kind}", kind)
    file = own(f"7001,Acme Ltd,USD,,{typed}", header=f"{HEADER},My {kind}")
    assert [row.reason for row in preview_clients(**file).bad] == [said]


def test_a_client_that_has_another_value_is_named():
    field, acme = add("Industry"), make_client("Acme Ltd", number=7001)
    edit_client(client=acme, by=None, **{field.field_name: "Hotels"})
    file = own("7001,Acme Ltd,USD,PO 7,Bars", header=f"{HEADER},Industry")
    (bad,) = preview_clients(**file).bad
    assert bad.reason == (
        "Client 7001 exists with other values: Purchase Order is empty here and “PO 7” in the file; Industry is "
        "“Hotels” here and “Bars” in the file."
    )


def test_a_field_that_is_switched_off_is_no_column():
    field = add("Industry")
    change_custom_field(field=field, name="Industry", choices=[], is_on=False, by=None)
    with pytest.raises(BusinessError, match="Industry"), nothing_changes():
        import_clients(**own("7001,Acme Ltd,USD,,Bars", header=f"{HEADER},Industry"), by=None)


def test_a_file_of_another_system_brings_fields_by_name_and_by_mapping(signed_in):
    industry, since = add("Industry"), add("Partner since", "date")
    mapping = ClientFileMapping.objects.create(
        name="Old", source="Old", currency="USD",
        columns={"id": "External ID", "name": "Company Name", "sector": industry.field_name},
    )  # fmt: skip
    content = b"id;name;sector;partner_since\n1;Acme Ltd;Hotels;28.02.2026\n2;Globex;;\n"
    run = preview_foreign_clients(name="old.csv", content=content, mapping=mapping)
    assert run.clients[0].also == "Industry: Hotels, Partner since: 2026-02-28"
    import_foreign_clients(name="old.csv", content=content, mapping=mapping, by=None)
    acme, globex = Client.objects.order_by("number")
    assert acme.custom == {str(industry.pk): "Hotels", str(since.pk): datetime.date(2026, 2, 28).isoformat()}
    assert globex.custom == {}
    page = get_page(signed_in, f"/clients/import/mappings/{mapping.pk}/")
    assert "sector" in [field["value"] for field in page.all("[name^=column_][value]")]
    fill(signed_in, page, "form[novalidate]", {"name": "Older"})
    assert ClientFileMapping.objects.get().columns["sector"] == industry.field_name


@pytest.mark.parametrize("name", ["Email Address", "language", "Credit"])
def test_no_field_is_called_as_a_column_of_every_file(name):
    with refused(f"“{name}” is a column of every file of clients; call the field otherwise.", field="name"):
        add(name)
