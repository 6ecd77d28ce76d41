"""Settings of mail that somebody saves while a process that sends writes in them too."""

from clients.models import MailSettings
from clients.services.mail.set_up import sender_fields, set_sender, switch_kinds
from clients.services.mail.stops import stop
from tests.concurrency.racing import kinds, race
from tests.mail import switch_on

_WRITES = "UPDATE clients_mailsettings"


def test_what_the_server_says_meanwhile_is_not_overwritten():
    fields = sender_fields(switch_on("credit")) | {"per_minute": 7}

    def save() -> None:
        set_sender(by=None, **fields)

    assert kinds(race(lambda: stop("Nobody is there."), save, meet_before=[_WRITES], in_turn=True)) == {"done": 2}
    settings = MailSettings.objects.get()
    assert (settings.per_minute, settings.stops, settings.stopped_why) == (7, 5, "Nobody is there.")


def test_kinds_switched_on_meanwhile_leave_what_the_server_said():
    switch_on("credit")
    race(
        lambda: stop("Nobody is there."), lambda: switch_kinds(switched_on=["invoice"], by=None),
        meet_before=[_WRITES], in_turn=True,
    )  # fmt: skip
    settings = MailSettings.objects.get()
    assert (settings.switched_on, settings.stopped_why) == (["invoice"], "Nobody is there.")
