"""Make the role that owns a database and the one that serves it."""

import getpass
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection

from billing_admin.db.roles import make_roles
from billing_admin.embedded_database import database_url
from billing_admin.embedded_database.places import SERVING, USER
from billing_admin.errors import first_line

OWNER = "billing_owner"


class Command(BaseCommand):
    help = (
        "Make two roles for the database: one that owns and migrates it, one that serves and cannot get past its "
        "triggers. Run it once as an administrator of the server, whose address is in DATABASE_URL; again, it "
        "mends what is missing. Passwords are asked for at the terminal, or taken from BILLING_OWNER_PASSWORD and "
        "BILLING_SERVING_PASSWORD."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        own = bool(os.environ.get("DATABASE_URL"))
        parser.add_argument("--owner", default=OWNER if own else USER, metavar="ROLE", help="default: %(default)s")
        parser.add_argument("--serving", default=SERVING, metavar="ROLE", help="default: %(default)s")

    def handle(self, *args: Any, owner: str, serving: str, **options: Any) -> None:
        if owner == serving:
            raise CommandError("The owner and the role that serves are to be two.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", [owner, serving])
            there = {name for (name,) in cursor.fetchall()}
        names = {owner: "BILLING_OWNER_PASSWORD", serving: "BILLING_SERVING_PASSWORD"}
        given = {role: _password(role, name, new=role not in there) for role, name in names.items()}
        passwords = {role: password for role, password in given.items() if password}
        try:
            with connection.wrap_database_errors:
                said = make_roles(connection.connection, owner=owner, serving=serving, passwords=passwords)
        except ProgrammingError as error:  # a privilege that is missing
            raise CommandError(
                f"PostgreSQL refused it: {first_line(error)}. Nothing was changed. Put the address of an administrator "
                "of the server into DATABASE_URL for this command."
            ) from error
        for line in said or ["Both roles are there already."]:
            self.stdout.write(line)
        self.stdout.write(f"{serving} may read and write the rows of all tables, of those to come too, and no more.")
        self.stdout.write(f"DATABASE_URL={_address(serving)}")
        self.stdout.write(f"DATABASE_OWNER_URL={_address(owner)}")
        if os.environ.get("DATABASE_URL"):
            self.stdout.write("Add the passwords to the addresses, or keep them in a password file (PGPASSFILE).")


def _password(role: str, variable: str, *, new: bool) -> str:
    """The password of a role; empty where it needs none, or has one that stays."""
    if variable in os.environ or not new or not sys.stdin.isatty():
        return os.environ.get(variable, "")
    password = getpass.getpass(f"Password for the new role {role} (empty: none): ")
    if password and getpass.getpass("The same again: ") != password:
        raise CommandError("These were two passwords. Nothing was changed.")
    return password


def _address(role: str) -> str:
    """The address of this database for another role."""
    url = urlsplit(database_url(settings.DATA_DIR, owner=True))
    return url._replace(netloc=f"{role}@{url.netloc.rpartition('@')[2]}").geturl()
