"""Mail about requests: to who may decide, and to who asked once it is decided; nothing of the client is in it."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT
from clients.approvals import approve_request
from clients.models import MailMessage
from clients.services.approvals.requests import refuse_request, request_approval, withdraw_request
from clients.services.delete.delete_client import delete_client
from tests.asking import ask_for_credit, browser_of
from tests.factories import make_client, make_staff
from tests.limits import above_limit
from tests.mail import send_all, states
from tests.mail import switch_on as switch_mail_on
from tests.pages import get_page
from tests.staff import body_of, link_in, with_mail

pytestmark = pytest.mark.django_db


def with_email(person: User) -> User:
    person.email = f"{person.username}@hosting.example"
    person.save()
    return person


def told() -> list[tuple[str, str]]:
    """Kind and address of each message."""
    return list(MailMessage.objects.order_by("pk").values_list("kind", "address"))


@pytest.fixture
def sam(sam):
    return with_email(sam)


@pytest.fixture
def robin(robin):
    return with_email(robin)


def test_who_may_decide_gets_a_mail_with_a_link(sam, robin):
    acme = make_client("Initrode", email="owner@initrode.example")
    with with_mail() as server:
        asked = ask_for_credit(sam, to=acme)
        send_all()
        assert (server.recipients, link_in(server)) == (["robin@hosting.example"], reverse("approval", args=[asked.pk]))
        said = body_of(server).replace("\xa0", " ")
        subject = str(server.taken[-1]["Subject"])
    assert subject == "sam asks for approval of 250.00 USD"
    for words in ("Hello robin,", "Asked for by: sam", "What: Add credit", "Amount: 250.00 USD"):
        assert words in said
    assert not re.search("(?i)initrode|Goodwill|good client|1001", said + subject)
    page = get_page(browser_of(robin), reverse("mail:message", args=[MailMessage.objects.get().pk]))
    assert page.links()["250.00 USD"] == reverse("approval", args=[asked.pk])


def test_only_who_may_decide_is_told_and_each_once(sam, robin):
    owner, billing = with_email(make_staff(OWNER)), with_email(make_staff(BILLING))
    make_staff(MANAGER)  # without an e-mail
    gone = with_email(make_staff(MANAGER))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    approves_alone = with_email(make_staff())
    approves_alone.groups.set([Group.objects.create(name="Approves")])
    approves_alone.groups.get().permissions.set(Group.objects.get(name=MANAGER).permissions.filter(
        codename="approve_request"
    ))  # fmt: skip
    sam.groups.add(Group.objects.get(name=OWNER))
    switch_mail_on()
    above, given, acme = above_limit(make_client())
    for _ in range(2):
        request_approval(
            action="credit.add", given=given, above=above, reason="Why", by=sam, client=acme, uploader=owner
        )
    assert told() == [("approval_asked", robin.email)]
    assert billing.email not in dict(told()).values()


def test_nothing_is_queued_before_a_test_message_went_out(sam, robin):
    asked = ask_for_credit(sam)
    switch_mail_on(tested_at=None)
    refuse_request(request_id=asked.pk, by=robin, reason="No")
    ask_for_credit(sam, to=make_client("Globex"))
    assert told() == []


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_who_asked_is_told_what_was_decided_and_not_why(sam, robin, decision):
    with with_mail() as server:
        asked = ask_for_credit(sam)
        send_all()
        if decision == "approve":
            approve_request(request_id=asked.pk, by=robin, reason="Secret")
        else:
            refuse_request(request_id=asked.pk, by=robin, reason="Secret")
        send_all()
        assert server.recipients == [robin.email, sam.email]
        done = "approved" if decision == "approve" else "refused"
        assert server.taken[-1]["Subject"] == f"robin {done} 250.00 USD"
        assert f"{done.capitalize()} by: robin" in body_of(server)
        assert "Secret" not in body_of(server)
        assert link_in(server) == reverse("approval", args=[asked.pk])


def test_what_is_decided_before_it_is_sent_is_withheld(sam, robin):
    with with_mail() as server:
        for end in ("withdrawn", "refused"):
            asked = ask_for_credit(sam, to=make_client(end))
            if end == "withdrawn":
                withdraw_request(request_id=asked.pk, by=sam)
            else:
                refuse_request(request_id=asked.pk, by=robin, reason="No")
        send_all()
        assert server.recipients == [sam.email]
    assert states() == [
        ("withheld", "It was withdrawn meanwhile."), ("withheld", "It was refused meanwhile."), ("sent", "")
    ]  # fmt: skip


def test_who_may_not_decide_any_more_or_has_moved_gets_none(sam, robin):
    switch_mail_on()
    ask_for_credit(sam)
    robin.groups.set([Group.objects.get(name=SUPPORT)])
    send_all()
    assert states() == [("withheld", "robin may not decide on it any more.")]
    ask_for_credit(sam, to=make_client("Globex"))
    assert len(told()) == 1
    robin.groups.set([Group.objects.get(name=MANAGER)])
    ask_for_credit(sam, to=make_client("Initech"))
    User.objects.filter(pk=robin.pk).update(email="other@hosting.example")
    send_all()
    assert states()[-1] == ("withheld", "Whom it is to was deactivated, or has another e-mail by now.")


def test_a_deletion_leaves_no_mail_that_leads_anywhere(sam, robin):
    switch_mail_on()
    asked = ask_for_credit(sam)
    delete_client(client=asked.client, by=None)
    send_all()
    assert states() == [("withheld", "The request went with its client.")]


def test_who_asked_and_left_or_has_no_address_is_not_told(sam, robin):
    switch_mail_on()
    for left in ({"is_active": False}, {"email": "", "is_active": True}):
        asked = ask_for_credit(sam, to=make_client(str(left)))
        User.objects.filter(pk=sam.pk).update(**left)
        refuse_request(request_id=asked.pk, by=robin, reason="No")
        User.objects.filter(pk=sam.pk).update(is_active=True)
    assert {kind for kind, _ in told()} == {"approval_asked"}
