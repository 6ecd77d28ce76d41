"""One credit: its popup, editing, taking back, and reversing single entries."""

import datetime
import json

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.adjust import adjust_balance
from credits.services.expire import expire_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.reverse import reverse_entry
from credits.services.transfer import transfer_credit
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
NEW_YEAR = datetime.date(2099, 1, 1)


@pytest.fixture
def billing(client):
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(grant, what="grant"):
    return reverse(f"credits:{what}", args=[grant.client.number, grant.pk])


def reverse_url(entry):
    return reverse("credits:reverse_entry", args=[entry.client.number, entry.pk])


def send(browser, url, **typed):
    return fill(browser, get_page(browser, url, headers=IN_DIALOG), "form", typed, headers=IN_DIALOG)


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


def entry_of(kind):
    return CreditEntry.objects.get(kind=kind)


# ── The popup ──


def test_it_shows_what_became_of_the_credit_with_the_invoice_that_it_paid(billing):
    acme = make_client("Acme Ltd")
    grant = give_credit(acme, usd(30), "Downtime", expires_on=NEW_YEAR, priority=10)
    invoice = make_invoice(acme, usd(12))
    page = get_page(billing, url_of(grant), headers=IN_DIALOG)
    assert page.texts(".balance dd") == ["30.00 USD", "18.00 USD"]
    rows = [[cell.text for cell in row.all("td")][1:5] for row in page.all("tbody tr")]
    assert rows == [["Given", "Downtime", "–", "30.00"], ["Applied", "Applied automatically", "INV-000001", "−12.00"]]
    assert page.links()["INV-000001"] == reverse("invoices:detail", args=[invoice.pk])
    assert page.links()["Take back the rest"] == url_of(grant, "take_back")


def test_the_invoice_leads_back_to_the_credit(billing):
    acme = make_client()
    grant = give_credit(acme, usd(30), "Downtime")
    invoice = make_invoice(acme, usd(12))
    page = get_page(billing, reverse("invoices:detail", args=[invoice.pk]))
    assert page.links()["Downtime"] == url_of(grant)


def test_an_untouched_credit_can_be_reversed_a_used_one_not(billing):
    acme = make_client()
    grant = give_credit(acme, usd(30))
    assert {"Reverse", "Reverse the entry of 30.00"} <= set(get_page(billing, url_of(grant)).links())
    make_invoice(acme, usd(12))
    assert not {"Reverse", "Reverse the entry of 30.00"} & set(get_page(billing, url_of(grant)).links())


def test_a_viewer_sees_it_and_can_do_nothing(client):
    grant = give_credit(make_client(), usd(30))
    client.force_login(make_staff(VIEWER))
    assert get_page(client, url_of(grant)).texts(".form-actions a") == ["Close"]
    for what in ("edit", "take_back"):
        get_page(client, url_of(grant, what), status=403)
    get_page(client, reverse_url(grant.entries.get()), status=403)


def test_a_credit_of_another_client_is_not_found_under_this_one(billing):
    acme, globex = make_client(), make_client()
    grant = give_credit(globex, usd(5))
    get_page(billing, reverse("credits:grant", args=[acme.number, grant.pk]), status=404)
    get_page(billing, reverse("credits:reverse_entry", args=[acme.number, grant.entries.get().pk]), status=404)


def test_the_popup_costs_the_same_with_one_entry_and_with_fifty(billing):
    acme = make_client()
    grant = give_credit(acme, usd(100))
    first = queries_of(billing, url_of(grant))
    for _ in range(10):
        make_invoice(acme, usd(1))
    assert queries_of(billing, url_of(grant)) == first


# ── Editing ──


def test_editing_changes_what_it_says_and_logs_from_and_to(billing):
    grant = give_credit(make_client("Acme Ltd"), usd(30), "Downtime")
    answer = send(billing, url_of(grant, "edit"), description="Outage of 3 May", expires_on="2099-01-01", priority="5")
    assert toast(answer) == "Credit of 30.00 USD of Acme Ltd saved."
    grant.refresh_from_db()
    assert (grant.description, grant.expires_on, grant.priority) == ("Outage of 3 May", NEW_YEAR, 5)
    logged = Activity.objects.latest("pk")
    assert (logged.actor_name, logged.words) == (
        "robin",
        (
            "Credit of 30.00 USD edited: expires 1 Jan 2099 instead of never; priority 5 instead of 50: "
            "“Downtime” is now “Outage of 3 May”"
        ),
    )
    assert logged.data["expires_on"] == {"from": None, "to": "2099-01-01"}


def test_editing_nothing_says_so(billing):
    grant = give_credit(make_client(), usd(30), "Downtime", expires_on=NEW_YEAR)
    with nothing_changes():
        answer = send(billing, url_of(grant, "edit"))
    assert parse(answer).texts("[role=alert] p") == ["The credit already says that; nothing was changed."]


def test_an_expiry_in_the_past_is_refused(billing):
    grant = give_credit(make_client(), usd(30))
    with nothing_changes():
        answer = send(billing, url_of(grant, "edit"), expires_on="2020-01-01")
    assert parse(answer).texts("#id_expires_on_error") == [
        "1 Jan 2020 is past. To end this credit now, take back the 30.00 USD that is left."
    ]


def test_what_has_expired_on_the_ledger_does_not_come_back_by_a_later_date(billing):
    grant = give_credit(make_client(), usd(30), expires_on=NEW_YEAR)
    expire_credit(as_of=datetime.date(2099, 6, 1), by=None)
    with nothing_changes():
        answer = send(billing, url_of(grant, "edit"), expires_on="2099-12-31")
    assert parse(answer).texts("#id_expires_on_error") == [
        (
            "30.00 USD of this credit expired, and that is on the ledger. A later date would not bring it back; "
            "use Manage Credits to add new credit instead."
        )
    ]


# ── Taking back ──


def test_an_untouched_credit_is_reversed_whole(billing):
    grant = give_credit(make_client("Acme Ltd"), usd(30))
    answer = send(billing, url_of(grant, "take_back"), reason="Wrong client")
    assert toast(answer) == "Credit of 30.00 USD taken back from Acme Ltd."
    back = entry_of("reverse")
    assert (back.amount, back.words, back.reverses.kind) == (usd(-30), "Wrong client", "grant")
    assert_invariants()


def test_of_a_used_credit_only_the_rest_is_taken_back(billing):
    """Acceptance 16."""
    acme = make_client("Acme Ltd")
    grant = give_credit(acme, usd(30), "Downtime")
    before = get_page(billing, url_of(grant, "take_back"), headers=IN_DIALOG)
    assert before.one("h1").text == "Reverse this credit?"
    make_invoice(acme, usd(12))
    with nothing_changes():
        late = fill(billing, before, "form", headers=IN_DIALOG)
    page = parse(late)
    assert page.texts("[role=alert] p") == [
        "12.00 USD of the 30.00 USD “Downtime” has been used. Only the rest, 18.00 USD, can be taken back."
    ]
    assert page.one(".form-actions [type=submit]").text == "Take Back"
    assert toast(fill(billing, page, "form", headers=IN_DIALOG)) == "Credit of 18.00 USD taken back from Acme Ltd."
    assert balances_of(acme) == [usd(0)]
    assert_invariants()


def test_a_spent_credit_has_nothing_to_take_back(billing):
    acme = make_client()
    grant = give_credit(acme, usd(10), "Downtime")
    make_invoice(acme, usd(10))
    page = get_page(billing, url_of(grant, "take_back"))
    assert page.one(".popup .alert").text == (
        "Nothing is left of the 10.00 USD “Downtime”; there is nothing to take back."
    )
    assert page.all(".popup [type=submit]") == []


# ── Reversing an entry ──


def test_a_removal_is_given_back_to_its_credit_once(billing):
    acme = make_client("Acme Ltd")
    grant = give_credit(acme, usd(30))
    remove_credit(client=acme, amount=usd(10), description="Mistake", by=None)
    removed = entry_of("remove")
    page = get_page(billing, reverse_url(removed), headers=IN_DIALOG)
    assert toast(fill(billing, page, "form", headers=IN_DIALOG)) == "Credit of 10.00 USD given back to Acme Ltd."
    assert balances_of(acme) == [usd(30)]
    grant.refresh_from_db()
    assert grant.remaining == usd(30)
    with nothing_changes():
        again = parse(fill(billing, page, "form", headers=IN_DIALOG))
    assert again.one("[role=alert] p").text.startswith("This entry of −10.00 USD was reversed on ")
    assert "Reverse the entry of −10.00" not in get_page(billing, url_of(grant)).links()
    assert_invariants()


def test_an_adjustment_is_reversed_in_both_directions():
    acme = make_client()
    adjust_balance(client=acme, seen=usd(0), balance=usd(20), by=None)
    adjust_balance(client=acme, seen=usd(20), balance=usd(5), by=None)
    up, down = CreditEntry.objects.filter(kind="adjust").order_by("pk")
    assert reverse_entry(entry=down, by=None) == usd(15)
    assert balances_of(acme) == [usd(20)]
    assert reverse_entry(entry=up, by=None) == usd(-20)
    assert balances_of(acme) == [usd(0)]
    assert_invariants()


def test_what_comes_back_to_an_expired_credit_expires_at_once(billing, time_machine):
    """Acceptance 14, for a removal."""
    acme = make_client()
    give_credit(acme, usd(30), expires_on=NEW_YEAR)
    remove_credit(client=acme, amount=usd(10), description="Mistake", by=None)
    time_machine.move_to("2099-06-01 12:00", tick=False)
    billing.force_login(make_staff(BILLING))
    expire_credit(as_of=datetime.date(2099, 6, 1), by=None)
    page = get_page(billing, reverse_url(entry_of("remove")), headers=IN_DIALOG)
    assert page.one(".alert-attention").text == (
        "That credit expired on 1 Jan 2099: what comes back expires in the same moment."
    )
    fill(billing, page, "form", headers=IN_DIALOG)
    assert [(entry.kind, entry.amount) for entry in CreditEntry.objects.order_by("-pk")[:2]] == [
        ("expire", usd(-10)),
        ("reverse", usd(10)),
    ]
    assert balances_of(acme) == [usd(0)]
    assert_invariants()


def applied(acme, globex):
    make_invoice(acme, usd(5))
    return "apply", "It pays INV-000001: use Take Credit Off on that invoice instead."


def released(acme, globex):
    release_credit(invoice=make_invoice(acme, usd(5)), by=None)
    return "release", "It came back from INV-000001: use Apply Credit on that invoice instead."


def transferred(acme, globex):
    transfer_credit(source=acme, target=globex, amount=usd(5), by=None)
    return "transfer", "It belongs to a transfer between clients: use Transfer Credit to give it back instead."


def expired(acme, globex):
    expire_credit(as_of=datetime.date(2099, 6, 1), by=None)
    return "expire", "What has expired is not brought back: use Manage Credits to add new credit instead."


def reversed_(acme, globex):
    remove_credit(client=acme, amount=usd(5), description="Mistake", by=None)
    reverse_entry(entry=entry_of("remove"), by=None)
    return "reverse", "It undoes another entry itself: use Manage Credits to add or remove credit instead."


@pytest.mark.parametrize("do", [applied, released, transferred, expired, reversed_])
def test_other_entries_say_what_to_do_instead(billing, do):
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(5), expires_on=NEW_YEAR)
    kind, instead = do(acme, globex)
    entry = CreditEntry.objects.filter(kind=kind).order_by("pk").first()
    amount = "5.00 USD" if entry.amount.amount > 0 else "−5.00 USD"
    said = f"This entry of {amount} is not reversed by itself. {instead}"
    page = get_page(billing, reverse_url(entry))
    assert page.one(".popup .alert").text == said
    assert page.all(".popup [type=submit]") == []
    with refused(said):
        reverse_entry(entry=entry, by=None)


def test_a_credit_that_is_used_is_not_reversed_by_its_entry(billing):
    acme = make_client()
    grant = give_credit(acme, usd(30), "Downtime")
    page = get_page(billing, reverse_url(grant.entries.get()), headers=IN_DIALOG)
    make_invoice(acme, usd(12))
    with nothing_changes():
        answer = fill(billing, page, "form", headers=IN_DIALOG)
    assert parse(answer).texts("[role=alert] p") == [
        "12.00 USD of the 30.00 USD “Downtime” has been used. Only the rest, 18.00 USD, can be taken back."
    ]


def test_edit_begins_with_what_it_says(billing):
    grant = give_credit(make_client(), usd(30), "Downtime", expires_on=NEW_YEAR, priority=7)
    values = values_of(get_page(billing, url_of(grant, "edit")).one(".popup form"))
    assert (values["description"], values["expires_on"], values["priority"]) == ("Downtime", "2099-01-01", "7")
    assert CreditGrant.objects.get().entries.count() == 1
