"""When the mail server takes nothing, whatever it is given: then nothing is sent for a while, and Home says why."""

from datetime import datetime, timedelta

from django.db.models import Exists
from django.utils import timezone

from billing_admin.mail.letters import Outcome
from clients.models import MailMessage, MailSettings

# After so many answers in a row by which nothing was taken it is the server, and no message has lost a try by it.
IN_A_ROW = 5
# After how many minutes it is asked again, the first time and the next ones.
_PAUSES = (1, 5, 15, 60)
_WELL = {"stops": 0, "stopped_until": None, "stopped_why": ""}


def is_stopped() -> bool:
    """Whether nothing is sent at this moment."""
    until = MailSettings.objects.current().stopped_until
    return until is not None and until > timezone.now()


def stop(why: str) -> datetime:
    """Send nothing for a while; returns until when."""
    times = min(MailSettings.objects.current().stops // IN_A_ROW + 1, len(_PAUSES))
    until = timezone.now() + timedelta(minutes=_PAUSES[times - 1])
    MailSettings.objects.update(stops=times * IN_A_ROW, stopped_why=why, stopped_until=until)
    return until


def go_on(settings: MailSettings) -> None:
    """The server took a message: all is well, whatever it said before."""
    if settings.stops:
        MailSettings.objects.update(**_WELL)


def go_on_where_nothing_waits() -> None:
    """Nothing is left that the server could refuse."""
    waiting = MailMessage.objects.filter(state=MailMessage.State.WAITING)
    MailSettings.objects.filter(~Exists(waiting), stops__gt=0).update(**_WELL)


def let_try_again(settings: MailSettings) -> None:
    """Somebody changed how mail is sent, so the server is asked at once. Until it takes one, no message loses a try."""
    settings.stopped_until, settings.stopped_why = None, ""
    settings.stops = min(settings.stops, IN_A_ROW)


def server_is_why(outcome: Outcome, before: MailMessage) -> datetime | None:
    """When a message is tried again that was not taken because of the server; None where it is because of itself.

    `before` is the message as it was before this try. Where it was not taken then either, and others were since, it is
    probably not the server: so one bad address or letter never holds up the others.
    """
    if outcome.for_all == "no":
        return None
    stops = MailSettings.objects.current().stops
    alone = bool(before.why) and stops < IN_A_ROW
    if (outcome.for_all == "yes" and not alone) or (stops + 1) % IN_A_ROW == 0:
        return stop(outcome.words)
    MailSettings.objects.update(stops=stops + 1)
    return timezone.now() + timedelta(minutes=_PAUSES[0]) if stops >= IN_A_ROW else None
