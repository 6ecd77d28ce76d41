"""One's own e-mail address: another one counts once mail to it was read; the one before is told."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.db.models import Q
from django.utils import timezone

from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.mail.letters import require_address
from billing_admin.models import EmailChange
from billing_admin.staff.tokens import digest_of
from clients.models import Activity, MailMessage
from clients.models.mail.kinds import MailKind
from clients.selectors.staff import why_no_account_mail

from .rules import fresh_person

VALID_FOR = datetime.timedelta(hours=24)
NOT_VALID = (
    "This link is not valid: it was used, another address was asked for since, it is too old, or it is another "
    "account’s. Your address is as it was."
)


@db_transaction.atomic
def ask_for_email(*, person: User, address: str) -> EmailChange:
    """Have a link sent to the address that somebody wants for their own account. One asked for before is void.

    Raises BusinessError.
    """
    lock_key("staff")
    person, address = fresh_person(person), address.strip()
    try:
        require_address(address)
    except ValueError as error:
        raise BusinessError(str(error), field="address") from None
    if address == person.email:
        raise BusinessError("This is your address already; nothing was changed.", field="address")
    _require_free(person, address)
    if why := why_no_account_mail():
        raise BusinessError(why)
    change, _made = EmailChange.objects.update_or_create(
        person=person,
        defaults={"address": address, "token_digest": None, "expires_at": timezone.now() + VALID_FOR},
    )
    MailMessage.objects.queue_to_staff(MailKind.EMAIL_CHANGE, address=address, subject_id=person.pk, by=person)
    return change


@db_transaction.atomic
def forget_email_asked(*, person: User) -> None:
    """Keep the address that there is. Raises BusinessError where no other was asked for."""
    lock_key("staff")
    if not EmailChange.objects.filter(person=person).delete()[0]:
        raise BusinessError("No other address waits to be confirmed; nothing was changed.")


def email_change_of(token: str, person: User) -> EmailChange:
    """What the link confirms: for the person alone who asked for it. Raises BusinessError.

    Whoever got the mail by a slip of the pen so gains nothing: the link is taken from nobody else.
    """
    found = EmailChange.objects.filter(token_digest=digest_of(token), person=person).first()
    if not token or found is None or found.has_expired:
        raise BusinessError(NOT_VALID)
    return found


@db_transaction.atomic
def confirm_email(*, token: str, person: User) -> User:
    """Let the person have the address that they asked for, and tell the one before.

    Raises BusinessError.
    """
    lock_typed_words()
    lock_key("staff")
    person = fresh_person(person)
    change = email_change_of(token, person)
    _require_free(person, change.address)
    before, person.email = person.email, change.address
    person.save(update_fields=["email"])
    change.delete()
    if before:
        MailMessage.objects.queue_to_staff(MailKind.EMAIL_CHANGED, address=before, subject_id=person.pk, by=person)
    Activity.objects.record(
        by=person, client=None, verb="account.email_changed", summary="E-mail address changed",
        note=f"{before or 'none'} → {person.email}", data={"person": person.pk},
    )  # fmt: skip
    return person


def _require_free(person: User, address: str) -> None:
    others = User.objects.exclude(pk=person.pk)
    if others.filter(Q(email__iexact=address) | Q(username__iexact=address)).exists():
        raise BusinessError("Somebody else has this address.", field="address")
