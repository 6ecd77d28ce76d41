"""Make the first account, or another Owner."""

import getpass
import sys
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email

from billing_admin.management.staff_command import StaffCommand
from billing_admin.models import Role


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
        owner = Role.objects.filter(built_in=Role.BuiltIn.OWNER).select_related("group").first()
        if owner is None:
            raise CommandError("There is no role Owner here. Run “manage.py migrate”, which makes the roles.")
        person = User(username=options["name"] or _asked("User name: "), email=options["email"] or _asked("E-mail: "))
        try:
            person.full_clean(exclude=["password"])
            validate_email(person.email)
            password = _password()
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(f"{' '.join(error.messages)} No account was made.") from error
        person.set_password(password)
        person.save()
        person.groups.add(Group.objects.get(pk=owner.pk))
        self.say(f"{person.username} can sign in now, and has the role {owner.group.name}.")


def _asked(question: str) -> str:
    return input(question).strip() if sys.stdin.isatty() else ""


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The password again: ") != password:
        raise CommandError("The two are not the same. No account was made.")
    return password
