"""The list of mail, the tab of a client, the page of a message, and what is done with them by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing_admin.home.attention import matters
from billing_admin.staff.groups import VIEWER
from clients.models import Activity, FormKey, MailMessage, MailWave
from clients.selectors.mail import still_coming
from clients.services.mail.by_hand import send_again, send_document
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.mail import send_all, switch_on
from tests.mails import mail_with_all, make_message
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_staff(username="ann")


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def acme():
    acme = make_client("Acme Ltd", email="acme@example.com")
    make_invoice(acme, usd(5))
    return acme


def states(browser, query=""):
    return get_page(browser, f"{reverse('mail:list')}{query}").texts("tbody .badge")


def test_the_list_is_narrowed(signed_in, acme):
    mail_with_all(acme)
    make_message(make_client("Globex"), state="sent", kind="credit", subject_id=None, about="5.00 USD")
    assert states(signed_in) == ["Sent", "Sent", "Bounced", "Perhaps sent", "Failed", "Withheld", "Waiting"]
    assert states(signed_in, "?state=failed") == ["Failed"]
    assert states(signed_in, "?kind=credit") == ["Sent"]
    assert states(signed_in, "?q=INV-000001&state-not=sent") == [
        "Bounced",
        "Perhaps sent",
        "Failed",
        "Withheld",
        "Waiting",
    ]
    assert states(signed_in, "?q=globex") == ["Sent"]
    assert states(signed_in, "?q=nobody") == []


def test_the_list_costs_the_same_however_long(signed_in, acme):
    make_message(acme)
    before = queries_of(signed_in, reverse("mail:list"))
    for _ in range(20):
        make_message(acme)
    assert queries_of(signed_in, reverse("mail:list")) == before


def test_a_client_has_its_own(signed_in, acme):
    make_message(acme)
    make_message(make_client("Globex"))
    page = get_page(signed_in, reverse("clients:mail", args=[acme.number]))
    assert page.texts("tbody td.fill") == ["Invoice issued INV-000001"]
    assert page.one(".tabs [aria-current]").text == "Mail"


def test_an_address_that_mail_came_back_from_is_said_on_the_client(signed_in, acme):
    make_message(acme, state="bounced", address="Acme@Example.com")
    url = reverse("clients:mail", args=[acme.number])
    assert "Mail came back from acme@example.com" in get_page(signed_in, url).text
    switch_on()
    popup = get_page(signed_in, reverse("invoices:send", args=[acme.invoices.get().pk]))
    assert popup.texts("dd .badge") == ["Bounced"]
    make_message(acme, address="acme@example.com")
    assert "Mail came back" not in get_page(signed_in, url).text


def test_a_message_says_what_was_sent(signed_in, acme):
    sent = make_message(acme, kind="credit_note", subject_id=None, body="For {reason}.\n<b>", typed="a {name} & co")
    page = get_page(signed_in, reverse("mail:message", args=[sent.pk]))
    assert page.one(".mail-text").text == "For a {name} & co. <b>"
    look = signed_in.get(reverse("mail:look", args=[sent.pk]))
    assert "sandbox" in look.headers["Content-Security-Policy"]
    assert "For a {name} &amp; co." in look.content.decode()


def test_what_signs_somebody_in_is_shown_nowhere(signed_in, acme):
    secret = make_message(acme, state="waiting", is_secret=True, data={"link": "https://x/s3cret"}, subject="Reset")
    page = get_page(signed_in, reverse("mail:message", args=[secret.pk]))
    assert "s3cret" not in page.response.content.decode()
    assert page.one("#says").text == "What it says It signs somebody in, so what it says is shown nowhere."
    assert signed_in.get(reverse("mail:look", args=[secret.pk])).status_code == 404
    MailMessage.objects.filter(pk=secret.pk).update(state="failed", data={})
    with refused("It signs somebody in, and was made for one time."):
        send_again(message=secret, by=None)


def test_what_failed_is_sent_again(signed_in, acme, server):
    switch_on()
    failed = make_message(acme, state="failed", why="No", key="invoice 1")
    popup = get_page(signed_in, f"{reverse('act_on_rows', args=['mail', 'again'])}?row={failed.pk}")
    fill(signed_in, popup, "main form[method=post]")
    again = MailMessage.objects.exclude(pk=failed.pk).get()
    assert (again.key, again.state, again.queued_by_name) == ("invoice 1 again 1", "waiting", "ann")
    assert send_all() == 1
    assert server.recipients == ["acme@example.com"]
    assert send_again(message=MailMessage.objects.get(pk=again.pk), by=None).key == "invoice 1 again 2"


def test_what_is_still_to_be_put_in_is_counted_in_the_database():
    assert still_coming() == 0
    for ids in ([1, 2, 3], [4]):
        MailWave.objects.create(kind="invoice", subject_ids=ids, by_name="")
    with CaptureQueriesContext(connection) as queries:
        assert still_coming() == 4
    assert [query["sql"].count("SUM(cardinality(") for query in queries] == [1]


def test_the_same_popup_sends_again_once(signed_in, acme):
    sent = make_message(acme, key="invoice 1")
    url = f"{reverse('act_on_rows', args=['mail', 'again'])}?row={sent.pk}"
    chosen = get_page(signed_in, url).one("[name=chosen]")["value"]
    for _ in range(2):
        signed_in.post(url, {"chosen": chosen})
    assert list(MailMessage.objects.order_by("pk").values_list("key", flat=True)) == ["invoice 1", "invoice 1 again 1"]


def test_two_who_each_send_it_again_send_it_once(signed_in, acme):
    switch_on()
    sent = make_message(acme, key="invoice 1")
    again = f"{reverse('act_on_rows', args=['mail', 'again'])}?row={sent.pk}"
    first, second = get_page(signed_in, again), get_page(signed_in, again)
    fill(signed_in, first, "main form[method=post]")
    fill(signed_in, second, "main form[method=post]")
    assert "It is waiting to be sent again already." in get_page(signed_in, again).text
    assert list(MailMessage.objects.order_by("pk").values_list("key", flat=True)) == ["invoice 1", "invoice 1 again 1"]
    assert "Send Again" not in get_page(signed_in, reverse("mail:message", args=[sent.pk])).links()


def test_what_is_sent_by_hand_waits_once(acme):
    switch_on()
    invoice = acme.invoices.get()
    send_document(kind="invoice", subject_id=invoice.pk, label="x", client=acme, by=None)
    send_all()
    sent = MailMessage.objects.get()
    send_document(kind="invoice", subject_id=invoice.pk, label="x", client=acme, by=None)
    with refused("It is waiting to be sent again already."):
        send_again(message=sent, by=None)
    MailMessage.objects.exclude(pk=sent.pk).delete()
    send_again(message=sent, by=None)
    with refused("x is waiting to be sent already."):
        send_document(kind="invoice", subject_id=invoice.pk, label="x", client=acme, by=None)


def test_a_statement_of_another_period_may_go_again(acme):
    sent, other = (
        make_message(acme, kind="statement", subject_id=acme.pk, key=f"statement {acme.pk} {month}") for month in "ab"
    )
    assert send_again(message=sent, by=None).key == f"{sent.key} again 1"
    assert send_again(message=other, by=None).key == f"{other.key} again 1"


def test_what_waits_is_not_sent_again(acme):
    waiting = make_message(acme, state="waiting")
    with refused("It has not been sent yet."):
        send_again(message=waiting, by=None)


def test_somebody_says_that_it_arrived(signed_in, acme):
    lost = make_message(acme, state="perhaps_sent", why="It died.")
    popup = get_page(signed_in, f"{reverse('act_on_rows', args=['mail', 'arrived'])}?row={lost.pk}")
    fill(signed_in, popup, "main form[method=post]")
    lost.refresh_from_db()
    assert (lost.state, lost.why) == ("sent", "Staff say that it arrived.")
    assert Activity.objects.filter(client=acme, verb="mail.arrived").count() == 1


def test_home_tells_exactly_the_rows_that_its_links_show(signed_in, staff, acme):
    for state, why in (
        ("perhaps_sent", ""),
        ("failed", ""),
        ("withheld", "There is no e-mail address."),
        ("withheld", "Off"),
    ):
        make_message(acme, state=state, why=why, subject_id=None)
    done = make_message(acme, state="failed", subject_id=77)
    make_message(acme, state="sent", subject_id=77)
    told = {matter.words: matter.url for matter in matters(staff, done.queued_at.date()) if "/mail/" in matter.url}
    assert set(told) == {"1 message perhaps sent", "1 message could not be sent", "1 message without an address"}
    assert [len(get_page(signed_in, url).all("tbody tr")) for url in told.values()] == [1, 1, 1]


def test_a_server_that_does_not_answer_is_on_home(staff):
    settings = switch_on("invoice", stopped_why="The mail server does not answer.")
    told = [matter.words for matter in matters(staff, settings.tested_at.date())]
    assert told == ["Nothing is sent: The mail server does not answer."]


def test_an_invoice_is_sent_by_hand_once(signed_in, acme, server):
    switch_on()
    acme.contacts.create(first_name="Bo", email="bo@example.com", roles=["receives_invoices"])
    acme.contacts.create(first_name="Cy", email="cy@example.com")
    invoice = acme.invoices.get()
    popup = get_page(signed_in, reverse("invoices:send", args=[invoice.pk]))
    assert popup.texts(".popup-body dd") == [
        "billing@hosting.example",
        "acme@example.com Acme Ltd",
        "bo@example.com Bo",
    ]
    answer = fill(signed_in, popup, "form[method=post][novalidate]", follow=True)
    assert parse(answer).texts(".toast p") == [f"{invoice.label} is on its way to 2 addresses."]
    again = parse(fill(signed_in, popup, "form[method=post][novalidate]", follow=True))
    assert "Nothing more was done." in again.one(".toast p").text
    assert send_all() == 2
    assert sorted(server.recipients) == ["acme@example.com", "bo@example.com"]
    assert [part.get_filename() for part in server.taken[0].iter_attachments()] == [f"{invoice.label}.pdf"]
    assert "It was sent before" in get_page(signed_in, reverse("invoices:send", args=[invoice.pk])).text


def test_nothing_is_sent_by_hand_before_mail_is_set_up(signed_in, acme):
    invoice = acme.invoices.get()
    popup = get_page(signed_in, reverse("invoices:send", args=[invoice.pk]))
    assert "Mail is not set up" in popup.one("[role=alert]").text
    assert popup.all("button[type=submit].btn-primary") == []
    with refused("Mail is not set up: Settings → Mail needs a sender, and a test message that went out."):
        send_document(
            kind="invoice", subject_id=invoice.pk, label="x", client=acme, by=None, key=FormKey(key="a" * 32)
        )  # fmt: skip


def test_what_waits_already_is_not_put_in_twice(acme):
    switch_on("invoice")
    invoice = make_invoice(acme, usd(7))
    with refused(f"{invoice.label} is waiting to be sent already."):
        send_document(kind="invoice", subject_id=invoice.pk, label=invoice.label, client=acme, by=None)


def test_who_only_looks_is_offered_no_sending(client, acme):
    client.force_login(make_staff(VIEWER))
    invoice = acme.invoices.get()
    assert "Send" not in get_page(client, reverse("invoices:detail", args=[invoice.pk])).links()
    assert client.get(reverse("invoices:send", args=[invoice.pk])).status_code == 403
    lost = make_message(acme, state="perhaps_sent")
    links = get_page(client, reverse("mail:message", args=[lost.pk])).links()
    assert not {"Send Again", "It Arrived"} & set(links)


def test_the_mailbox_shows_whole_mails(signed_in, acme, settings):
    mail_with_all(acme)
    page = get_page(signed_in, reverse("mail:mailbox"))
    (link,) = page.all("tbody a")
    mail = get_page(signed_in, link["href"])
    assert mail.texts("#head dt")[:3] == ["From", "To", "Subject"]
    assert "To pay: 12.00 USD" in mail.one(".mail-text").text
    (file,) = mail.all("#files a")
    answer = signed_in.get(file["href"])
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in signed_in.get(f"{link['href']}look/").headers["Content-Security-Policy"]
    settings.MAIL_PROVIDER = "smtp"
    assert signed_in.get(reverse("mail:mailbox")).status_code == 404
    assert signed_in.get(link["href"]).status_code == 404
