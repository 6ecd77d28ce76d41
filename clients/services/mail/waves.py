"""Taking apart what a run put into the outbox in one row."""

from django.db import IntegrityError
from django.db import transaction as db_transaction

from clients.models import MailMessage, MailWave

_MOST_TRIES = 5
_AT_ONCE = 2_000


def take_waves_apart() -> int:
    """Make messages of all that waits to be taken apart, each row in a transaction; returns how many there are more."""
    made = 0
    while (more := _take_one()) is not None:
        made += more
    return made


def _take_one() -> int | None:
    for _ in range(_MOST_TRIES):
        try:
            return _take_first()
        except IntegrityError:
            continue  # a client was merged or deleted at this moment: now its rows are with the other, or gone
    return None


@db_transaction.atomic
def _take_first() -> int | None:
    wave = MailWave.objects.select_for_update(skip_locked=True).order_by("pk").first()
    if wave is None:
        return None
    made = sum(
        MailMessage.objects.put_in(
            wave.kind, wave.subject_ids[first : first + _AT_ONCE], by_id=wave.by_id, by_name=wave.by_name,
            level=wave.level,
        )
        for first in range(0, len(wave.subject_ids), _AT_ONCE)
    )  # fmt: skip
    wave.delete()
    return made
