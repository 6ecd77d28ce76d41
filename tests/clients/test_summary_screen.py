"""The Summary and its panels."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import ClientNote, ClientNumberAlias, Contact, CreditUse
from clients.selectors import summary as figures
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditSettings
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.pages import get_page, queries_of
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(BILLING))
    return client


def url_of(account, panel=""):
    return f"/clients/{account.number}/" + (f"panels/{panel}/" if panel else "")


def rows(page, selector):
    return [" | ".join(row.texts("th, td")) for row in page.all(f"{selector} tr")]


def facts(page, panel):
    return dict(zip(page.texts(f"#{panel} dt"), page.texts(f"#{panel} dd"), strict=True))


# ── Frame and links ──


def test_the_header_names_the_client_and_its_balances(signed_in):
    acme = make_client("Łódź GmbH", first_name="Zoë", last_name="Ek", currency="EUR", status="inactive")
    give_credit(acme, usd("1250.00"))
    page = get_page(signed_in, url_of(acme))
    assert page.one("h1").text == "Łódź GmbH"
    assert page.texts(".page-facts span, .page-facts bdi")[:3] == [f"No. {acme.number}", "Zoë Ek", "Inactive"]
    assert page.texts("#balances dd") == ["0.00 EUR", "1,250.00 USD"]


def test_the_header_balances_answer_alone(signed_in):
    acme = make_client()
    give_credit(acme, usd("5.00"))
    page = get_page(signed_in, f"/clients/{acme.number}/balances/", headers={"HX-Request": "true"})
    assert [child.tag for child in page.node] == ["dl"]
    assert page.texts("dd") == ["5.00 USD"]


def test_quick_links_lead_to_what_the_person_may_do(signed_in, client):
    acme = make_client()
    page = get_page(signed_in, url_of(acme))
    links = page.one("#quick-links").links()
    assert links["Manage Credits"] == f"/clients/{acme.number}/credits/manage/"
    assert links["Create Invoice"] == f"/clients/{acme.number}/invoices/create/"
    assert page.all("#quick-links a")[0]["data-dialog"] == ""
    for url in links.values():
        get_page(signed_in, url)

    client.force_login(make_staff(VIEWER))
    links = get_page(client, url_of(acme)).one("#quick-links").links()
    assert list(links) == ["Manage Credits", "View Invoices"]


def test_every_link_of_the_page_leads_somewhere(signed_in):
    acme = make_client()
    give_credit(acme, usd("5.00"))
    make_invoice(acme, usd("10.00"))
    page = get_page(signed_in, url_of(acme))
    addresses = {link["href"] for link in page.all("a[href]") if link["href"].startswith("/")}
    assert len(addresses) > 10
    for address in addresses:
        get_page(signed_in, address)


def test_the_number_of_a_client_merged_away_leads_to_the_kept_one(signed_in):
    acme = make_client()
    ClientNumberAlias.objects.create(number=777_777, client=acme)
    answer = signed_in.get("/clients/777777/?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/clients/{acme.number}/?x=1")


def test_a_number_that_nobody_has_is_not_found(signed_in):
    for number in (999_999, 0, 2**63, 10**30):
        assert signed_in.get(f"/clients/{number}/").status_code == 404


# ── Client's Information ──


def test_the_information_shows_the_profile_and_a_dash_for_what_is_unknown(signed_in):
    acme = make_client(
        "Acme", first_name="Ann", last_name="Ek", email="ann@acme.example", address_1="Ulica 1", postcode="90-001",
        city="Łódź", country="PL", tax_id="PL1", tax_exempt=True, currency="EUR",
    )  # fmt: skip
    assert facts(get_page(signed_in, url_of(acme)), "information") == {
        "Name": "Ann Ek", "Company": "Acme", "E-mail": "ann@acme.example", "Phone": "–",
        "Address": "Ulica 1 90-001 Łódź Poland", "Currency": "EUR", "Tax": "Exempt, PL1",
    }  # fmt: skip


# ── Invoices/Billing ──


def test_invoices_are_counted_and_added_up_per_status_and_currency(signed_in):
    acme, method = make_client(), make_payment_method()
    make_invoice(acme, usd("100.00"))
    make_invoice(acme, usd("50.00"), due_on=TODAY() - DAY)
    make_invoice(acme, usd("8.00"), due_on=TODAY())  # due today is not overdue yet
    make_invoice(acme, Money("3.500", "KWD"))
    paid = make_invoice(acme, usd("200.00"))
    receive_payment(invoices=[paid], amount=usd("200.00"), payment_method=method, by=None, fees=usd("5.80"))
    part = make_invoice(acme, usd("60.00"))
    receive_payment(invoices=[part], amount=usd("20.00"), payment_method=method, by=None)
    draft_invoice(client=acme, lines=[NewLine("Setup", usd("7.00"))], by=None)
    page = get_page(signed_in, url_of(acme))
    assert rows(page, "#billing tbody") == [
        "Paid | 1 | 200.00 USD",
        "Unpaid | 1 | 3.500 KWD",
        "Unpaid | 3 | 148.00 USD",
        "Overdue | 1 | 50.00 USD",
        "Draft | 1 | 7.00 USD",
    ]
    assert rows(page, "#billing tfoot") == ["Income | 220.00 USD", "Fees | 5.80 USD", "Net after fees | 214.20 USD"]


@pytest.mark.parametrize(("invoices", "payments"), [(2, 0), (1, 2)])
def test_too_much_to_add_up_is_asked_for_by_the_panel(signed_in, monkeypatch, invoices, payments):
    acme, method = make_client(), make_payment_method()
    many = [make_invoice(acme, usd(10)) for _ in range(invoices)]
    for _ in range(payments):
        receive_payment(invoices=many, amount=usd(1), payment_method=method, by=None)
    monkeypatch.setattr(figures, "ADDED_UP_TO", 2)
    assert "load" not in get_page(signed_in, url_of(acme)).one("#billing")["hx-trigger"]
    monkeypatch.setattr(figures, "ADDED_UP_TO", 1)
    billing = get_page(signed_in, url_of(acme)).one("#billing")
    assert billing["hx-trigger"].startswith("load, ")
    assert billing.one("p").text == "So many invoices and payments are added up after the page. Add them up now"
    alone = get_page(signed_in, billing["hx-get"], headers={"HX-Request": "true"}).one("#billing")
    assert "load" not in alone["hx-trigger"]
    assert rows(alone, "tbody") == [f"Unpaid | {invoices} | {10 * invoices - payments}.00 USD"]
    whole = get_page(signed_in, url_of(acme) + billing.links()["Add them up now"]).one("#billing")
    assert whole.text == alone.text


def test_no_invoices_offers_to_create_the_first(signed_in, client):
    acme = make_client()
    empty = get_page(signed_in, url_of(acme)).one("#billing .empty")
    assert (empty.one("p").text, empty.links()) == (
        "No invoices yet.",
        {"Create Invoice": f"/clients/{acme.number}/invoices/create/"},
    )
    client.force_login(make_staff(VIEWER))
    assert get_page(client, url_of(acme)).all("#billing .empty a") == []


# ── Credit ──


def sentences(page):
    return page.texts("#credit p")


def test_without_credit_it_says_that_none_is_taken(signed_in):
    page = get_page(signed_in, url_of(make_client()))
    assert facts(page, "credit") == {"Balance USD": "0.00 USD", "Automatic use": "Always (the system’s setting)"}
    assert sentences(page) == ["The next invoice in USD takes no credit: the balance is 0.00 USD."]


def test_what_the_next_invoice_would_take_in_each_currency(signed_in):
    acme = make_client(currency="EUR")
    give_credit(acme, usd("25.00"))
    give_credit(acme, Money("4", "JPY"))
    assert sentences(get_page(signed_in, url_of(acme))) == [
        "The next invoice in EUR takes no credit: the balance is 0.00 EUR.",
        "The next invoice in JPY takes up to 4 JPY from credit.",
        "The next invoice in USD takes up to 25.00 USD from credit.",
    ]


@pytest.mark.parametrize(
    ("system", "client_use", "rule", "sentence"),
    [
        ("never", "", "Never (the system’s setting)", "The next invoice in USD takes no credit by itself."),
        (
            "never",
            "always",
            "Always (this client’s setting)",
            "The next invoice in USD takes up to 25.00 USD from credit.",
        ),
        (
            "always",
            "whole",
            "Only if it covers the whole invoice (this client’s setting)",
            "The next invoice in USD is paid from credit if it comes to 25.00 USD or less, else not at all.",
        ),
    ],
)
def test_the_rule_and_the_level_that_it_comes_from(signed_in, system, client_use, rule, sentence):
    CreditSettings.objects.create(credit_use=CreditUse(system))
    acme = make_client(credit_use=client_use)
    give_credit(acme, usd("25.00"))
    page = get_page(signed_in, url_of(acme))
    assert facts(page, "credit")["Automatic use"] == rule
    assert sentences(page) == [sentence]


@pytest.mark.parametrize(("amount", "due"), [("25.00", "0.00"), ("25.01", "0.01")])
def test_what_it_says_of_the_next_invoice_is_what_happens(signed_in, amount, due):
    acme = make_client()
    give_credit(acme, usd("20.00"))
    give_credit(acme, usd("5.00"), expires_on=TODAY())
    assert sentences(get_page(signed_in, url_of(acme))) == [
        "The next invoice in USD takes up to 25.00 USD from credit."
    ]
    assert make_invoice(acme, usd(amount)).due == usd(due)


def expired(acme, amount):
    """Credit whose last day has passed, not yet booked as expired."""
    grant = give_credit(acme, amount, expires_on=TODAY())
    type(grant).objects.filter(pk=grant.pk).update(expires_on=TODAY() - DAY)


def test_expired_credit_on_the_account_is_not_promised(signed_in):
    acme = make_client()
    expired(acme, usd("10.00"))
    page = get_page(signed_in, url_of(acme))
    assert facts(page, "credit")["Balance USD"] == "10.00 USD"
    assert sentences(page) == ["The next invoice in USD takes no credit: the 10.00 USD held has expired."]
    give_credit(acme, usd("3.00"))
    assert sentences(get_page(signed_in, url_of(acme))) == [
        "The next invoice in USD takes up to 3.00 USD from credit; 10.00 USD has expired."
    ]
    assert make_invoice(acme, usd("100.00")).due == usd("97.00")


def test_what_expires_within_30_days(signed_in):
    acme = make_client()
    give_credit(acme, usd("1.00"), expires_on=TODAY() + 30 * DAY)
    give_credit(acme, usd("2.00"), expires_on=TODAY() + 2 * DAY)
    give_credit(acme, usd("4.00"), expires_on=TODAY() + 31 * DAY)
    give_credit(acme, usd("8.00"))
    first = TODAY() + 2 * DAY
    assert facts(get_page(signed_in, url_of(acme)), "credit")["Expires within 30 days"] == (
        f"3.00 USD, the first on {first:%-d %b %Y}"
    )


# ── Panels by themselves ──


@pytest.mark.parametrize("name", ["billing", "credit", "recent"])
def test_a_panel_answers_alone_and_as_it_stands_on_the_page(signed_in, name):
    acme = make_client()
    give_credit(acme, usd("5.00"))
    make_invoice(acme, usd("10.00"))
    page = get_page(signed_in, url_of(acme))
    panel = page.one(f"#{name}")
    assert panel["hx-get"] == url_of(acme, name)
    assert "creditsChanged from:body" in panel["hx-trigger"]
    alone = get_page(signed_in, url_of(acme, name), headers={"HX-Request": "true"})
    assert [child.attrib["id"] for child in alone.node] == [name]
    assert alone.text == panel.text


def test_a_panel_that_there_is_not_is_not_found(signed_in):
    assert signed_in.get(url_of(make_client(), "nonsense")).status_code == 404


def test_figures_are_kept_from_those_who_may_not_see_them(client):
    staff = make_staff(VIEWER)
    staff.groups.clear()
    staff.user_permissions.add(Permission.objects.get(codename="view_client"))
    client.force_login(staff)
    acme = make_client()
    give_credit(acme, usd("5.00"))
    page = get_page(client, url_of(acme))
    assert [panel["id"] for panel in page.all("section.panel")] == [
        "quick-links",
        "information",
        "notes",
        "contacts",
        "recent",
    ]
    assert page.all("#balances") == []
    for name, status in (("credit", 403), ("billing", 403), ("recent", 200)):
        assert client.get(url_of(acme, name)).status_code == status


# ── Recent activity ──


def test_the_last_ten_actions_newest_first(signed_in):
    acme = make_client("Acme")
    for number in range(1, 12):
        give_credit(acme, usd(number), f"Gift {number}")
    page = get_page(signed_in, url_of(acme))
    summaries = [item.text for item in page.all("#recent li")]
    assert len(summaries) == 10
    assert summaries[0].startswith("Credit of 11.00 USD added: Gift 11 System · ")
    assert page.one("#recent").links() == {"All activity": f"/clients/{acme.number}/activity/"}


# ── Contacts and notes ──


def test_contacts_and_notes_are_read_on_the_summary(signed_in):
    acme = make_client("Acme Ltd")
    Contact.objects.create(
        client=acme, first_name="Zoë", last_name="Ek", email="zoe@acme.example", phone="555 1",
        roles=["receives_invoices", "technical"],
    )  # fmt: skip
    Contact.objects.create(client=acme, email="post@acme.example")
    ClientNote.objects.create(client=acme, text="Call\nfirst", pinned=True, author_name="Ann")
    ClientNote.objects.create(client=acme, text="<b>Bold</b>", author_name="Bo")
    page = get_page(signed_in, url_of(acme))
    assert rows(page, "#contacts tbody") == [
        "post@acme.example | post@acme.example | – | –",
        "Zoë Ek | zoe@acme.example | 555 1 | Receives invoices, Technical questions",
    ]
    assert [item.text.partition(" · ")[0] for item in page.all(".pinned-notes li")] == ["Call first Ann"]
    assert [item.text.partition(" · ")[0] for item in page.all("#notes li")] == ["<b>Bold</b> Bo"]


def test_what_a_merge_noted_is_read_on_the_summary(signed_in):
    acme, globex = make_client("Acme Ltd", phone="1"), make_client("Globex", phone="2")
    merge_clients(kept=acme, discarded=globex, by=None)
    (note,) = get_page(signed_in, url_of(acme)).texts("#notes li span[dir=auto]")
    assert note.startswith(f"Not taken over when client {globex.number} was merged")
    assert "Phone: 2" in note


def test_without_contacts_and_notes_that_is_said(signed_in):
    page = get_page(signed_in, url_of(make_client()))
    assert page.texts("#contacts .empty p") == ["No contacts besides the client."]
    assert page.texts("#notes .empty p") == ["No other notes."]


def test_fifty_contacts_and_five_notes_are_shown_and_that_there_are_more(signed_in):
    acme = make_client()
    Contact.objects.bulk_create(Contact(client=acme, email=f"{number}@acme.example") for number in range(51))
    ClientNote.objects.bulk_create(ClientNote(client=acme, text=f"{number}") for number in range(51))
    page = get_page(signed_in, url_of(acme))
    assert (len(page.all("#contacts tbody tr")), len(page.all("#notes li"))) == (50, 5)
    assert page.texts("#contacts .panel-note") == ["There are more; search finds each."]
    assert page.texts("#notes .panel-note") == ["All notes"]


# ── Cost ──


def test_the_same_number_of_queries_for_little_and_for_much(signed_in):
    acme = make_client()

    def one_of_everything():
        give_credit(acme, usd("1.00"), expires_on=TODAY() + DAY)
        give_credit(acme, Money("1.00", "EUR"))
        invoice = make_invoice(acme, usd("10.00"))
        receive_payment(invoices=[invoice], amount=usd("2.00"), payment_method=make_payment_method(), by=None)

    one_of_everything()
    queries_of(signed_in, url_of(acme))
    at_one = queries_of(signed_in, url_of(acme))
    for _ in range(50):
        one_of_everything()
    assert Invoice.objects.count() == 51
    assert queries_of(signed_in, url_of(acme)) == at_one
