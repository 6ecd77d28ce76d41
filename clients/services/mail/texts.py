"""What mail says, said otherwise; and said again as delivered."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from billing_admin.mail.placeholders import require_known
from billing_admin.mail.words import Words
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, MailTemplate
from clients.selectors.mail_texts import Text, stored_text

from .content.said import LINK

_LINK = f"{{{LINK}}}"
_LONGEST_SUBJECT, _LONGEST_BODY = 300, 20_000


def text_fields(text: Text) -> dict[str, object]:
    """Subject and body as they are in force."""
    stored = stored_text(text) or text.delivered
    return {"subject": stored.subject, "body": stored.body}


@db_transaction.atomic
def save_text(*, text: Text, words: Words, by: Actor, seen: Seen | None = None) -> MailTemplate | None:
    """Let mail of this kind and language say this from now on; what was sent stays as it was.

    Returns None where it says again what is delivered. Raises BusinessError, ChangedMeanwhile among them.
    """
    words = _checked(text, words)
    lock_key("mail texts")
    before = text_fields(text)
    changes = changes_to_store(stored=before, typed={"subject": words.subject, "body": words.body}, seen=seen)
    if not changes:
        raise BusinessError("It says this already; nothing was changed.")
    said = Words(**{**before, **changes})
    if said == text.delivered:
        _forget(text)
        stored = None
    else:
        stored, _made = MailTemplate.objects.update_or_create(
            kind=text.kind, level=text.level, language=text.language, defaults=vars(said)
        )
    _record(by, text, "changed", f"{text.label} in {text.language_name} changed")
    return stored


@db_transaction.atomic
def reset_text(*, text: Text, by: Actor) -> None:
    """Let it say again what is delivered."""
    lock_key("mail texts")
    if not _forget(text):
        raise BusinessError("It says what is delivered already; nothing was changed.")
    _record(by, text, "reset", f"{text.label} in {text.language_name} says again what is delivered")


def _checked(text: Text, words: Words) -> Words:
    """On one line the subject, and no place in either that there is not."""
    subject, body = " ".join(words.subject.split()), words.body.replace("\r\n", "\n").strip()
    if not subject:
        raise BusinessError("Give a subject.", field="subject")
    if not body:
        raise BusinessError("Give a text.", field="body")
    require_length(subject, "subject", _LONGEST_SUBJECT)
    require_length(body, "body", _LONGEST_BODY)
    require_known(subject, text.places, field="subject")
    require_known(body, text.places, field="body")
    if _LINK in subject:
        raise BusinessError("A subject is seen by many: put {link} into the text.", field="subject")
    if LINK in text.places and body.split("\n").count(_LINK) != 1:
        raise BusinessError("Without {link}, on a line of its own and once, this mail is of no use.", field="body")
    return Words(subject, body)


def _forget(text: Text) -> int:
    return MailTemplate.objects.filter(kind=text.kind, level=text.level, language=text.language).delete()[0]


def _record(by: Actor, text: Text, verb: str, summary: str) -> None:
    Activity.objects.record(by=by, client=None, verb=f"mail_text.{verb}", summary=summary, data=text.query)
