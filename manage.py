#!/usr/bin/env python
"""Run Billing Admin's management commands, on a database server that is started when it has to be."""

import logging
import os
import sys

from billing_admin.embedded_database import LocalDatabaseError, ensure_running

WITHOUT_DATABASE = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "verify_backup",  # starts the embedded server itself, and stops it
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        if needs_database(sys.argv[1:]):
            data_dir = settings.DATA_DIR  # loads the settings, which may set DATABASE_URL
            if not os.environ.get("DATABASE_URL"):
                ensure_running(data_dir)
        execute_from_command_line(sys.argv)
    except (LocalDatabaseError, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except OperationalError as error:  # in Django's own checks, before the command begins
        sentence = f"The database does not answer: {str(error).strip()}"
        if settings.LOG != "json":
            sys.exit(sentence)
        logging.getLogger("billing_admin.commands").error(sentence)
        sys.exit(1)
    except KeyboardInterrupt:  # before the command was at anything; later each says what it leaves
        sys.exit(130)
    except Exception:
        if "--traceback" in sys.argv:
            raise
        # In the log's words, which leave out what an exception may repeat of a client.
        logging.getLogger("billing_admin.commands").critical(
            "The command ended by an error; --traceback says all of it.", exc_info=True
        )
        sys.exit(1)


def needs_database(arguments: list[str]) -> bool:
    asks_for_help = {"-h", "--help", "--version"}.intersection(arguments)
    return bool(arguments) and arguments[0] not in WITHOUT_DATABASE and not asks_for_help


if __name__ == "__main__":
    main()
