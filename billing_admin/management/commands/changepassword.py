"""Give somebody another password, in the place of Django’s command: it is written down, and the person is told."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.errors import BusinessError
from billing_admin.management.asking import account_named, asked_password
from billing_admin.management.staff_command import StaffCommand
from clients.services.staff.commands import change_password
from clients.services.staff.rules import MANAGE_STAFF


class Command(StaffCommand):
    help = (
        "Give somebody another password; every session ends, and a mail tells the person. The password is asked for "
        "twice; where the standard input is no terminal, it is its first line."
    )
    required_permission = MANAGE_STAFF

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="the user name, or the e-mail")

    def act(self, *, by: User | None, **options: Any) -> None:
        person = account_named(options["name"])
        try:
            change_password(person=person, password=asked_password(self.kept), by=by)
        except BusinessError as error:
            raise CommandError(f"{error} {self.kept}") from error
        self.say(f"{person.username} has another password, and is signed out everywhere.")
