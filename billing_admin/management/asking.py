"""What a command asks whoever sits at the terminal, and whom it is about.

Without a terminal, what is missing is empty, and a password is piped in.
"""

import getpass
import sys

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from billing_admin.staff.sign_in.accounts import find_account


def asked(question: str) -> str:
    """One line."""
    return input(question).strip() if sys.stdin.isatty() else ""


def asked_password(nothing_done: str) -> str:
    """A password, typed twice, or the first line of the standard input.

    Raises CommandError where the two differ, with what was not done.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The password again: ") != password:
        raise CommandError(f"The two are not the same. {nothing_done}")
    return password


def known_password(of_what: str) -> str:
    """A password that exists already: typed once, unseen, or the first line of the standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass(f"Password of {of_what}: ")


def account_named(name: str) -> User:
    """The account of this user name or e-mail.

    Raises CommandError where there is none.
    """
    person = find_account(name)
    if person is None:
        raise CommandError(f"There is nobody with the name or e-mail “{name}”. Nothing was changed.")
    return person
