"""The daily sign-off: once for what is new, signed, and put where the settings say."""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection

from clients.models import ActivitySeal, ActivitySignOff, MailSettings
from clients.services.sign_off import sign_off_activity
from credits.services.check import verify_activity
from tests.commands import run_command
from tests.factories import give_credit, make_client, make_staff, usd
from tests.jobs import do_jobs
from tests.pages import get_page
from tests.raw_sql import triggers_off
from tests.unchanged import refused_by_database

pytestmark = pytest.mark.django_db


def test_what_is_new_is_signed_off_once(caplog):
    caplog.set_level(logging.INFO, "billing_admin.audit")
    make_client()
    signed = sign_off_activity()
    assert (signed.sign_off.number, signed.sign_off.seal, signed.sign_off.count) == (1, 1, 1)
    assert (signed.places, signed.failed) == (["the log"], [])
    assert signed.sign_off.is_genuine
    assert ActivitySignOff.read(signed.sign_off.line).is_genuine
    assert caplog.messages == [f"Activity signed off: {signed.sign_off.line}"]
    assert sign_off_activity().sign_off is None
    give_credit(make_client(), usd(5))
    assert (sign_off_activity().sign_off.number, ActivitySignOff.objects.count()) == (2, 2)


def test_a_line_is_read_only_as_it_was_written():
    make_client()
    line = sign_off_activity().sign_off.line
    for other in ("", "x", line[:-1], line.replace("seal 1", "seal x"), line.replace("-", "/"), f"{line} x"):
        assert ActivitySignOff.read(other) is None
    assert not ActivitySignOff.read(line.replace("rows 1 ", "rows 2 ")).is_genuine


@pytest.mark.parametrize("table", ["clients_activityseal", "clients_activitysignoff"])
def test_neither_is_changed_or_deleted(table):
    make_client()
    sign_off_activity()
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET number = 2"):
        with refused_by_database("stays as it was made."), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_key_of_before_is_still_ours_while_it_is_known(settings):
    make_client()
    sign_off_activity()
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert len(verify_activity()) == 1
    settings.SECRET_KEY_FALLBACKS = [before]
    assert verify_activity() == []


def test_a_file_that_could_not_be_written_is_made_up_for(settings, tmp_path):
    settings.AUDIT_FILE = str(tmp_path / "away" / "audit.txt")
    make_client()
    assert sign_off_activity().failed == [f"{settings.AUDIT_FILE} could not be written: No such file or directory."]
    ran = run_command("daily")
    assert ran.error.startswith("Look at sign_off_activity;")
    (tmp_path / "away").mkdir()
    assert sign_off_activity().places == [settings.AUDIT_FILE]
    lines = (tmp_path / "away" / "audit.txt").read_text().splitlines()
    assert lines == [each.line for each in ActivitySignOff.objects.order_by("number")]
    assert sign_off_activity().places == []


def test_a_file_that_has_what_the_database_has_not_is_told(settings, tmp_path):
    """Its end was cut off with its sign-off and made anew, or a backup was restored."""
    settings.AUDIT_FILE = str(tmp_path / "audit.txt")
    make_client()
    assert sign_off_activity().failed == []
    before = (tmp_path / "audit.txt").read_text()
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clients_activitysignoff")
    for _ in range(2):
        (said,) = sign_off_activity().failed
        assert said.startswith(
            f"{settings.AUDIT_FILE} has 1 line that the database does not have so, the first of them “1 "
        )
        assert run_command("daily").error.startswith("Look at sign_off_activity;")
    assert (tmp_path / "audit.txt").read_text() == before


def test_it_goes_by_mail_where_the_settings_say(settings):
    settings.AUDIT_MAIL = "auditor@example.com"
    make_client()
    assert sign_off_activity().failed == [
        "Nothing could be sent to auditor@example.com: Settings → Mail names no sender."
    ]
    MailSettings.objects.create(from_name="Acme", from_address="billing@acme.example")
    make_client()
    signed = sign_off_activity()
    assert (signed.places, signed.failed) == (["the log", "auditor@example.com"], [])
    (sent,) = mail.outbox
    assert sent.to == ["auditor@example.com"]
    assert signed.sign_off.line in str(sent.body)


def test_the_command_says_what_it_found_or_that_there_is_nothing(tmp_path):
    make_client()
    line = sign_off_activity().sign_off.line
    kept = tmp_path / "kept.log"
    kept.write_text(f"2026-11-30 02:10:00,000 INFO billing_admin.audit: Activity signed off: {line}\n")
    assert run_command("verify_activity", "--against", str(kept)).printed == [
        f"The activity is in order: 1 activity in 1 seal, and 1 sign-off in {kept}; nothing found."
    ]
    as_json = [{"event": "GET / 200"}, {"level": "INFO", "event": f"Activity signed off: {line}"}]
    kept.write_text("".join(f"{json.dumps(each)}\n" for each in as_json))
    assert run_command("verify_activity", "--against", str(kept)).printed == [
        f"The activity is in order: 1 activity in 1 seal, and 1 sign-off in {kept}; nothing found."
    ]
    empty = tmp_path / "empty.log"
    empty.write_text("\n")
    assert run_command("verify_activity", "--against", str(empty)).error == (
        f"{empty} has no sign-off. Nothing was verified."
    )
    assert run_command("verify_activity", "--against", str(tmp_path / "none")).error == (
        f"{tmp_path / 'none'} could not be read: No such file or directory. Nothing was verified."
    )
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE clients_activity SET actor_name = 'x'")
    ran = run_command("verify_activity")
    assert (len(ran.printed), ran.error, ran.exit_code) == (1, "1 discrepancy found.", 1)
    User.objects.create_user("ann")
    assert "clients.view_activity is missing" in run_command("verify_activity", "--as", "ann").error


def test_the_page_shows_the_chain_and_verifies(client):
    client.force_login(make_staff())
    page = get_page(client, "/credits/checks/activity/")
    assert "Nothing was signed off yet" in page.one("#sign-offs .empty p").text
    give_credit(make_client(), usd(5))
    sign_off_activity()
    client.post("/credits/checks/activity/")
    do_jobs()
    page = get_page(client, "/credits/checks/activity/")
    assert page.one("#verified").text.startswith("The activity is in order: nothing was found. Verified on ")
    assert ActivitySeal.objects.get().link.hex() in page.one("#sign-offs").text
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE clients_activity SET actor_name = '<b>x</b>' WHERE verb = 'client.opened'")
    client.post("/credits/checks/activity/")
    do_jobs()
    page = get_page(client, "/credits/checks/activity/")
    first, _ = [line.text for line in page.all("#verified li")]
    assert first == "1 discrepancy found. Nothing is repaired by itself."
