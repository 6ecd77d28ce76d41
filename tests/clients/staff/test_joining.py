"""Inviting somebody to the staff, and joining: a link that is taken once, in roles that who invites may give."""

import datetime
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.models import Invitation
from billing_admin.staff.groups import BILLING, OWNER, SUPPORT, VIEWER
from billing_admin.staff.tokens import digest_of
from clients.models import Activity, MailMessage
from clients.services.staff.accept import NOT_VALID, Joining, accept, invitation_of
from clients.services.staff.invite import invite, invite_again, withdraw_invitation
from clients.services.staff.people import deactivate
from tests.factories import make_staff, person_with
from tests.mail import send_all, states
from tests.staff import PASSWORD, body_of, group, invite_to, link_in, role, with_mail
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

ANN = Joining("ann", "Ann", "Lee", PASSWORD)
NO_NAME = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
NO_LONGER = "Whoever invited you may not do that any more. Ask somebody else who manages the staff to invite you."


def rights_of(person):
    return User.objects.get(pk=person.pk).get_all_permissions()


def test_who_has_the_link_joins_in_the_roles_of_the_invitation():
    maria = make_staff(OWNER)
    invitation, token = invite_to(VIEWER, SUPPORT, by=maria)
    assert invitation.token_digest == digest_of(token)
    ann = accept(token=token, joining=ANN)
    assert (ann.get_full_name(), ann.email, ann.is_active) == ("Ann Lee", "ann@hosting.example", True)
    assert (ann.is_superuser, ann.is_staff, ann.check_password(PASSWORD)) == (False, False, True)
    assert set(ann.groups.values_list("name", flat=True)) == {VIEWER, SUPPORT}
    assert not Invitation.objects.exists()
    invited, joined = Activity.objects.order_by("pk")
    assert (invited.verb, invited.actor, invited.note) == (
        "staff.invited", maria, "ann@hosting.example: Support, Viewer",
    )  # fmt: skip
    assert (joined.verb, joined.actor, joined.note) == ("staff.joined", ann, "ann: Support, Viewer")
    assert joined.data["invited_by"] == maria.pk
    assert token not in str([row.__dict__ for row in (invited, joined)])


def test_a_link_is_taken_once():
    _, token = invite_to(VIEWER)
    accept(token=token, joining=ANN)
    with refused(NOT_VALID):
        accept(token=token, joining=Joining("bob", "Bob", "Lee", PASSWORD))


@pytest.mark.parametrize("token", ["", "x", "\0", "ü" * 99, "None"])
def test_no_other_token_is_taken(token):
    invite_to(VIEWER)
    Invitation.objects.create(
        email="b@hosting.example", by_mail=True, expires_at=timezone.now() + datetime.timedelta(1)
    )
    with refused(NOT_VALID):
        invitation_of(token)


def test_a_link_that_is_too_old_is_not_taken_and_one_made_anew_is():
    invitation, token = invite_to(VIEWER)
    Invitation.objects.update(expires_at=timezone.now())
    with refused(NOT_VALID):
        accept(token=token, joining=ANN)
    _, newer = invite_again(invitation=invitation, by_mail=False, by=None)
    with refused(NOT_VALID):
        accept(token=token, joining=ANN)
    assert accept(token=newer, joining=ANN).get_username() == "ann"


def test_a_link_that_was_withdrawn_is_not_taken():
    invitation, token = invite_to(VIEWER)
    withdraw_invitation(invitation=invitation, by=None)
    with refused(NOT_VALID):
        accept(token=token, joining=ANN)
    with refused("This invitation was used or withdrawn meanwhile; nothing was done."):
        withdraw_invitation(invitation=invitation, by=None)


def test_who_is_invited_or_there_already_is_not_invited():
    invite_to(VIEWER)
    with refused("This address is invited already. Send that invitation again, or withdraw it.", "email"):
        invite_to(VIEWER, email="Ann@Hosting.example")
    User.objects.create_user("bob", "bob@hosting.example")
    with refused("bob has this e-mail already; nobody was invited.", "email"):
        invite_to(VIEWER, email="BOB@hosting.example")


def test_an_invitation_needs_an_address_and_a_role():
    with refused("“ann” is no e-mail address.", "email"):
        invite_to(VIEWER, email="ann")
    with refused("Choose at least one role: without any nothing can be seen.", "roles"):
        invite(email="ann@hosting.example", groups=[], by_mail=False, by=None)


def test_nobody_invites_to_what_they_may_not_do():
    office = person_with("manage_staff", "view_client")
    with refused(
        "“Support” gives the right “Upload and delete a client's files” and 11 more, which you do not have: only "
        "somebody who has every such right can do this. Nothing was changed.",
        "roles",
    ):
        invite_to(SUPPORT, by=office)
    role("Readers", "clients.view_client")
    assert invite_to("Readers", by=office)[0].invited_by == office
    of_owner, _ = invite_to(OWNER, email="bob@hosting.example", by=make_staff(OWNER))
    with pytest.raises(BusinessError, match="“Owner” gives the right"):
        invite_again(invitation=of_owner, by_mail=False, by=office)


def test_who_lost_the_right_to_invite_meanwhile_has_invited_nobody():
    maria = make_staff(OWNER)
    _, token = invite_to(OWNER, by=maria)
    maria.groups.set([group(BILLING)])
    with refused(NO_LONGER):
        accept(token=token, joining=ANN)


def test_a_role_that_grew_gives_what_who_invited_may_give():
    office = person_with("manage_staff", "view_client")
    readers = role("Readers", "clients.view_client")
    _, token = invite_to("Readers", by=office)
    role("Readers", "clients.view_client", "clients.delete_client")
    with refused(NO_LONGER):
        accept(token=token, joining=ANN)
    assert readers.user_set.count() == 0


@pytest.mark.parametrize("deactivated", [False, True])
def test_who_may_do_what_a_role_gives_but_not_invite_invited_nobody(deactivated):
    office = person_with("manage_staff", "view_client")
    role("Readers", "clients.view_client")
    _, token = invite_to("Readers", by=office)
    if deactivated:
        User.objects.update(is_active=False)
    else:
        office.user_permissions.remove(Permission.objects.get(codename="manage_staff"))
    with refused(NO_LONGER):
        accept(token=token, joining=ANN)


def test_nobody_joins_with_the_address_of_an_account_made_since():
    _, token = invite_to(VIEWER)
    User.objects.create_user("bob", "ANN@hosting.example")
    with refused("There is an account with this e-mail already. Ask whoever invited you."):
        accept(token=token, joining=ANN)


def test_deactivating_somebody_withdraws_their_invitations():
    maria = make_staff(OWNER)
    _, token = invite_to(VIEWER, by=maria)
    assert deactivate(person=maria, by=make_staff(OWNER)) == 1
    with refused(NOT_VALID):
        accept(token=token, joining=ANN)


@pytest.mark.parametrize(
    ("joining", "said", "field"),
    [
        (Joining("ann@x.example", "A", "L", PASSWORD), "A user name has no @: the e-mail address stands beside it.",
         "username"),
        (Joining("OLGA", "A", "L", PASSWORD), "Somebody has the user name “OLGA” already; choose another.", "username"),
        (Joining("a b", "A", "L", PASSWORD), NO_NAME, "username"),
        (Joining("ann", "A", "L", "short"), "This password is too short. It must contain at least 10 characters.",
         "password"),
        (Joining("ann", "A", "L", "ann@hosting.example"), "The password is too similar to the email address.",
         "password"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_account_is_refused_and_uses_nothing_up(joining, said, field):
    make_staff(username="olga")
    _, token = invite_to(VIEWER)
    with refused(said, field):
        accept(token=token, joining=joining)
    assert accept(token=token, joining=ANN)


def test_by_mail_the_link_is_in_the_mail_alone():
    with with_mail() as server:
        _, token = invite(
            email="ann@hosting.example", groups=[group(VIEWER)], by_mail=True, by=make_staff(OWNER, username="maria")
        )  # fmt: skip
        assert (token, Invitation.objects.get().token_digest) == ("", None)
        assert send_all() == 1
        assert states() == [("sent", "")]
        path = link_in(server)
        assert server.recipients == ["ann@hosting.example"]
        assert "Invited by: maria" in body_of(server)
    html = server.taken[0].get_body(("html",)).get_content()
    assert len(re.findall(r"<a\s", html)) == 1
    message = MailMessage.objects.get()
    assert (message.is_secret, message.body, message.data, message.subject) == (
        True, "", {}, "Invitation to Acme Hosting",
    )  # fmt: skip
    token = path.partition("?token=")[2]
    assert Invitation.objects.get().token_digest == digest_of(token)
    assert token not in str(list(MailMessage.objects.values_list())) + str(list(Activity.objects.values_list()))
    assert accept(token=token, joining=ANN).email == "ann@hosting.example"


def test_a_mail_of_an_invitation_that_is_gone_is_withheld():
    with with_mail() as server:
        for email, ending in (("a@x.example", withdraw_invitation), ("b@x.example", None)):
            made, _ = invite(email=email, groups=[group(VIEWER)], by_mail=True, by=None)
            if ending:
                ending(invitation=made, by=None)
            else:
                invite_again(invitation=made, by_mail=False, by=None)
        send_all()
        assert states() == [("withheld", "The invitation was used, withdrawn or made anew.")] * 2
        assert server.taken == []


def test_of_two_mails_the_later_link_counts():
    with with_mail() as server:
        made, _ = invite(email="ann@hosting.example", groups=[group(VIEWER)], by_mail=True, by=None)
        send_all()
        invite_again(invitation=made, by_mail=True, by=None)
        send_all()
        first, second = (link_in(server, number).partition("?token=")[2] for number in (0, 1))
    with refused(NOT_VALID):
        accept(token=first, joining=ANN)
    assert accept(token=second, joining=ANN)


def test_without_a_mail_server_nobody_is_invited_by_mail():
    said = "No mail server is set, so no link can be sent. Make a link instead, and hand it over."
    with refused(said, "how"):
        invite(email="ann@hosting.example", groups=[group(VIEWER)], by_mail=True, by=None)
