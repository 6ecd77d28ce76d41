"""What a command asks whoever sits at the terminal; without one, what is missing is empty and a password piped in."""

import getpass
import sys

from django.core.management.base import CommandError


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
