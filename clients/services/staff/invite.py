"""Asking somebody to join the staff: by a mail with a link, or by a link that whoever asks hands over."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import Group, User
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.mail.letters import require_address
from billing_admin.models import Invitation
from billing_admin.staff.tokens import new_token
from clients.models import Activity, MailMessage
from clients.models.activity import actor_name
from clients.models.mail.kinds import MailKind
from clients.selectors.staff import why_no_account_mail

from .rules import lock_staff, require_may_give

VALID_FOR = datetime.timedelta(days=7)


@db_transaction.atomic
def invite(*, email: str, groups: Iterable[Group], by_mail: bool, by: Actor) -> tuple[Invitation, str]:
    """Ask somebody to join in these roles, none of which may do what `by` may not.

    Returns the invitation and the token of its link, which is nowhere else; of one by mail none: only the reader of
    the mail gets it.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by)
    email, groups = email.strip(), list(groups)
    try:
        require_address(email)
    except ValueError as error:
        raise BusinessError(str(error), field="email") from None
    if not groups:
        raise BusinessError("Choose at least one role: without any nothing can be seen.", field="roles")
    require_may_give(by, groups)
    if there := User.objects.filter(email__iexact=email).order_by("pk").first():
        raise BusinessError(f"{actor_name(there)} has this e-mail already; nobody was invited.", field="email")
    if Invitation.objects.filter(email__iexact=email).exists():
        raise BusinessError("This address is invited already. Send that invitation again, or withdraw it.", "email")
    invitation = Invitation(email=email, by_mail=by_mail, invited_by=by)
    token = _let_out(invitation, by_mail, by)
    invitation.groups.set(groups)
    _record(invitation, by, "invited", f"Somebody invited to the staff {_how(by_mail)}")
    return invitation, token


@db_transaction.atomic
def invite_again(*, invitation: Invitation, by_mail: bool, by: Actor) -> tuple[Invitation, str]:
    """Give it another link, and from now on all of its time; the one before is taken no more.

    From now on it is `by` who invites, with what they may give. Returns as `invite`.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by)
    invitation = _open(invitation)
    require_may_give(by, invitation.groups.all())
    invitation.by_mail, invitation.invited_by = by_mail, by
    token = _let_out(invitation, by_mail, by)
    _record(invitation, by, "invited_again", f"Invitation to the staff made anew {_how(by_mail)}")
    return invitation, token


@db_transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Take it back: no link of it is taken any more.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by)
    invitation = _open(invitation)
    _record(invitation, by, "invitation_withdrawn", "Invitation to the staff withdrawn")
    invitation.delete()


def _open(invitation: Invitation) -> Invitation:
    found = Invitation.objects.filter(pk=invitation.pk).first()
    if found is None:
        raise BusinessError("This invitation was used or withdrawn meanwhile; nothing was done.")
    return found


def _let_out(invitation: Invitation, by_mail: bool, by: Actor) -> str:
    """Store it with a link of its own. By mail, the link is made when the mail is written, and any before is void."""
    if by_mail and (why := why_no_account_mail()):
        raise BusinessError(f"{why} Make a link instead, and hand it over.", field="how")
    token, digest = new_token()
    invitation.token_digest = None if by_mail else digest
    invitation.expires_at = timezone.now() + VALID_FOR
    invitation.save()
    if not by_mail:
        return token
    MailMessage.objects.queue_to_staff(
        MailKind.INVITATION, address=invitation.email, subject_id=invitation.pk, by=by
    )  # fmt: skip
    return ""


def _how(by_mail: bool) -> str:
    return "by mail" if by_mail else "by a link"


def _record(invitation: Invitation, by: Actor, done: str, summary: str) -> None:
    roles = list(invitation.groups.order_by("name").values_list("pk", "name"))
    Activity.objects.record(
        by=by, client=None, verb=f"staff.{done}", summary=summary,
        note=f"{invitation.email}: {', '.join(name for _, name in roles)}",
        data={"invitation": invitation.pk, "roles": [pk for pk, _ in roles]},
    )  # fmt: skip
