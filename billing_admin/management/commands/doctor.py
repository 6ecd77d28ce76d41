"""What is wrong with this installation, and how to mend it."""

from typing import Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Tags, run_checks
from django.core.checks import Error as Fault
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from billing_admin.db.locks import second_connection
from billing_admin.text import pluralize

# Django says these one by one where there is no HTTPS, and ours says it once, where anybody is concerned.
_OF_HTTPS = {f"security.W0{number}" for number in ("04", "08", "10", "11", "12", "16")}


class Command(BaseCommand):
    help = (
        "Look at the whole installation: settings, database, migrations, clocks, worker, daily tasks, mail, disk, "
        "folders. Says of each fault what it is and how to mend it; changes nothing; exits 1 on any."
    )
    requires_system_checks = ()  # it makes them all, and says more of each

    def handle(self, *args: Any, **options: Any) -> None:
        away = self.database_away()
        if away:  # Django's checks of models ask it too
            found = [away, *run_checks(tags=[Tags.security], include_deployment_checks=True)]
        else:
            found = run_checks(include_deployment_checks=True, databases=["default"])
        found = [each for each in found if each.level >= WARNING and not each.is_silenced() and not _is_said(each)]
        for each in sorted(found, key=lambda each: -each.level):
            self.stdout.write(f"{each.msg}\n    {each.hint}\n" if each.hint else each.msg)
        if found:
            raise CommandError(f"{pluralize(len(found), 'fault')} found.")
        self.stdout.write("Nothing is wrong with this installation.")

    def database_away(self) -> CheckMessage | None:
        """What to say where it does not answer; all else that can be looked at without it still is."""
        try:
            with second_connection() as own:  # the pool would only say that it waited
                own.ensure_connection()
        except Error as error:
            return Fault(
                f"The database does not answer: {' '.join(str(error).split())}",
                hint="Start it, or mend DATABASE_URL. What can only be seen with it was not looked at.",
                id="billing_admin.E002",
            )
        return None


def _is_said(each: CheckMessage) -> bool:
    return not settings.HTTPS and each.id in _OF_HTTPS
