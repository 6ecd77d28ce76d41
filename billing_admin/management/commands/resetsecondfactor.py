"""Let somebody in who has lost every second factor."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandParser

from billing_admin.management.asking import account_named
from billing_admin.management.staff_command import StaffCommand
from billing_admin.staff.second_factor import reset_second_factors
from billing_admin.text import pluralize
from clients.services.staff.rules import MANAGE_STAFF, require_reach


class Command(StaffCommand):
    help = (
        "Take away the authenticator app, the passkeys and the recovery codes of somebody who has lost them, and end "
        "the sessions. The password alone signs in then; where a role needs a second factor, a new one is asked for."
    )
    required_permission = MANAGE_STAFF

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="the user name, or the e-mail")

    def act(self, *, by: User | None, **options: Any) -> None:
        person = account_named(options["name"])
        require_reach(by, person)
        if number := reset_second_factors(person, by=by):
            self.say(f"{pluralize(number, 'second factor')} of {person.username} removed, and every session ended.")
        else:
            self.say(f"{person.username} has no second factor; every session was ended.")
