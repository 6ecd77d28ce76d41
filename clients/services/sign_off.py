"""Signing off the chain of activity each day, in a table and a second place: nobody cuts its end off unseen."""

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.mail import mailers

from billing_admin.mail.delivery import deliver, drop
from billing_admin.mail.letters import Letter, sender_of
from billing_admin.text import pluralize
from clients.models import ActivitySeal, ActivitySignOff, MailSettings

_log = logging.getLogger("billing_admin.audit")


@dataclass(frozen=True)
class SignedOff:
    """What was signed off, if there was anything new, where it was put, and why not where it was to be put, too."""

    sign_off: ActivitySignOff | None
    places: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def sign_off_activity() -> SignedOff:
    """Seal what there is, sign the chain off, and put that where the settings say; the log has it always.

    A file gets every sign-off that it lacks, so that one which could not be written is made up for. One that it has and
    the database has not, or not so, is told: the end was cut off, made anew, or is that of a backup.
    """
    ActivitySeal.objects.seal()
    made = ActivitySignOff.objects.make()
    done = SignedOff(made)
    if made is not None:
        _log.info("Activity signed off: %s", made.line)
        done.places.append("the log")
    if settings.AUDIT_FILE:
        try:
            written, strange = _append(Path(settings.AUDIT_FILE))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            done.failed.append(f"{settings.AUDIT_FILE} could not be written: {reason}.")
        else:
            done.places.extend([settings.AUDIT_FILE] if written else [])
            if strange:
                done.failed.append(
                    f"{settings.AUDIT_FILE} has {pluralize(len(strange), 'line')} that the database does not have so, "
                    f"the first of them “{strange[0][:80]}”: see what “verify_activity --against” finds."
                )
    if settings.AUDIT_MAIL and made is not None:
        if why := _mail(made):
            done.failed.append(f"Nothing could be sent to {settings.AUDIT_MAIL}: {why}")
        else:
            done.places.append(settings.AUDIT_MAIL)
    return done


def sign_offs_in(path: Path) -> list[str]:
    """The lines of a file of sign-offs.

    Raises OSError, or UnicodeDecodeError where it is no text.
    """
    return path.read_text(encoding="utf-8").splitlines()


def _append(path: Path) -> tuple[int, list[str]]:
    """Add the sign-offs that the file lacks, and see them on the disk; how many, and which lines are none of ours."""
    there = [line for line in sign_offs_in(path) if line.strip()] if path.exists() else []
    numbers = {line.partition(" ")[0] for line in there}
    ours = [each.line for each in ActivitySignOff.objects.order_by("number")]
    missing = [line for line in ours if line.partition(" ")[0] not in numbers]
    if missing:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in missing)
            file.flush()
            os.fsync(file.fileno())
    known = set(ours)
    return len(missing), [line for line in there if line not in known]


def _mail(made: ActivitySignOff) -> str:
    """Send it; why it was not sent, or nothing."""
    sender = MailSettings.objects.current()
    if not sender.from_address:
        return "Settings → Mail names no sender."
    letter = Letter(
        to=settings.AUDIT_MAIL,
        subject=f"Activity signed off: {made.number}",
        text=f"Keep this line: the chain of all activity is compared with it.\n\n{made.line}\n",
        sender=sender_of(sender.from_name, sender.from_address),
    )
    mailer = mailers["default"]
    try:
        outcome = deliver(mailer, letter)
    finally:
        drop(mailer)
    return "" if outcome.kind in ("sent", "perhaps") else outcome.words
