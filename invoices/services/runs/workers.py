"""More processes that work on a run, on this machine. On another machine, the same command is simply run there too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection

from billing_admin.embedded_database import database_url


@contextmanager
def joined_by(count: int, *, run_id: int, chunk_size: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Let `count` more processes work on a run. They end by themselves, with the block at the latest."""
    joined: list[subprocess.Popen[bytes]] = []
    options = ("--join", str(run_id), "--chunk-size", str(chunk_size), "--parent", str(os.getpid()))
    try:
        joined.extend(
            subprocess.Popen(
                # Django's checks were done by this process; in theirs a lost database would end in a traceback.
                command("--skip-checks", *options),
                env=environment(),
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            for _ in range(count)
        )
        yield joined
    finally:
        for process in joined:
            process.terminate()  # nothing where it has ended
            process.wait()


def command(*arguments: str) -> list[str]:
    """`generate_invoices` with these arguments, as a process of its own."""
    return [sys.executable, "-m", "django", "generate_invoices", *arguments]


def environment() -> dict[str, str]:
    """The environment of a process that works on the same database."""
    url = urlsplit(database_url(Path(settings.DATA_DIR)))._replace(path=f"/{quote(connection.settings_dict['NAME'])}")
    return os.environ | {"DATABASE_URL": url.geturl(), "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
