"""Commands that act on the accounts, for the system or for a person, and answer in sentences."""

import sys
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, OperationalError, ProgrammingError
from rich.console import Console

from billing_admin.db.limits import set_in_transactions
from billing_admin.db.locks import Replaced
from billing_admin.db.source import acting_from, source_of_command
from billing_admin.errors import BusinessError, first_line
from billing_admin.web.outages import DISK_FULL, is_disk_full

from .progress import StagedProgress

INTERRUPTED = 130


class StaffCommand(BaseCommand):
    """A command that a person may be named for with `--as`; without it "System" is who acted.

    Subclasses name the permission that the person needs, write `act`, and set `kept` to what Ctrl-C or a lost database
    leaves behind. A refusal is the command's error and its exit code 1, never a traceback. Django's checks of the
    program are made by `migrate`, `check` and `serve`: they load every page, which none of these commands shows.
    """

    requires_system_checks = ()
    required_permission: ClassVar[str]
    kept = "Nothing was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as",
            dest="username",
            metavar="USERNAME",
            help="the person who acts and whose permissions apply; without it the system acts",
        )

    def handle(self, *args: Any, username: str | None, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a terminal that knows no “quotes” shows a question mark
        self.console = Console(
            file=getattr(self.stdout, "_out", None),  # Django's wrapper would end every piece with a new line
            no_color=True if options["no_color"] else None,
            markup=False,
            highlight=False,
            emoji=False,
        )
        try:
            with acting_from(source_of_command(type(self).__module__.rpartition(".")[2])), set_in_transactions():
                self.act(by=self.actor(username), **options)
        except Replaced as error:
            raise CommandError(f"{error} {self.kept}") from error
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {self.kept}", returncode=INTERRUPTED) from None
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") != "42P01":  # undefined_table
                raise
            raise CommandError("The database has no tables yet, or old ones. Run “manage.py migrate” first.") from error
        except IntegrityError as error:
            raise CommandError(f"The database refused it: {first_line(error)}. {self.kept}") from error
        except OperationalError as error:
            if is_disk_full(error):
                raise CommandError(f"{DISK_FULL} {self.kept}") from error
            raise CommandError(f"The database does not answer: {first_line(error)}. {self.kept}") from error

    def act(self, *, by: User | None, **options: Any) -> None:
        """Do what the command is for."""
        raise NotImplementedError

    def actor(self, username: str | None) -> User | None:
        """Who acts, or None for the system; refused where the person may not."""
        if username is None:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody with the username “{username}”. Nothing was changed.")
        if not user.is_active:
            raise CommandError(f"{username} is not active any more and cannot act. Nothing was changed.")
        if not user.has_perm(self.required_permission):
            raise CommandError(
                f"{username} may not do this: the permission {self.required_permission} is missing. "
                "Nothing was changed."
            )
        return user

    def say(self, text: str) -> None:
        """Print one line."""
        self.console.print(text, soft_wrap=True)

    def progress(self) -> StagedProgress:
        """Bars while something takes its time: use it as a context manager."""
        return StagedProgress(self.console)
