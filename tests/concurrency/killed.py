"""Commands in a process of their own, on the test database, killed with SIGKILL on the way.

    with Victims() as victims:
        victims.run(7, "merge_clients", 1, 2, "--no-input")    # killed after its seventh statement
        victims.run(NEVER, "merge_clients", 1, 2, "--no-input")

A process that has Django loaded and no connection yet forks one for each command, which saves loading it each time.
"""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.db import connection

NEVER = -1


@dataclass(frozen=True)
class Ended:
    """How a command ended: -9 where it was killed, 0 where it was done; and how many statements it got to."""

    exit_code: int
    statements: int


class Victims:
    """The process that forks. Whatever a command prints goes where the test's own output goes."""

    def __enter__(self) -> Self:
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.killed"],
            env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "billing_admin.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)

    def run(self, after: int, *command: object) -> Ended:
        """Run a command; it is killed after so many statements. Comes back when the server has noticed the end too."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([after, *map(str, command)]) + "\n")
        self.process.stdin.flush()
        ended = Ended(*json.loads(self.process.stdout.readline()))
        _wait_until_alone()
        return ended


def _wait_until_alone() -> None:
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
                " AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.01)
    raise AssertionError("The server still has the transaction of a process that was killed.")


def _serve() -> None:
    """Fork for each line, and answer with how it ended."""
    import django

    django.setup()
    for line in sys.stdin:
        after, *command = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os._exit(_be_the_victim(after, command, writing))
        os.close(writing)
        _, status = os.waitpid(child, 0)
        statements = len(os.read(reading, 65536))  # a byte for each
        os.close(reading)
        print(json.dumps([os.waitstatus_to_exitcode(status), statements]), flush=True)


def _be_the_victim(after: int, command: list[str], writing: int) -> int:
    from django.core.management import call_command

    statements = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal statements
        if statements == after:  # 0: before the first
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        statements += 1
        os.write(writing, b".")
        if statements == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    try:
        with connection.execute_wrapper(count):
            call_command(*command, stdout=sys.stderr)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _serve()
