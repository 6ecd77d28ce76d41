"""Commands as staff run them: what they print, what they name on the error output, and the error that they end with."""

from dataclasses import dataclass
from io import StringIO

from django.core.management import BaseCommand, CommandError, call_command


@dataclass(frozen=True)
class Ran:
    """`error` is empty where the command ends with exit code 0."""

    printed: list[str]
    named: list[str]
    error: str
    exit_code: int


def run_command(command: str | BaseCommand, *arguments: object) -> Ran:
    """Run a command with these arguments, as the shell would give them."""
    printed, named = StringIO(), StringIO()
    error, exit_code = "", 0
    try:
        call_command(command, *map(str, arguments), stdout=printed, stderr=named)
    except CommandError as refusal:
        error, exit_code = str(refusal), refusal.returncode
    return Ran(printed.getvalue().splitlines(), named.getvalue().splitlines(), error, exit_code)
