"""The command that sends reminders, and what each day does of it."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.management.commands.daily import _remind
from clients.models import Activity, MailMessage
from clients.services.reminders import pause_reminders
from invoices.services.reminders.send import send_reminders
from tests.factories import make_client, make_staff
from tests.mail import switch_on
from tests.reminders import days_ago, overdue, reminded

pytestmark = pytest.mark.django_db


def printed(capsys: pytest.CaptureFixture[str], **options: object) -> list[str]:
    call_command("send_reminders", **options)
    return capsys.readouterr().out.splitlines()


def some() -> None:
    """Three that are due, of two levels, and two that are left out."""
    acme = make_client()
    overdue(10, acme)
    overdue(12, acme)
    reminded(overdue(30, acme), 1, 20)
    overdue(10, make_client(email=""))
    pause_reminders(client=overdue(10).client, until=timezone.localdate(), by=None)


def test_the_command_says_what_goes_out_and_what_is_left_out(capsys):
    switch_on("reminder")
    some()
    parts = ["Reminder 1, USD: 2 invoices", "Reminder 2, USD: 1 invoice"]
    others = [
        "1 invoice left out. The client’s reminders are paused.",
        "1 invoice left out. There is no e-mail address.",
    ]
    dry = "3 reminders would be sent. Nothing was sent: a dry run."
    assert printed(capsys, dry_run=True) == [*parts, dry, *others]
    assert MailMessage.objects.filter(state="waiting").count() == 0
    assert printed(capsys) == [*parts, "3 reminders put in to be sent.", *others]
    assert MailMessage.objects.filter(state="waiting").count() == 3
    assert printed(capsys) == ["0 reminders put in to be sent.", *others]
    assert MailMessage.objects.count() == 4
    told = Activity.objects.filter(verb="reminders.sent").values_list("summary", "actor_name")
    assert list(told) == [("3 reminders put in to be sent", "System")]


def test_a_dry_run_looks_ahead_and_a_real_one_does_not(capsys):
    switch_on("reminder")
    overdue(5)
    later = days_ago(-2)
    said = printed(capsys, dry_run=True, as_of=later)
    assert said[:2] == ["Reminder 1, USD: 1 invoice", "1 reminder would be sent. Nothing was sent: a dry run."]
    with pytest.raises(CommandError, match="still to come"):
        call_command("send_reminders", as_of=later)
    assert MailMessage.objects.count() == 0


@pytest.mark.parametrize("kinds", [(), ("invoice",)])
def test_while_reminders_are_off_none_is_put_in_and_that_is_said(capsys, kinds):
    switch_on(*kinds)
    overdue(10)
    off = "Reminders are switched off in Settings → Mail."
    with pytest.raises(CommandError, match=off):
        call_command("send_reminders")
    with pytest.raises(BusinessError, match=off):
        send_reminders(as_of=timezone.localdate(), by=None)
    assert printed(capsys, dry_run=True)[-1] == f"None can go out: {off}"
    assert _remind(None).words == off
    assert MailMessage.objects.filter(kind="reminder").count() == 0


def test_each_day_says_how_many_and_why_others_are_left_out():
    switch_on("reminder")
    assert _remind(None).words == "No reminder was due."
    some()
    assert _remind(None).words == "3 reminders put in to be sent; left out: 1 paused, 1 no address."
    assert _remind(None).words == "No reminder was due; left out: 1 paused, 1 no address."


def test_only_who_may_send_mail_may_send_them(capsys):
    switch_on("reminder")
    viewer = make_staff("Viewer")
    with pytest.raises(CommandError, match="may not"):
        call_command("send_reminders", username=viewer.username)


@pytest.mark.parametrize("number", [2, 40])
def test_they_are_put_in_in_as_many_statements_however_many(number, django_assert_num_queries):
    switch_on("reminder")
    acme = make_client()
    for _ in range(number):
        overdue(10, acme)
    with django_assert_num_queries(13):
        assert send_reminders(as_of=timezone.localdate(), by=None).number == number
