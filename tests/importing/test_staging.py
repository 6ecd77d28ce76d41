"""Rows of a WHMCS become staged rows: as they are, mended where they are dirty, all of them or none."""

import datetime
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection

from billing_admin.models import (
    STAGED,
    StagedClient,
    StagedContact,
    StagedCredit,
    StagedEvent,
    StagedInvoice,
    StagedItem,
    StagedLine,
    StagedMoney,
    StagedNote,
    SystemImport,
)
from tests.whmcs.server import MariaDb
from tests.whmcs.traps_of_money import TRAPS

from .reading import read

pytestmark = pytest.mark.django_db


def there(server: MariaDb, database: str, sql: str) -> list[tuple]:
    with server.connect(database) as session, session.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def here(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.parametrize("version", [7, 8])
def test_every_row_is_staged_once(server, made, version):
    database = made(traps=1, version=version)
    run = read(server, database)
    assert (run.state, run.error, run.identity) == ("read", "", "https://billing.example.com")
    assert run.version.startswith(str(version))
    assert run.read_at
    tables = {
        StagedClient: ["tblclients"], StagedContact: ["tblcontacts", *["tblusers_clients"] * (version > 7)],
        StagedNote: ["tblnotes"], StagedInvoice: ["tblinvoices"], StagedLine: ["tblinvoiceitems"],
        StagedMoney: ["tblaccounts"], StagedCredit: ["tblcredit"],
        StagedItem: ["tblhosting", "tblhostingaddons", "tbldomains", "tblbillableitems"],
        StagedEvent: ["tblemails", "tblactivitylog"],
    }  # fmt: skip
    assert set(tables) == set(STAGED)
    counts = {
        model: sum(there(server, database, f"SELECT count(*) FROM {name}")[0][0] for name in names)
        for model, names in tables.items()
    }
    assert {model: model._default_manager.filter(of=run).count() for model in STAGED} == counts
    assert run.done == run.total == sum(counts.values())
    assert sum(map(int, run.sums["tables"].values())) == run.total


def test_a_client_has_all_of_its_profile(server, made):
    read(server, made())
    client = StagedClient.objects.get(source_id="2")
    row = there(
        server, made(), "SELECT firstname, lastname, companyname, city, currency, groupid, datecreated, credit "
        "FROM tblclients WHERE id = 2",
    )[0]  # fmt: skip
    assert (
        client.first_name, client.last_name, client.company_name, client.city, int(client.currency), int(client.group),
        client.created_on, client.balance,
    ) == row  # fmt: skip
    assert client.client_source_id == "2"
    assert client.email == "client2@example.com"
    assert (client.status, client.gateway, client.language) == (client.status, "stripe", "english")
    assert client.custom == {"1": "Bonn", "2": "Gold"}
    assert (client.tax_exempt, client.no_reminders, client.changes, client.texts) == (False, False, "", "")
    assert StagedClient.objects.filter(city="Köln").exists()  # from a column in latin1


def test_figures_are_those_of_the_source(server, made):
    database = made(traps=1)
    run = read(server, database)
    pairs = {
        "SELECT sum(subtotal), sum(tax), sum(tax2), sum(credit), sum(total) FROM billing_admin_stagedinvoice":
        "SELECT sum(subtotal), sum(tax), sum(tax2), sum(credit), sum(total) FROM tblinvoices",
        "SELECT sum(amount_in), sum(fees), sum(amount_out) FROM billing_admin_stagedmoney":
        "SELECT sum(amountin), sum(fees), sum(amountout) FROM tblaccounts",
        "SELECT sum(amount) FROM billing_admin_stagedcredit": "SELECT sum(amount) FROM tblcredit",
        "SELECT sum(balance) FROM billing_admin_stagedclient": "SELECT sum(credit) FROM tblclients",
        "SELECT sum(amount) FROM billing_admin_stagedline": "SELECT sum(amount) FROM tblinvoiceitems",
        "SELECT sum(paid) FROM billing_admin_stagedinvoice":
        "SELECT sum(amountin - amountout) FROM tblaccounts WHERE invoiceid IN (SELECT id FROM tblinvoices)",
        "SELECT sum(amount) FROM billing_admin_stageditem":
        "SELECT (SELECT sum(amount) FROM tblhosting) + (SELECT sum(recurring) FROM tblhostingaddons) + "
        "(SELECT sum(recurringamount) FROM tbldomains) + (SELECT sum(amount) FROM tblbillableitems)",
    }  # fmt: skip
    for ours, theirs in pairs.items():
        assert here(ours) == there(server, database, theirs), ours
    sums = run.sums
    assert sum(int(count) for count in sums["clients"].values()) == StagedClient.objects.count()
    of_all = [each for statuses in sums["invoices"].values() for each in statuses.values()]
    total = sum(invoice.total for invoice in StagedInvoice.objects.all())
    assert sum(Decimal(each["total"]) for each in of_all) == total
    assert sum(int(each["count"]) for each in of_all) == StagedInvoice.objects.count()
    for name, column in (("in", "amount_in"), ("fees", "fees"), ("out", "amount_out")):
        money = here(f"SELECT sum({column}) FROM billing_admin_stagedmoney")[0][0]
        assert sum(Decimal(each[name]) for each in sums["money"].values()) == money
        assert sum(Decimal(each[name]) for of in sums["months"].values() for each in of.values()) == money
    assert sum(Decimal(each["sum"]) for each in sums["balances"].values()) == here(
        "SELECT sum(balance) FROM billing_admin_stagedclient")[0][0]  # fmt: skip
    assert sum(Decimal(each["sum"]) for each in sums["credit"].values()) == here(
        "SELECT sum(amount) FROM billing_admin_stagedcredit")[0][0]  # fmt: skip
    due = here("SELECT sum(total - paid) FROM billing_admin_stagedinvoice WHERE status IN ('Unpaid', 'Collections', "
               "'Payment Pending')")[0][0]  # fmt: skip
    assert sum(map(Decimal, sums["due"].values())) == due
    assert {"USD", "EUR", "JPY"} <= set(sums["invoices"])
    assert sums["balances"]["#97"] == {"above": "0", "below": "0", "sum": "0.00"}


# What reading alone can say of a trap; the other words are said by whoever judges the row.
SAID_HERE = {"date", "entities", "encoding", "long"}
MODELS = {"clients": StagedClient, "invoices": StagedInvoice, "lines": StagedLine, "money": StagedMoney}


def test_each_trap_is_told_in_the_changes_of_its_rows(server, made):
    read(server, made(traps=1, clients=1))
    expected = Counter(
        (table, word) for trap in TRAPS for table, _, word in trap.becomes if word in SAID_HERE
    )  # fmt: skip
    assert len(expected) > 6
    found = {
        (table, word): MODELS[table]._default_manager.filter(changes__contains=word).count() for table, word in expected
    }
    missing = {key: (count, found[key]) for key, count in expected.items() if found[key] < count}
    assert missing == {}


def test_texts_are_what_they_were_meant_to_be(server, made):
    read(server, made(traps=1, clients=1))
    client = StagedClient.objects.get(company_name="Fish & Chips")
    assert (client.first_name, client.last_name) == ("Sineéad", "O'Brien")
    assert client.changes.splitlines() == [
        "First name: “Sine&eacute;ad” → “Sineéad” (entities)",
        "Last name: “O&#039;Brien” → “O'Brien” (entities)",
        "Company: “Fish &amp;amp; Chips” → “Fish & Chips” (entities)",
    ]
    client = StagedClient.objects.get(last_name="Müller")
    assert (client.company_name, client.address_1) == ("Café Crème", "Straße 1")
    assert "Company: “CafÃ© CrÃ¨me” → “Café Crème” (encoding)" in client.changes
    assert StagedLine.objects.get(description="Setup & transfer <b>").changes
    assert StagedLine.objects.get(description="Einrichtungsgebühr").changes
    client = StagedClient.objects.get(first_name="=1+1")
    assert client.notes == "One\ntwo three"
    assert (client.last_name, client.country, client.language) == ("<script>alert(1)</script>", "UK", "klingon")
    assert "control characters" in client.changes


def test_what_is_longer_than_a_profile_takes_is_kept_whole(server, made):
    read(server, made(traps=1, clients=1))
    client = StagedClient.objects.get(first_name__startswith="AAAA")
    assert (len(client.first_name), client.company_name) == (100, ("Very long " * 40)[:200].strip())
    assert client.phone == "+1 " + "5" * 37
    assert client.texts.splitlines() == [
        "First name: " + "A" * 200, f"Company: {('Very long ' * 40).strip()}", "Phone: +1 " + "5" * 80
    ]  # fmt: skip
    assert "Phone is longer than 40 characters" in client.changes
    assert StagedLine.objects.get(description__startswith="Line of an order").description == "Line of an order. " * 120
    assert StagedMoney.objects.filter(reference="t" * 255, description="Money. " * 300).exists()
    assert StagedInvoice.objects.filter(label="F" * 120).exists()


def test_dates_that_are_none_are_empty_and_those_to_come_stay(server, made):
    read(server, made(traps=1, clients=1))
    client = StagedClient.objects.get(changes__contains="date")
    assert client.created_on is None
    assert client.changes == "Client since: 0000-00-00 is no date and was left empty"
    invoice = StagedInvoice.objects.get(issued_on=None)
    assert (invoice.due_on, invoice.paid_at) == (None, None)
    assert invoice.changes.count("0000-00-00") == 2  # not of what is zero wherever there is none
    later = StagedInvoice.objects.get(issued_on=datetime.date(2031, 1, 1))
    assert later.changes == "Invoice date: the date 2031-01-01 is in the future"
    assert StagedMoney.objects.get(at__year=2031).changes == "Date: the date 2031-01-04 is in the future"
    assert StagedCredit.objects.filter(on=None, changes__contains="date").count() == 1


def test_moments_are_of_the_time_zone_that_this_is_in(server, made, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    read(server, made())
    money = StagedMoney.objects.order_by("id").first()
    row = there(server, made(), "SELECT date FROM tblaccounts ORDER BY id LIMIT 1")[0][0]
    assert money.at.replace(tzinfo=None) == row - datetime.timedelta(hours=2 if 3 < row.month < 10 else 1)
    assert here("SHOW timezone") == [("UTC",)]


def test_money_of_a_client_that_is_gone_has_the_name_the_log_tells(server, made):
    read(server, made(traps=1, clients=1))
    money = StagedMoney.objects.exclude(client_name="").get()
    assert money.client_name == "Ada Gone"
    assert not StagedClient.objects.filter(source_id=money.client_source_id).exists()
    assert StagedMoney.objects.get(description="Found in the bank").client_source_id == ""


def test_credit_names_its_invoice(server, made):
    read(server, made(traps=1, clients=1))
    rows = StagedCredit.objects
    applied = rows.filter(description__startswith="Credit Applied to Invoice #")
    assert applied.exists()
    for row in [*applied, *rows.filter(description__startswith="Credit Removed from Invoice #")]:
        assert row.description.rpartition("#")[2] == row.invoice_source_id
    funds = rows.get(description__startswith="Add Funds Invoice #")
    assert funds.invoice_source_id == funds.description.rpartition("#")[2]
    assert set(rows.filter(description="Add Funds").values_list("invoice_source_id", flat=True)) == {""}


def test_what_recurs_says_when_the_next_invoice_is_for(server, made):
    read(server, made(traps=1, clients=4))
    items = StagedItem.objects
    service = items.get(quantity=3)
    assert (service.description, service.cycle, service.taxed) == ("Starter", "Monthly", True)
    assert (service.starts_on, service.next_due_on) == (datetime.date(2025, 1, 31), datetime.date(2026, 12, 31))
    billed = items.filter(description="Starter", amount=4, quantity=1).get()
    assert billed.next_due_on == datetime.date(2026, 12, 31)  # due on 30 November, and billed already
    domain = items.get(description="Domain Renewal - ten.example")
    assert (domain.cycle, domain.source_id[0], domain.amount) == ("10 years", "d", Decimal(150))
    assert items.get(amount=5, next_due_on=None).status == "Active"
    assert items.get(source_id="a1").description == "Backups - client4.example"
    billable = items.filter(source_id__startswith="b").order_by("id")
    assert [(item.cycle, item.status, item.times_left) for item in billable] == [
        ("One Time", "Active", None), ("Monthly", "Active", 12), ("One Time", "Invoiced", None)
    ]  # fmt: skip
    assert {item.description for item in billable} == {"Consulting & more"}


def test_users_are_people_and_mail_has_no_text(server, made):
    read(server, made())
    user = StagedContact.objects.get(source_id="u3-3")
    assert (user.client_source_id, user.email) == ("3", "user3@example.com")
    contact = StagedContact.objects.get(email="bills5@example.com")
    assert (contact.receives_invoices, contact.is_technical, contact.more) == (True, False, "City: Bonn")
    mail = StagedEvent.objects.get(source_id="m1")
    assert (mail.is_mail, mail.text, mail.who, mail.client_source_id) == (
        True, "Your password", "client1@example.com", "1"
    )  # fmt: skip
    note = StagedNote.objects.get(client_source_id="5")
    assert (note.text, note.pinned) == ("Prefers mail.", True)


def test_what_there_is_once_is_kept_as_facts(server, made):
    facts = read(server, made()).facts
    assert facts["currencies"] == {"1": "USD", "2": "EUR", "3": "JPY"}
    assert facts["default_currency"] == "1"
    assert facts["groups"]["3"] == "Staff & Friends"
    assert facts["gateways"] == {"banktransfer": "Bank Transfer", "paypal": "PayPal", "stripe": "Credit Card"}
    assert facts["fields"] == [
        {"id": "1", "name": "VAT office", "kind": "text", "options": []},
        {"id": "2", "name": "Tier|Service level", "kind": "dropdown", "options": ["Gold", "Silver"]},
    ]
    assert facts["taxes"] == [{"level": 1, "name": "VAT", "country": "DE", "state": "", "rate": "19.000"}]
    assert facts["products"]["1"] == {"name": "Starter", "taxed": True}
    assert SystemImport.objects.get().facts == facts
