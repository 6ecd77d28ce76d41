"""Joining the staff with the link of an invitation."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction as db_transaction

from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError, require_length
from billing_admin.models import Invitation
from billing_admin.staff.tokens import digest_of
from clients.models import Activity

from .rules import MANAGE_STAFF, require_may_give

NOT_VALID = "This invitation is not valid: it was used, withdrawn, or is too old. Ask whoever invited you for another."
_NO_LONGER = "Whoever invited you may not do that any more. Ask somebody else who manages the staff to invite you."


@dataclass(frozen=True)
class Joining:
    """What somebody who joins says of themselves. The e-mail and the roles are the invitation's, whatever is sent."""

    username: str
    first_name: str
    last_name: str
    password: str


def invitation_of(token: str) -> Invitation:
    """The invitation that this token belongs to. Raises BusinessError where it is not taken (any more)."""
    found = Invitation.objects.select_related("invited_by").filter(token_digest=digest_of(token)).first()
    if not token or found is None or found.has_expired:
        raise BusinessError(NOT_VALID)
    return found


def accept(*, token: str, joining: Joining) -> User:
    """Make the account of who was invited. The link is used then; of two at once the second is refused.

    Raises BusinessError.
    """
    _require_account(invitation_of(token), joining)
    hashed = make_password(joining.password)  # takes a core for long: not under the lock
    return _accept(token, joining, hashed)


@db_transaction.atomic
def _accept(token: str, joining: Joining, hashed: str) -> User:
    lock_typed_words()
    lock_key("staff")
    invitation = invitation_of(token)
    person = _require_account(invitation, joining)
    groups = list(invitation.groups.order_by("name"))
    _require_still_given(invitation)
    person.password = hashed
    person.save(force_insert=True)
    person.groups.set(groups)
    Activity.objects.record(
        by=person, client=None, verb="staff.joined", summary="Joined the staff by invitation",
        note=f"{person.get_username()}: {', '.join(group.name for group in groups)}",
        data={
            "person": person.pk, "invitation": invitation.pk, "invited_by": invitation.invited_by_id,
            "roles": [group.pk for group in groups],
        },
    )  # fmt: skip
    invitation.delete()
    return person


def _require_still_given(invitation: Invitation) -> None:
    """Whoever invited still manages staff, and may still do all that these roles may, as they are by now."""
    by = invitation.invited_by
    if by is None:
        return
    try:
        require_may_give(by, invitation.groups.all())
    except BusinessError:
        raise BusinessError(_NO_LONGER) from None
    if not by.has_perm(MANAGE_STAFF):  # nor has anybody a right who is deactivated
        raise BusinessError(_NO_LONGER)


def _require_account(invitation: Invitation, joining: Joining) -> User:
    """The account as it would be, looked at. Raises BusinessError."""
    person = User(
        username=User.normalize_username(joining.username.strip()), email=invitation.email,
        first_name=joining.first_name.strip(), last_name=joining.last_name.strip(),
    )  # fmt: skip
    require_length(person.first_name, "first_name", 150)
    require_length(person.last_name, "last_name", 150)
    require_username(person)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise BusinessError("There is an account with this e-mail already. Ask whoever invited you.")
    require_password(joining.password, person)
    return person


def require_username(person: User) -> None:
    """Refuse a name to sign in with that is none, or another's in other letters. Raises BusinessError."""
    name = person.get_username()
    if "@" in name:
        raise BusinessError("A user name has no @: the e-mail address stands beside it.", field="username")
    try:
        User._meta.get_field("username").clean(name, person)
    except ValidationError as error:
        raise BusinessError(" ".join(error.messages), field="username") from None
    if User.objects.filter(username__iexact=name).exclude(pk=person.pk).exists():
        raise BusinessError(f"Somebody has the user name “{name}” already; choose another.", field="username")


def require_password(password: str, person: User) -> None:
    """Refuse a password that is too easy to guess. Raises BusinessError."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BusinessError(" ".join(error.messages), field="password") from None
