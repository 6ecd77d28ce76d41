"""Reminders on screens: those that are due, how they are set, the marks of an invoice, and what went out."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from billing_admin.listing import acting
from billing_admin.models import Job
from clients.models import ClientGroup, Contact, MailMessage
from clients.services.reminders import pause_reminders
from invoices.models import ReminderHold, ReminderLevel
from invoices.services.reminders.holds import hold_reminders, lift_hold
from invoices.services.reminders.levels import LevelTerms, save_reminder_levels
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.jobs import do_jobs
from tests.mail import send_all, switch_on
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.reminders import costs, days_ago, due, overdue, reminded
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

DUE = "/invoices/reminders/"
LEVELS = "/settings/mail/reminders/"
POPUP = "form[novalidate]"


@pytest.fixture(autouse=True)
def olga(client):
    """Signed in, an owner."""
    olga = make_staff(username="olga")
    client.force_login(olga)
    return olga


def url(name, pk):
    return reverse(f"invoices:{name}", args=[pk])


def send_url(*invoices):
    return "/lists/reminders-due/act/send/?" + "&".join(f"row={each.pk}" for each in invoices)


def row_of(page, invoice):
    (row,) = [row for row in page.all("#reminders-due tbody tr") if invoice.label in row.text]
    return row


def test_what_would_go_out_today_is_shown(client):
    switch_on("reminder")
    costs(USD="5.00")
    acme = make_client("Acme Ltd", email="acme@example.com")
    Contact.objects.create(client=acme, first_name="Ann", email="ann@example.com", roles=["receives_reminders"])
    first, second = overdue(9, acme), overdue(30, make_client("Globex", email="", e_invoice=""), "40")
    Contact.objects.create(client=second.client, first_name="Bo", email="bo@example.com", roles=["receives_reminders"])
    reminded(second, 1, days=20)
    pause_reminders(client=overdue(9, make_client("Paused")).client, until=timezone.localdate(), by=None)
    overdue(9, make_client("Silent", no_mail=True))
    page = get_page(client, DUE)
    assert row_of(page, first).texts("td") == [
        "", first.label, "Acme Ltd", "1", page_day(9), "9", "100.00 USD", "5.00", "acme@example.com, ann@example.com",
    ]  # fmt: skip
    assert row_of(page, second).texts("td")[3:] == ["2", page_day(30), "30", "40.00 USD", "5.00", "bo@example.com"]
    assert page.texts(".page-facts > span") == ["Reminder 1: 1", "Reminder 2: 1"]
    assert page.texts("#left-out dt, #left-out dd") == [
        "The client’s reminders are paused", "1", "The client gets no mail", "1",
    ]  # fmt: skip
    assert all("checked" in box.attributes for box in page.all("tbody [name=row]"))
    assert get_page(client, DUE + "?level=2").texts("tbody td.figure") == [second.label]
    assert get_page(client, DUE + "?q=globex").texts("tbody td.figure") == [second.label]


def test_who_is_left_out_is_listed_and_home_tells_who_has_no_address(client):
    switch_on("reminder")
    unknown, paused = overdue(9, make_client("Unknown", email="")), overdue(9, make_client("Paused"))
    pause_reminders(client=paused.client, until=timezone.localdate(), by=None)
    page = get_page(client, DUE)
    assert page.texts("tbody td.figure") == []
    paused_url, unknown_url = (link["href"] for link in page.all("#left-out a"))
    assert get_page(client, DUE + paused_url).texts("tbody td.figure") == [f"{paused.label}"]
    page = get_page(client, "/")
    address = page.links()["1 invoice overdue of clients without an address for reminders"]
    assert address == DUE + unknown_url
    page = get_page(client, address)
    assert page.texts("tbody td.figure") == [unknown.label]
    assert "Send Reminders" not in page.texts("button")
    switch_on()
    assert "without an address" not in get_page(client, "/").one("main").text


def page_day(days):
    return f"{days_ago(days):%-d %b %Y}"


def test_those_that_stay_ticked_are_sent_and_the_others_stay_due(client):
    switch_on("reminder")
    costs(USD="5.00")
    first, other = overdue(9, make_client("Acme Ltd")), overdue(9, make_client("Globex"))
    popup = get_page(client, send_url(first))
    assert popup.texts("#effects li") == [
        "Reminder 1 of 1 invoice.",
        "Fees of 5.00 USD are billed with the clients’ next invoices, once the reminders go out.",
    ]
    assert popup.texts("table td") == [first.label, "Acme Ltd", "1", "100.00 USD"]
    fill(client, popup, POPUP)
    page = get_page(client, DUE)
    assert page.one("#toasts p").text == "1 reminder put in to be sent."
    assert page.texts("tbody td.figure") == [other.label]
    assert due() == [(other.label, 1)]
    send_all()
    log = get_page(client, url("detail", first.pk)).texts("#reminders li > span:first-child")
    assert log == ["Reminder 1 Sent Fee 5.00 USD"]


def test_what_is_disputed_before_it_is_sent_is_left_out(client):
    switch_on("reminder")
    invoice = overdue(9)
    popup = get_page(client, send_url(invoice))
    hold_reminders(invoice=invoice, kind="disputed", said_on=timezone.localdate(), reason="Wrong", by=None)
    answer = parse(fill(client, popup, POPUP))
    assert "It was changed since you looked at it." in answer.one("#left-out").text
    assert "no longer there; nothing was done" in get_page(client, send_url(invoice)).one("[role=alert]").text
    assert not MailMessage.objects.exists()


def test_many_are_sent_by_a_worker(client, monkeypatch):
    monkeypatch.setattr(acting, "MOST_AT_ONCE", 1)
    switch_on("reminder")
    for name in ("Acme Ltd", "Globex", "Initech"):
        overdue(9, make_client(name))
    fill(client, get_page(client, "/lists/reminders-due/act/send/?all=1"), POPUP)
    do_jobs()
    assert Job.objects.get().outcome == "3 reminders put in to be sent."
    assert (MailMessage.objects.count(), due()) == (3, [])


def test_nothing_can_be_sent_while_the_kind_is_off(client):
    invoice = overdue(9)
    page = get_page(client, DUE)
    assert page.one(".alert").text.startswith("Nothing goes out: Reminders are switched off in Settings → Mail.")
    assert page.all("[name=row]") == []
    assert "Reminders are switched off" in get_page(client, send_url(invoice)).one("#left-out").text
    with nothing_changes():
        client.post(send_url(invoice), {"chosen": "x"})


def test_as_many_statements_for_fifty_as_for_one(client):
    switch_on("reminder")
    overdue(9, make_client("Acme Ltd"))
    get_page(client, DUE)
    one = queries_of(client, DUE)
    for number in range(49):
        overdue(9, make_client(f"Client {number}"))
    assert queries_of(client, DUE) == one


def test_while_none_is_due_the_page_says_when_one_is(client):
    page = get_page(client, DUE)
    assert page.one(".empty").text.startswith("No reminder is due. One is, once an invoice is overdue")
    assert page.links()["Overdue Invoices"] == "/invoices/?status=overdue"
    assert get_page(client, "/invoices/?status=overdue").links()["Reminders Due"] == DUE


def test_the_levels_are_set(client):
    group = ClientGroup.objects.create(name="Public")
    page = get_page(client, LEVELS)
    assert page.one("[name=days_2]")["value"] == "21"
    assert page.one(".alert").text.startswith("Reminders are off: first it has to be said from whom mail is.")
    fill(client, page, "#levels", {
        "days_1": "5", "is_on_2": None, "fees_3": "5.00 EUR\n6 usd", "exempt_groups_3": [str(group.pk)],
    })  # fmt: skip
    assert get_page(client, LEVELS).one("#toasts p").text == "Reminders go out like this from now on."
    first, second, third = ReminderLevel.objects.in_force()
    assert (first.days, second.is_on, third.fees) == (5, False, {"EUR": "5.00", "USD": "6.00"})
    assert list(third.exempt_groups.all()) == [group]
    page = get_page(client, LEVELS)
    assert page.one("[name=fees_3]").text == "5.00 EUR 6.00 USD"
    assert "checked" in page.one("[name=exempt_groups_3]").attributes
    assert client.post(LEVELS, values_of(page.one("#levels"))).headers["Location"] == LEVELS
    assert "already" in get_page(client, LEVELS).one("#toasts p").text


def test_what_cannot_be_is_said_beside_its_field(client):
    page = get_page(client, LEVELS)
    with nothing_changes():
        answer = fill(client, page, "#levels", {"days_2": "7", "fees_1": "five"})
        assert answer.status_code == 422
        assert "“five”" in parse(answer).one("#id_fees_1_error").text
        answer = fill(client, page, "#levels", {"days_2": "7"})
        assert "Each goes out later than the one before." in parse(answer).one("#id_days_2_error").text


def test_two_people_at_the_levels_at_once_are_told(client):
    page = get_page(client, LEVELS)
    save_reminder_levels(levels={1: LevelTerms(days=3)}, by=None)
    answer = fill(client, page, "#levels", {"days_1": "4"})
    assert answer.status_code == 422
    shown = parse(answer)
    assert "stored now: “3”" in shown.one("#id_days_1_error").text
    assert ReminderLevel.objects.of(1).days == 3
    fill(client, shown, "#levels")
    assert ReminderLevel.objects.of(1).days == 4


def test_an_announced_payment_stops_reminders_until_it_is_lifted(client, olga):
    switch_on("reminder")
    invoice = overdue(9, make_client("Acme Ltd"))
    popup = get_page(client, url("announce", invoice.pk))
    assert popup.one("[name=said_on]")["value"] == str(timezone.localdate())
    fill(client, popup, POPUP, {"reason": "Next week, says Ann", "until": str(days_ago(-7))})
    page = get_page(client, url("detail", invoice.pk))
    assert page.one("#toasts p").text == f"{invoice.label} is marked as Payment announced. No reminder of it goes out."
    (mark,) = page.all("#reminders li .meta")
    assert "olga" in mark.text
    assert page_day(-7) in mark.text
    assert "Payment announced Next week, says Ann Lift" in page.one("#reminders").text
    assert due() == []
    lift = get_page(client, url("lift_hold", ReminderHold.objects.get().pk))
    assert "Next week, says Ann" in lift.one(".popup-body").text
    fill(client, lift, POPUP)
    page = get_page(client, url("detail", invoice.pk))
    assert "lifted by olga" in page.one("#reminders li .meta").text
    assert "Lift" not in page.links()
    assert due() == [(invoice.label, 1)]


def test_a_dispute_needs_a_reason_and_no_day(client):
    invoice = overdue(9)
    popup = get_page(client, url("dispute", invoice.pk))
    assert popup.all("[name=until]") == []
    with nothing_changes():
        answer = fill(client, popup, POPUP, {"reason": ""})
        assert "Say what is disputed." in parse(answer).one(".popup-body").text
        answer = fill(client, popup, POPUP, {"reason": "x", "said_on": str(days_ago(-1))})
        assert "still to come" in parse(answer).one("#id_said_on_error").text
    fill(client, popup, POPUP, {"reason": "Never <b>ordered</b>"})
    page = get_page(client, url("detail", invoice.pk))
    assert "Disputed Never <b>ordered</b>" in page.one("#reminders").text
    assert "Payment Announced" in page.links()
    assert "Disputed" not in page.links()
    answer = fill(client, get_page(client, url("dispute", invoice.pk)), POPUP, {"reason": "Again"})
    assert "lift that first" in parse(answer).one(".popup-body").text


def test_a_mark_that_somebody_lifted_meanwhile_is_told(client, olga):
    invoice = overdue(9)
    hold = hold_reminders(invoice=invoice, kind="disputed", said_on=timezone.localdate(), reason="Wrong", by=olga)
    popup = get_page(client, url("lift_hold", hold.pk))
    lift_hold(hold=hold, by=olga)
    with nothing_changes():
        answer = fill(client, popup, POPUP)
    assert "was lifted already by olga; nothing was done." in parse(answer).one("[role=alert]").text


def test_what_is_paid_needs_no_mark(client):
    draft_like = make_invoice(make_client(), usd(0))
    page = get_page(client, url("dispute", draft_like.pk))
    assert page.one(".alert").text == f"{draft_like.label} is Paid: no reminder goes out for it."
    assert get_page(client, url("detail", draft_like.pk)).all("#reminders") == []
    get_page(client, url("dispute", 999999), status=404)
    get_page(client, url("lift_hold", 999999), status=404)


def test_who_may_what(client):
    switch_on("reminder")
    invoice = overdue(9)
    viewer: User = person_with("view_invoice")
    client.force_login(viewer)
    page = get_page(client, DUE)
    assert page.all("[name=row]") == []
    assert not {"Payment Announced", "Disputed"} & set(get_page(client, url("detail", invoice.pk)).links())
    for address in (send_url(invoice), url("announce", invoice.pk), url("dispute", invoice.pk), LEVELS):
        get_page(client, address, status=403)
