"""The one box: a client, a document, money, a page or an action, from any page."""

import datetime
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from billing_admin.db.limits import TookTooLong
from billing_admin.search import groups
from billing_admin.search.pages import OF_CLIENT, OF_INVOICE, PAGES
from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Client, ClientNumberAlias, Contact
from clients.selectors.found import clients_found
from clients.services.delete.delete_client import delete_client
from clients.services.notes import add_note
from invoices.models import Invoice
from invoices.models.number_series import Document
from invoices.services.credit_notes import issue_credit_note
from invoices.services.numbering import set_prefix
from tests.every_url import routes
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, person_with, usd
from tests.pages import fill, get_page
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).resolve().parent.parent.parent
IN_BOX = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def viewer(client):
    """A browser in which somebody who may look is signed in."""
    client.force_login(make_staff(VIEWER))
    return client


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING))
    return client


def pay(invoice: Invoice, amount, **more) -> None:
    receive_payment(invoices=[invoice], amount=amount, payment_method=make_payment_method(), by=None, **more)


def led_to(browser, typed: str) -> str:
    """Where the search leads at once; "" where it shows what it found."""
    answer = fill(browser, get_page(browser, "/clients/"), ".bar > .bar-search", {"q": typed})
    return answer.headers.get("Location", "")


def found(browser, typed: str) -> dict[str, list[str]]:
    """What stands below the box: group → lines."""
    box = get_page(browser, "/search/", data={"q": typed}, headers=IN_BOX)
    assert box.all("html") == []
    return {group["aria-label"]: group.texts("[role=option]") for group in box.all("[role=group]")}


@pytest.fixture
def invoice() -> Invoice:
    make_client("Filler Ltd", number=1)
    return make_invoice(make_client("Acme Ltd", number=77), usd(5))


@pytest.mark.parametrize("typed", ["INV-000001", "inv 1", "inv1", "000001", " INV-000001 "])
def test_an_invoice_is_found_by_its_number(viewer, invoice, typed):
    assert led_to(viewer, typed) == reverse("invoices:detail", args=[invoice.pk])
    assert found(viewer, typed)["Invoices and credit notes"] == ["Invoice INV-000001 Acme Ltd Unpaid"]


def test_a_credit_note_is_found_by_its_number(viewer, invoice):
    note = issue_credit_note(invoice=invoice, reason="Downtime", by=None).note
    assert led_to(viewer, note.label) == reverse("invoices:credit_note", args=[note.pk])


def test_a_plain_number_is_a_clients_before_an_invoices(viewer, invoice):
    assert led_to(viewer, "1") == led_to(viewer, "#1") == "/clients/1/"
    assert list(found(viewer, "1")) == ["Clients", "Invoices and credit notes"]
    other = make_invoice(invoice.client, usd(6))
    assert other.number == 2
    assert led_to(viewer, "2") == reverse("invoices:detail", args=[other.pk])


def test_several_invoices_of_a_number_are_shown(viewer, invoice):
    set_prefix(document=Document.INVOICE, prefix="RE-", by=None)
    assert make_invoice(invoice.client, usd(7)).label == "RE-000001"
    assert led_to(viewer, "000001") == ""
    assert len(found(viewer, "000001")["Invoices and credit notes"]) == 2


@pytest.mark.parametrize(
    "typed",
    ["Acme Ltd", "acme ltd", "ann@example.com", "+49 30 901820", "0049 30 901820", "DE 123.456", "77", "#77", "5077"],
)
def test_what_only_one_client_is_called_opens_it_at_once(viewer, typed):
    acme = make_client(
        "Acme Ltd", number=77, email="ann@example.com", phone="+49 (30) 901820", tax_id="DE123456", country="DE"
    )
    make_client("Acme Ltd & Sons", email="dan.ann@example.com")
    ClientNumberAlias.objects.create(number=5077, client=acme)
    assert led_to(viewer, typed) == "/clients/77/"


def test_a_person_is_found_by_first_and_last_name_in_either_order(viewer):
    make_client("", first_name="Ann", last_name="Lee", number=77)
    assert led_to(viewer, "ann lee") == led_to(viewer, "lee ann") == "/clients/77/"


def test_what_is_like_it_is_shown_and_what_begins_with_it_comes_first(viewer):
    for name in ("Big Acme", "Acme Two", "Acme One", "Globex"):
        make_client(name, email="")
    assert [line.rpartition(" No.")[0] for line in found(viewer, "acme")["Clients"]] == [
        "Acme One", "Acme Two", "Big Acme",
    ]  # fmt: skip
    assert led_to(viewer, "acme") == ""
    assert led_to(viewer, "glob") == ""


def test_two_of_the_same_name_do_not_open(viewer):
    make_client("Acme Ltd")
    make_client("Acme Ltd")
    assert led_to(viewer, "acme ltd") == ""


def test_each_group_is_cut_and_leads_to_all(viewer):
    for number in range(8):
        make_client(f"Acme {number}", email="")
    box = get_page(viewer, "/search/", data={"q": "acme"}, headers=IN_BOX)
    lines = box.all("[role=option]")
    assert len(lines) == 7
    assert lines[-1].text == "All that match"
    assert lines[-1]["href"] == "/clients/?q=acme"


def test_contacts_lead_to_their_client(viewer):
    acme = make_client("Acme Ltd", number=77)
    Contact.objects.create(client=acme, first_name="Zoë", last_name="Quill", email="zoe@example.com")
    assert found(viewer, "quill")["Contacts"] == ["Zoë Quill zoe@example.com, contact of Acme Ltd"]


def test_notes_are_found_by_their_words_and_lead_to_the_note(viewer):
    acme = make_client("Acme Ltd", number=77)
    note = add_note(client=acme, text=f"Call Gündula first.\n{'More. ' * 40}", by=None)
    add_note(client=acme, text="Later", by=None)
    said = f"{' '.join(['Call Gündula first.', *['More.'] * 40])[:80].strip()}…"
    today = f"{timezone.localdate():%-d %b %Y}"
    assert found(viewer, "gundula call")["Notes"] == [f"{said} Acme Ltd, System, {today}"]
    page = get_page(viewer, "/search/", data={"q": "gundula"})
    (url,) = [link["href"] for link in page.all("main a") if "Gündula" in link.text]
    assert url.startswith("/clients/77/notes/?after=")
    assert get_page(viewer, url.partition("#")[0]).one("#notes li")["id"] == url.partition("#")[2] == f"note-{note.pk}"


def test_notes_are_for_those_who_see_clients(client):
    add_note(client=make_client("Acme Ltd"), text="Ask Gundula", by=None)
    client.force_login(person_with("view_invoice"))
    assert "Notes" not in found(client, "gundula")


def test_transactions_are_found_by_reference_and_exact_amount(viewer):
    acme = make_client("Acme Ltd")
    pay(make_invoice(acme, usd(30)), usd("12.50"), reference="ch_88")
    pay(make_invoice(acme, usd(30)), usd("12.50"), on=timezone.localdate() - datetime.timedelta(days=800))
    lines = found(viewer, "ch_8")["Transactions"]
    assert len(lines) == 1
    assert lines[0].startswith("12.50 USD in")
    for typed in ("12.50 USD", "usd 12.5", "12.5usd"):
        assert found(viewer, typed)["Transactions"] == lines
    assert found(viewer, "12.50") == found(viewer, "12.51 USD") == found(viewer, "12.50 EUR") == {}
    row = Transaction.objects.get(reference="ch_88")
    assert led_to(viewer, "ch_88") == reverse("transactions:detail", args=[row.pk])


def test_kept_transactions_are_found_by_the_name_that_they_bear(viewer):
    acme = make_client("Vanished Ltd", number=77)
    pay(make_invoice(acme, usd(30)), usd(30))
    delete_client(client=acme, by=make_staff(OWNER))
    for typed in ("vanished", "77", "#77"):
        assert found(viewer, typed) == {"Transactions of deleted clients": ["Vanished Ltd No. 77, deleted"]}
    page = get_page(viewer, "/search/", data={"q": "vanished"})
    listed = get_page(viewer, page.one(".choice-list a")["href"])
    assert "Vanished Ltd" in listed.texts("tbody tr")[0]


@pytest.mark.parametrize("typed", ["nobody & nothing", "9" * 200, "INV-000009", "²", "%", "a" * 500])
def test_what_nothing_is_called_is_told(viewer, invoice, typed):
    page = get_page(viewer, "/search/", data={"q": typed})
    assert page.one(".empty").text.startswith("Nothing is called or numbered")


@pytest.mark.parametrize("typed", ["", "\0", "  "])
def test_before_anything_is_typed_the_page_says_what_can_be(viewer, typed):
    assert get_page(viewer, "/search/", data={"q": typed}).one(".empty").text.startswith("Type a name")


def test_clients_looked_at_last_are_offered_as_far_as_they_are_there(viewer):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    box = get_page(viewer, "/search/", data={"q": "", "recent": f"{globex.pk},{acme.pk},999"}, headers=IN_BOX)
    assert [line.text.partition(" No.")[0] for line in box.all("[role=option]")] == ["Globex", "Acme Ltd"]
    get_page(viewer, "/search/", data={"recent": "1,x"}, status=400)


# ── Rights ──


def test_each_group_asks_for_its_own_right(client, invoice):
    pay(invoice, usd(5), reference="acme 1")
    staff = make_staff()
    staff.groups.clear()
    client.force_login(staff)
    assert found(client, "acme") == {}
    expected = {}
    for codename, group in (("view_client", "Clients"), ("view_transaction", "Transactions")):
        staff.user_permissions.add(Permission.objects.get(codename=codename))
        client.force_login(type(staff).objects.get(pk=staff.pk))
        expected[group] = 1
        assert {label: len(lines) for label, lines in found(client, "acme").items()} == expected
    assert found(client, "INV-000001") == {}


def test_somebody_who_may_only_look_is_offered_no_action(viewer, invoice):
    assert found(viewer, "add credit to acme") == {}
    assert found(viewer, "run invoices") == {}


# ── Pages and actions ──


def test_every_page_without_an_id_is_there_by_name():
    """A page that is not to be found here is a line less in `pages.py`."""
    left_out = {"search", "account_login", "sign_out", "signed_in", "clients:choose"}
    left_out |= {"mfa_authenticate", "mfa_login_webauthn", "end_other_sessions"}
    # From the page of one's own that tells which of them there are.
    left_out |= {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}
    left_out |= {"invoices:company_preview", "invoices:company_picture", "invoices:company_logo"}  # parts of a page
    left_out |= {"mail:switches", "mail:text", "mail:text_preview", "mail:text_look", "mail:text_reset", "mail:events"}
    left_out |= {"staff:join", "staff:forgotten", "staff:new_password", "staff:confirm_email", "staff:keep_email"}
    of_ticked_rows = {
        name
        for listing in [*PROJECT.glob("*/lists.py"), *PROJECT.glob("*/lists/*.py")]
        for name in re.findall(r'RowAction\([^()]*reverse\("([\w:]+)"', listing.read_text())
    }
    left_out |= of_ticked_rows
    names = {resolve(f"/{route}").view_name for route in routes() if "<" not in route}
    assert names - left_out == {page.url_name for page in PAGES}


@pytest.mark.parametrize("page", [*PAGES, *OF_CLIENT, *OF_INVOICE], ids=lambda page: f"{page.label} {page.url_name}")
def test_who_is_offered_a_page_may_open_it(client, page):
    invoice = make_invoice(make_client("Acme Ltd"), usd(5))
    args = [invoice.client.number] if page in OF_CLIENT else [invoice.pk] if page in OF_INVOICE else []
    staff = make_staff()
    staff.groups.clear()
    codenames = [name.partition(".")[2] for name in page.permissions]
    staff.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(staff)
    # Passkeys need a name.
    get_page(client, reverse(page.url_name, args=args), headers={"Host": "localhost"})


@pytest.mark.parametrize(
    ("typed", "line", "url"),
    [
        ("add credit to acme", "Add credit to Acme Ltd No. 77", "/clients/77/credits/manage/"),
        ("credit acme", "Add credit to Acme Ltd No. 77", "/clients/77/credits/manage/"),
        ("New Invoice acme", "New invoice for Acme Ltd No. 77", "/clients/77/invoices/create/"),
        ("invoice for 77", "New invoice for Acme Ltd No. 77", "/clients/77/invoices/create/"),
        ("merge acme", "Merge of Acme Ltd No. 77", "/clients/77/merge/"),
        ("record payment INV-000001", "Record payment of INV-000001 Acme Ltd", "/invoices/{pk}/payments/record/"),
        ("record payment of acme", "Record payment of Acme Ltd No. 77", "/clients/77/transactions/add/"),
    ],
)
def test_an_action_is_asked_for_with_its_client_or_invoice(billing, invoice, typed, line, url):
    box = get_page(billing, "/search/", data={"q": typed}, headers=IN_BOX)
    first = box.all("[role=option]")[0]
    assert (first.text, first["href"]) == (line, url.format(pk=invoice.pk))


def test_an_action_with_the_one_it_names_exactly_opens_at_once(billing, invoice):
    assert led_to(billing, "add credit to 77") == "/clients/77/credits/manage/"
    assert led_to(billing, "record payment INV-000001") == f"/invoices/{invoice.pk}/payments/record/"
    assert led_to(billing, "run invoices") == "/invoices/runs/start/"
    assert led_to(billing, "numbering") == ""  # only its owner changes that


def test_an_action_begun_goes_on(billing):
    box = get_page(billing, "/search/", data={"q": "add cred"}, headers=IN_BOX)
    line = box.one("[data-continues]")
    assert (line.text, line["data-continues"]) == ("Add credit to …", "Add credit to ")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("tax", "Tax"), ("payment meth", "Payment Methods"), ("vat", "Tax"), ("liab", "Credit Liability")],
)
def test_pages_and_settings_are_found_by_name(viewer, typed, first):
    assert found(viewer, typed)["Pages and actions"][0] == first


# ── What it costs ──


@pytest.mark.parametrize(
    "typed", ["acme", "acme ltd", "1", "a@example.com", "12.50 USD", "INV-000001", "add credit to acme"]
)
def test_the_statements_are_as_many_with_one_client_as_with_fifty(billing, invoice, typed):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            get_page(billing, "/search/", data={"q": typed}, headers=IN_BOX)
        return len(queries)

    first = asked()
    for number in range(50):
        make_client(f"Acme {number}")
    assert asked() == first


def test_a_group_that_takes_too_long_says_to_type_more(billing, invoice, monkeypatch):
    def slow(text, most):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    monkeypatch.setattr(groups, "contacts_found", slow)
    monkeypatch.setattr(groups, "MILLISECONDS", 100)
    box = get_page(billing, "/search/", data={"q": "acme"}, headers=IN_BOX)
    assert box.texts(".choices-note") == ["So many match that it takes long. Type more."]
    assert [group["aria-label"] for group in box.all("[role=group]")] == ["Clients", "Contacts"]
    assert Client.objects.count() == 2  # the transaction goes on, and its statements have their time again
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)  # that of a request


@pytest.mark.parametrize("url", ["/clients/?q=acme", "/invoices/?q=acme", "/transactions/?q=acme", "/search/?q=acme"])
def test_what_a_list_is_searched_for_stands_in_its_own_field_alone(viewer, invoice, url):
    page = get_page(viewer, url)
    assert page.one("main input[name=q]:not([type=hidden])")["value"] == "acme"
    assert [field.attributes.get("value", "") for field in page.all(".bar-search input")] == ["", ""]


def test_what_is_called_just_so_is_there_though_the_rest_takes_long(viewer, monkeypatch):
    make_client("Acme Ltd", number=77)

    def slow(text, most, *, anywhere=True):
        if anywhere:
            raise TookTooLong
        return clients_found(text, most, anywhere=False)

    monkeypatch.setattr(groups, "clients_found", slow)
    box = get_page(viewer, "/search/", data={"q": "acme ltd"}, headers=IN_BOX)
    assert [line.partition(" No.")[0] for line in box.texts("[role=option]:not([aria-disabled])")] == [
        "Acme Ltd",
        "All that match",
    ]
    assert box.texts(".choices-note") == ["So many match that it takes long. Type more."]


def test_a_client_that_is_called_as_an_action_is_comes_before_it(billing):
    make_client("Bill Gates Ltd", number=77)
    assert list(found(billing, "bill gates")) == ["Clients", "Actions"]
