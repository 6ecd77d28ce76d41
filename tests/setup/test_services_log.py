"""With BILLING_LOG=json all that a supervisor collects of `serve`, `work` and `daily` is JSON, a line each."""

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from .test_serving import PROJECT, free_port


def started(*command: str, **environment: str) -> "subprocess.Popen[str]":
    """As under a supervisor: both streams go to one place."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=PROJECT, text=True, start_new_session=True,
        env={**os.environ, "BILLING_LOG": "json", "DJANGO_SETTINGS_MODULE": "billing_admin.settings", **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def until(process: "subprocess.Popen[str]", words: str) -> list[dict[str, Any]]:
    """All that it says before it has said this, ended then as by Ctrl-C."""
    lines = []
    too_long = threading.Timer(60, os.killpg, (process.pid, signal.SIGKILL))
    too_long.start()
    try:
        for text in process.stdout:
            lines.append(json.loads(text))
            if words in lines[-1]["event"]:
                process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    finally:
        too_long.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
    return lines


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("serve", "--workers=1", "--queue-workers=0"), "Billing Admin is at http://localhost"),
        (("work",), "Working on"),
    ],
)
def test_a_service_that_starts_and_ends_well_says_no_error(command, words):
    port = [f"--port={free_port()}"] if command[0] == "serve" else []
    lines = until(started(*command, *port, DJANGO_ALLOWED_HOSTS="billing.example.com"), words)
    assert any(line["event"].startswith(words) for line in lines)
    assert [line for line in lines if line["level"] == "ERROR"] == []


@pytest.mark.slow
def test_what_a_service_fails_with_is_a_line_too():
    (line,) = until(started("daily", "--as=nobody-of-ours"), "CommandError: ")
    assert (line["level"], line["logger"]) == ("ERROR", "billing_admin.commands")


@pytest.mark.slow
def test_a_database_that_is_away_at_the_start_is_a_line_too():
    lines = until(started("serve", DATABASE_URL="postgres://nobody@127.0.0.1:1/none"), "The database does not answer")
    assert [(line["level"], line["event"].partition(":")[0]) for line in lines] == [
        ("ERROR", "The database does not answer")
    ]
