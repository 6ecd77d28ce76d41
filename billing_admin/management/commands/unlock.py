"""Let somebody try to sign in again who failed too often."""

from ipaddress import ip_address
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandParser

from billing_admin.db.rates import forget_address, forget_person
from billing_admin.management.asking import account_named
from billing_admin.management.staff_command import StaffCommand
from billing_admin.staff.sign_in.addresses import counted
from billing_admin.staff.sign_in.events import Event, note
from clients.services.staff.rules import MANAGE_STAFF


class Command(StaffCommand):
    help = (
        "Forget that somebody failed to sign in too often, before the five minutes are over: whatever the address, or "
        "whatever the account where an address is named."
    )
    required_permission = MANAGE_STAFF

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="the user name or e-mail, or an address as 203.0.113.7")

    def act(self, *, by: User | None, **options: Any) -> None:
        name, person = options["name"], None
        try:
            address = counted(ip_address(name))
        except ValueError:
            person = account_named(name)
            forgotten = forget_person(person.pk)
        else:
            forgotten = forget_address(address)
        if forgotten:
            note(Event.UNLOCKED, person, by=by)
        self.say(f"{name} may try again." if forgotten else f"Nothing is counted for {name}; nothing was changed.")
