"""Make the first account, or another Owner."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.errors import BusinessError
from billing_admin.management.asking import asked, asked_password
from billing_admin.management.staff_command import StaffCommand
from billing_admin.models import Role
from clients.services.staff.commands import add_owner


class Command(StaffCommand):
    help = (
        "Make an account with the role Owner, which may do everything. The password is asked for twice; where the "
        "standard input is no terminal, it is its first line."
    )
    required_permission = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", metavar="USERNAME", help="asked for where it is missing")
        parser.add_argument("--email", default="", help="asked for where it is missing")

    def actor(self, username: str | None) -> User | None:
        return None

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, username=None, **options)

    def act(self, *, by: User | None, **options: Any) -> None:
        username, email = options["name"] or asked("User name: "), options["email"] or asked("E-mail: ")
        try:
            person = add_owner(username=username, email=email, password=asked_password("No account was made."))
        except BusinessError as error:
            raise CommandError(f"{error} No account was made.") from error
        self.say(f"{person.username} can sign in now, and has the role {Role.BuiltIn.OWNER.label}.")
