"""Statements of account for many clients at once."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing_admin.errors import BusinessError
from clients.models import Activity, ClientGroup, MailMessage
from clients.selectors.statements import last_month
from clients.services.mail.by_hand import send_again
from clients.services.mail.statements import send_statements
from clients.services.merge.merge_clients import merge_clients
from clients.services.profile import edit_client
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.mail import send_all, states, switch_on
from tests.pages import get_page

pytestmark = pytest.mark.django_db

FIRST, LAST = last_month()
ALL = "/lists/clients/act/statements/?all=1"


def who() -> list[str]:
    return list(MailMessage.objects.order_by("pk").values_list("client__company_name", flat=True))


def test_each_gets_the_statement_of_the_period_as_a_file(server):
    switch_on("statement")
    acme = make_client()
    make_invoice(acme, usd(10), on=FIRST, due_on=timezone.localdate())
    assert send_statements(ids=[acme.pk], first=FIRST, last=LAST, by=None) == 1
    send_all()
    (mail,) = server.taken
    (file,) = mail.iter_attachments()
    assert file.get_filename() == f"statement-{acme.number}-{FIRST}-{LAST}.pdf"
    assert file.get_content().startswith(b"%PDF")
    assert "To pay: 10.00" in mail.get_body(["plain"]).get_content()


def test_nobody_gets_the_same_statement_twice():
    switch_on("statement")
    acme = make_client()
    for expected in (1, 0):
        assert send_statements(ids=[acme.pk], first=FIRST, last=LAST, by=None) == expected
    assert send_statements(ids=[acme.pk], first=FIRST, last=LAST - datetime.timedelta(days=1), by=None) == 1
    assert len(states()) == 2


def test_who_was_sent_it_by_hand_is_not_sent_it_once_more():
    switch_on("statement")
    acme = make_client()
    edit_client(client=acme, by=None, no_mail=True)
    send_statements(ids=[acme.pk], first=FIRST, last=LAST, by=None)
    send_again(message=MailMessage.objects.get(), by=make_staff())
    edit_client(client=acme, by=None, no_mail=False)
    assert send_statements(ids=[acme.pk], first=FIRST, last=LAST, by=None) == 0
    assert [state for state, _ in states()] == ["withheld", "waiting"]


def test_of_merged_clients_who_each_waited_for_one_one_is_sent(server):
    switch_on("statement")
    kept, first, second = (make_client(name, email=f"{name}@example.com") for name in ("kept", "one", "two"))
    send_statements(ids=[first.pk, second.pk], first=FIRST, last=LAST, by=None)
    merge_clients(kept=kept, discarded=first, by=None)
    merge_clients(kept=kept, discarded=second, by=None)
    send_all()
    assert server.recipients == ["kept@example.com"]
    why = "Since the merge the client has a message with this very statement."
    assert states() == [("sent", ""), ("withheld", why)]


@pytest.mark.parametrize("earlier", [True, False])
def test_the_statement_of_the_kept_client_is_the_one_that_is_sent(server, earlier):
    switch_on("statement")
    kept, gone = make_client("kept", email="kept@example.com"), make_client("gone", email="gone@example.com")
    for each in (kept, gone) if earlier else (gone, kept):
        send_statements(ids=[each.pk], first=FIRST, last=LAST, by=None)
    merge_clients(kept=kept, discarded=gone, by=None)
    send_all()
    assert MailMessage.objects.get(state="sent").subject_id == kept.pk
    withheld = MailMessage.objects.get(state="withheld")
    send_again(message=withheld, by=make_staff())
    send_all()
    assert server.recipients == ["kept@example.com"] * 2


def test_a_statement_of_another_period_is_sent_beside_it(server):
    switch_on("statement")
    kept, gone = make_client("kept", email="kept@example.com"), make_client("gone", email="gone@example.com")
    send_statements(ids=[kept.pk], first=FIRST, last=LAST, by=None)
    send_statements(ids=[gone.pk], first=FIRST, last=LAST - datetime.timedelta(days=1), by=None)
    merge_clients(kept=kept, discarded=gone, by=None)
    assert send_all() == 2
    assert server.recipients == ["kept@example.com"] * 2


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(LAST, FIRST, "before it begins"), (FIRST, datetime.date(2999, 1, 1), "still to come")],
)
def test_a_period_that_is_none_is_refused(first, last, why):
    switch_on("statement")
    with pytest.raises(BusinessError, match=why):
        send_statements(ids=[make_client().pk], first=first, last=last, by=None)


def test_none_are_sent_while_they_are_switched_off():
    with pytest.raises(BusinessError, match="switched off"):
        send_statements(ids=[make_client().pk], first=FIRST, last=LAST, by=None)


def test_the_command_sends_to_a_group_and_to_who_owes(capsys):
    switch_on("statement")
    group = ClientGroup.objects.create(name="Resellers")
    make_client("Other")
    make_client("Paid", group=group)
    owing = make_client("Owing", group=group)
    make_invoice(owing, usd(10))
    call_command("send_statements", group="Resellers", only_who_owes=True, dry_run=True)
    assert "1 client would be sent a statement" in capsys.readouterr().out
    assert who() == []
    call_command("send_statements", group="Resellers", only_who_owes=True)
    assert who() == ["Owing"]
    call_command("send_statements", group="Resellers")
    assert who() == ["Owing", "Paid"]
    assert "1 had theirs already" in capsys.readouterr().out
    assert Activity.objects.filter(verb="statements.sent").count() == 2


def test_the_command_names_a_group_that_is_not_there():
    switch_on("statement")
    with pytest.raises(CommandError, match="no group “Nobody”"):
        call_command("send_statements", group="Nobody")


def test_from_the_list_it_is_previewed_and_sent(client):
    switch_on("statement")
    client.force_login(make_staff())
    make_client("Paid")
    make_invoice(make_client("Owing"), usd(10))
    popup = get_page(client, f"{ALL}&first={FIRST}&last={LAST}&only_owing=on")
    typed = {"first": str(FIRST), "last": str(LAST), "only_owing": "on"}
    client.post(ALL, {"chosen": popup.one("[name=chosen]")["value"], **typed})
    assert who() == ["Owing"]


def test_who_may_not_send_mail_sends_no_statements(client):
    client.force_login(person_with("view_client"))
    assert client.get(ALL).status_code == 403
