"""Names of uploaded files and what is in exports: no path, no markup, no header, no formula comes of them."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.models import ClientDocument
from tests import hostile
from tests.billing_admin.test_hostile_text import look_at_file
from tests.every_url import make_rows
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse
from tests.rights.table import places
from tests.spreadsheets import read_sheet
from tests.unchanged import nothing_changes, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NAMES = [
    "=cmd|' /c calc'!A1.{}", "\"><evil src=x onerror=alert(1)>.{}", "../../../etc/passwd.{}", "..\\..\\evil.{}",
    "a\r\nX-Evil: 1.{}", "a\0b.{}", "\u202egpj.{}", "%2e%2e%2fevil.{}", "a; filename=evil.exe.{}", "';SELECT 1--.{}",
    "x" * 300 + ".{}", ".{}", "con.{}", "a b\tc\u2028.{}",
]  # fmt: skip
UPLOADS: list[tuple[str, str, bytes]] = [
    ("/clients/import/", "csv", b"Company Name,Email Address\nAcme,a@example.com\n"),
    ("/transactions/import/", "csv", b"Date,Amount,Currency,Method\n2026-11-16,4.00,USD,Card\n"),
    ("/credits/batches/upload/", "csv", b"Client ID,Amount,Currency,Description\n1,2.00,USD,x\n"),
]


@pytest.fixture
def owner(client, settings):
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    person = make_staff()
    client.force_login(person)
    client.person = person
    return client


@pytest.mark.parametrize(("address", "ending", "content"), UPLOADS)
def test_a_hostile_name_of_a_table_is_text_on_its_page(owner, address, ending, content):
    for name in NAMES:
        file = SimpleUploadedFile("x", content)
        vars(file)["_name"] = name.format(ending)  # as it is sent; the class would take the path away itself
        answer = owner.post(address, {"file": file}, follow=True)
        assert answer.status_code in (200, 422), name
        hostile.assert_harmless(parse(answer), address)
        for left in ("X-Evil", "Set-Cookie: evil"):
            assert left not in answer.headers


@pytest.mark.parametrize("name", ["evil.html", "evil.csv.exe", "csv", ".csv", "evil.svg."])
def test_a_file_of_another_kind_is_taken_nowhere(owner, name):
    address = f"/clients/{make_client().number}/files/"
    with nothing_changes():
        for form in (address, *(each for each, _, _ in UPLOADS)):
            answer = owner.post(form, {"file": SimpleUploadedFile(name, b"<script>")})
            assert answer.status_code == 422, form
            assert "is not a file of those that are taken" in parse(answer).text, form


def test_a_hostile_name_of_a_clients_file_is_kept_and_saved_harmless(owner):
    acme = make_client()
    address = f"/clients/{acme.number}/files/"
    for name in NAMES:
        file = SimpleUploadedFile("x", b"%PDF-1.7")
        vars(file)["_name"] = name.format("pdf")
        answer = fill(owner, get_page(owner, address), "form[enctype]", {"file": file})
        assert answer.status_code in (302, 422), name
    kept = list(ClientDocument.objects.filter(client=acme))
    assert len(kept) > 8
    for document in kept:
        assert not {"/", "\\", "\0", "\r", "\n", "\u2028", "\u202e"} & {*document.name}, document.name
        saved = owner.get(f"{address}{document.pk}/")
        assert saved["Content-Disposition"].startswith("attachment; filename")
        assert (saved["Content-Type"], saved["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
        assert "evil.exe;" not in saved["Content-Disposition"]
        assert "X-Evil" not in saved.headers
    hostile.assert_harmless(get_page(owner, address), address)


# So that the fast suite sees a formula too: the cells of all lists are written by one function.
_FEW = {"/clients/", "/activity/", "/clients/<number>/export/", "/clients/<number>/activity/"}


def test_no_file_of_some_lists_has_a_formula_or_markup(owner):
    make_rows()
    hostile.fill(owner.person)
    owner.person.refresh_from_db()
    owner.force_login(owner.person)
    assert look_at_exports(owner, [place for place in places() if place.url in _FEW], ("csv", "xlsx")) > 6


@pytest.mark.long  # its small sister above
def test_no_export_has_a_formula_or_markup(owner):
    """Every form that saves a file, as CSV and as a spreadsheet, of rows that are all hostile."""
    make_rows()
    hostile.fill(owner.person)
    owner.person.refresh_from_db()
    owner.force_login(owner.person)  # what was signed in before is known by a hostile text now
    assert look_at_exports(owner, list(places()), ("csv", "xlsx", "holders")) > 20


def look_at_exports(browser, found, kinds):
    """Save each file that these places give; how many there were."""
    looked_at = 0
    for place in found:
        needed = {*place.rights.to_see, *place.rights.to_send}
        if not needed & {"clients.save_lists", "clients.export_client"} or "/act/" in place.url:
            continue
        for kind in kinds:
            with taken_back():
                answer = browser.post(place.address, {"file": kind})
                if not answer.streaming:
                    continue
                if answer["Content-Type"].endswith("sheet"):
                    assert read_sheet(answer)  # which fails at a formula
                else:
                    content = b"".join(answer.streaming_content)
                    look_at_file(place.address, content)
                    if content.startswith(b"PK"):
                        with zipfile.ZipFile(io.BytesIO(content)) as archive:
                            assert not [name for name in archive.namelist() if ".." in name or name.startswith("/")]
                looked_at += 1
    return looked_at
