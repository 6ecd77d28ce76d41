"""What can be wrong with an installation, each in a sentence with a way to mend it: Django's checks, one list for all.

`manage.py doctor` makes all of them, `check --deploy` those that need no database. None is made by any other command:
`migrate`, which mends some, would be kept from running by what it mends.
"""

from django.core.checks import Tags, register

from . import database, environment, running


def register_checks() -> None:
    """Make them known to Django."""
    for check in environment.CHECKS:
        register(check, Tags.security, deploy=True)
    for check in (*database.CHECKS, *running.CHECKS):
        register(check, Tags.database, deploy=True)
