"""A new password for who has forgotten theirs, by a link in a mail that is taken once."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction as db_transaction
from django.db.models import Q
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import defer
from billing_admin.staff.sign_in.sessions import end_sessions
from clients.models import Activity, MailMessage, MailSettings
from clients.models.activity import actor_name
from clients.models.mail.kinds import PASSWORD_CHANGED, MailKind
from clients.selectors.staff import why_no_account_mail

from .accept import require_password
from .rules import fresh_person, lock_staff, require_other, require_reach

RESET_PASSWORDS = "clients.reset_passwords"
NOT_VALID = "This link is not valid: it was used, or is too old. Ask for another."
# So long nobody gets a second mail because somebody types their name again and again.
_PAUSE = datetime.timedelta(minutes=5)
# An address of that many accounts is a mailing list's; no more of them get mail.
_MOST = 5


@db_transaction.atomic
def ask_for_reset(*, typed: str) -> None:
    """Have mail sent to whoever has this user name or e-mail, if anybody does.

    The same is done either way, in the same time: it is a job that knows for whom it is. What was typed is not
    stored: of a name that nobody has, it may be a password.
    """
    typed = typed.strip()
    found = User.objects.filter(Q(username=typed) | Q(email__iexact=typed)) if typed else User.objects.none()
    ids = list(found.order_by("pk").values_list("pk", flat=True)[:_MOST])
    defer(RESET_PASSWORDS, lock=RESET_PASSWORDS, people=ids)


@db_transaction.atomic
def queue_resets(*, people: Iterable[int]) -> int:
    """Put a mail into the outbox for each of these who may have one; returns for how many."""
    if why_no_account_mail():
        return 0
    lately = MailMessage.objects.filter(kind=MailKind.PASSWORD_RESET, level=0, queued_at__gt=timezone.now() - _PAUSE)
    told = set(lately.values_list("subject_id", flat=True))
    found = [person for person in User.objects.filter(pk__in=list(people)).order_by("pk") if may_have_reset(person)]
    for person in found:
        if person.pk not in told:
            _queue(person, None)
    return len(found)


@db_transaction.atomic
def send_reset(*, person: User, by: Actor) -> None:
    """Have a mail sent to somebody by which they choose a new password. The one they have stays until then.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by)
    person = fresh_person(person)
    require_other(by, person, "sends a password reset to")
    require_reach(by, person)
    if why := why_no_account_mail():
        raise BusinessError(why)
    if not may_have_reset(person):
        raise BusinessError(
            f"{actor_name(person)} is deactivated or has no e-mail address or no password; nothing was sent."
        )
    _queue(person, by)
    note = f"{actor_name(person)} ({person.get_username()})"
    Activity.objects.record(
        by=by, client=None, verb="staff.reset_sent", summary="Password reset sent", note=note,
        data={"person": person.pk},
    )  # fmt: skip


def may_have_reset(person: User) -> bool:
    """Whether a link can be sent to this person."""
    return person.is_active and bool(person.email) and person.has_usable_password()


def reset_token(person: User) -> str:
    """What the link holds: taken until the person signs in, has another password or e-mail, or the time is over."""
    return f"{person.pk}-{default_token_generator.make_token(person)}"


def person_of(token: str) -> User:
    """Whose password this token resets. Raises BusinessError where it is not taken (any more)."""
    pk, _, rest = token.partition("-")
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        person = User.objects.filter(pk=int(pk), is_active=True).first()
        if person is not None and default_token_generator.check_token(person, rest):
            return person
    raise BusinessError(NOT_VALID)


def reset_password(*, token: str, password: str) -> User:
    """Give the person a new password and end all their sessions. The link is used then, by one of two at once.

    Raises BusinessError.
    """
    require_password(password, person_of(token))
    return _reset(token, make_password(password))


@db_transaction.atomic
def _reset(token: str, hashed: str) -> User:
    lock_key("staff")
    person = person_of(token)
    person.password = hashed
    person.save(update_fields=["password"])
    end_sessions(person)
    tell_of_new_password(person=person, by=person)
    Activity.objects.record(
        by=person, client=None, verb="account.password_reset", summary="Password reset by a link from a mail",
        data={"person": person.pk},
    )  # fmt: skip
    return person


def tell_of_new_password(*, person: User, by: Actor) -> None:
    """Tell somebody by mail that their password is another by now, where mail goes out: it may not have been them."""
    if person.email and MailSettings.objects.current().sends(MailKind.PASSWORD_RESET):
        MailMessage.objects.queue_to_staff(
            MailKind.PASSWORD_RESET, address=person.email, subject_id=person.pk, by=by, level=PASSWORD_CHANGED
        )  # fmt: skip


def _queue(person: User, by: Actor) -> None:
    MailMessage.objects.queue_to_staff(
        MailKind.PASSWORD_RESET, address=person.email, subject_id=person.pk, by=by
    )  # fmt: skip
