"""How mail is sent: from whom and how fast, which kinds, and the test message that has to go out before any."""

from collections.abc import Iterable

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.mail.letters import require_address, sender_of
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, MailMessage, MailSettings
from clients.models.mail.kinds import SWITCHED, MailKind

from .stops import let_try_again

_SENDER = ("from_name", "from_address", "reply_to", "per_minute", "most_megabytes", "expiring_days")


def sender_fields(settings: MailSettings) -> dict[str, object]:
    """Who sends and how fast, as it is stored."""
    return {name: getattr(settings, name) for name in _SENDER}


def switch_fields(settings: MailSettings) -> dict[str, object]:
    """Which kinds are switched on, in the order of the kinds."""
    return {"switched_on": [str(kind) for kind in SWITCHED if kind in settings.switched_on]}


@db_transaction.atomic
def set_sender(*, by: Actor, seen: Seen | None = None, **wanted: object) -> MailSettings:
    """Say who sends and how fast. Another address has to be tested first: every kind is off until then.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    _check_sender(str(wanted["from_name"]), str(wanted["from_address"]), str(wanted["reply_to"]))
    lock_key("mail settings")
    current = MailSettings.objects.current()
    before = sender_fields(current)
    changes = changes_to_store(stored=before, typed=wanted, seen=seen)
    if not changes:
        raise BusinessError("This is stored already; nothing was changed.")
    was_on = list(current.switched_on)
    for name, value in changes.items():
        setattr(current, name, value)
    if "from_address" in changes:
        current.tested_at, current.tested_address, current.switched_on = None, "", []
    let_try_again(current)
    _save(current)
    _record(by, "Who sends mail changed", before=before, after=sender_fields(current), switched_off=was_on)
    return current


@db_transaction.atomic
def switch_kinds(*, switched_on: Iterable[str], by: Actor, seen: Seen | None = None) -> MailSettings:
    """Say which kinds go out by themselves from now on. Nothing of before ever does.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    kinds = [str(kind) for kind in SWITCHED if kind in set(switched_on)]
    lock_key("mail settings")
    current = MailSettings.objects.current()
    before = switch_fields(current)
    if not changes_to_store(stored=before, typed={"switched_on": kinds}, seen=seen):
        raise BusinessError("These are on already, and no others; nothing was changed.")
    if kinds and not current.tested_at:
        raise BusinessError("Send a test message first, and see that it goes out.", field="switched_on")
    current.switched_on = kinds
    _save(current)
    names = ", ".join(MailKind(kind).label for kind in kinds)
    _record(
        by, f"Mail that goes out: {names}" if names else "No mail goes out", before=before["switched_on"], after=kinds
    )
    return current


@db_transaction.atomic
def send_test(*, address: str, by: Actor, about: dict[str, str] | None = None) -> MailMessage:
    """Have a test message sent to somebody; `about` names a text that is tried out with examples in its places.

    Raises BusinessError.
    """
    try:
        require_address(address)
    except ValueError as error:
        raise BusinessError(str(error), field="address") from None
    if not MailSettings.objects.current().from_address:
        raise BusinessError("Say first whom mail is from.", field="address")
    message = MailMessage.objects.queue_test(address, by=by)
    if about:
        message.data = about
        message.save(update_fields=["data"])
    Activity.objects.record(by=by, client=None, verb="mail.tested", summary="Test message sent", note=address)
    return message


def _check_sender(name: str, address: str, reply_to: str) -> None:
    try:
        if reply_to:
            require_address(reply_to)
    except ValueError as error:
        raise BusinessError(str(error), field="reply_to") from None
    try:
        sender_of(name, address)
    except ValueError as error:
        raise BusinessError(str(error), field="from_address") from None


def _save(settings: MailSettings) -> None:
    settings.version += 1
    settings.save()


def _record(by: Actor, summary: str, **data: object) -> None:
    Activity.objects.record(by=by, client=None, verb="mail_settings.changed", summary=summary, data=data)
