"""Verify the chain of activity."""

import datetime
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from clients.models import ActivitySignOff
from clients.selectors.activity_chain import state_of_chain
from clients.services.sign_off import sign_offs_in
from credits.services.check import verify_activity


class Command(StaffCommand):
    help = (
        "Verify that no activity was altered, added, taken out or put in another order behind the triggers. Names each "
        "that was; never repairs; exits 1 on any. It is part of “check_ledger” too, and daily."
    )
    required_permission = "clients.view_activity"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--since",
            type=datetime.date.fromisoformat,
            metavar="DAY",
            help="only what was sealed on that day (2026-11-30) and later",
        )
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="compare with the sign-offs in this file too, of the log or of BILLING_AUDIT_FILE",
        )

    def act(self, *, by: User | None, **options: Any) -> None:
        kept = _kept_in(options["against"]) if options["against"] else None
        found = verify_activity(since=options["since"], kept=kept)
        for text in found:
            self.say(text)
        if found:
            raise CommandError(f"{pluralize(len(found), 'discrepancy', 'discrepancies')} found.")
        state = state_of_chain()
        said = f"The activity is in order: {pluralize(state.rows, 'activity', 'activities')} in {state.in_seals}"
        if options["since"]:
            said += f", of which those sealed since {options['since']:%-d %b %Y} were verified"
        if kept is not None:
            said += f", and {pluralize(sum(bool(line.strip()) for line in kept), 'sign-off')} in {options['against']}"
        self.say(f"{said}; nothing found.")


def _kept_in(path: Path) -> list[str]:
    try:
        lines = [_of_log(line) for line in sign_offs_in(path)]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CommandError(f"{path} could not be read: {reason}. Nothing was verified.") from error
    if not any(map(ActivitySignOff.read, lines)):
        raise CommandError(f"{path} has no sign-off. Nothing was verified.")
    return lines


def _of_log(line: str) -> str:
    """What a line of the log has after what the log says of itself; of a line of JSON about anything else, nothing."""
    words = "Activity signed off: "
    if line.startswith("{"):
        with suppress(ValueError):
            said = str(json.loads(line).get("event", ""))
            return said.removeprefix(words) if said.startswith(words) else ""
    return line.rpartition(words)[2]
