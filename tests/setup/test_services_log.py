"""With BILLING_LOG=json all that a supervisor collects of `serve`, `work` and `daily` is JSON, a line each."""

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from billing_admin.db.locks import DEAD_AFTER

from .test_serving import PROJECT, free_port


def started(*command: str, **environment: str) -> "subprocess.Popen[str]":
    """As under a supervisor: both streams go to one place."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=PROJECT, text=True, start_new_session=True,
        env={**os.environ, "BILLING_LOG": "json", "DJANGO_SETTINGS_MODULE": "billing_admin.settings", **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def until(process: "subprocess.Popen[str]", words: str | None = None) -> list[dict[str, Any]]:
    """All that it says; ended as by Ctrl-C when it has said this, else by itself."""
    lines = []
    too_long = threading.Timer(60, os.killpg, (process.pid, signal.SIGKILL))
    too_long.start()
    try:
        for text in process.stdout:
            lines.append(json.loads(text))
            if words and words in lines[-1]["event"]:
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
    lines = until(started(*command, *port, BILLING_HTTPS="1", DJANGO_ALLOWED_HOSTS="billing.example.com"), words)
    assert any(line["event"].startswith(words) for line in lines)
    assert [line for line in lines if line["level"] == "ERROR"] == []


@pytest.mark.slow
def test_what_a_service_fails_with_is_a_line_too():
    (line,) = until(started("daily", "--as=nobody-of-ours"))
    assert (line["level"], line["logger"]) == ("ERROR", "billing_admin.commands")


@pytest.mark.slow
def test_a_database_that_is_away_at_the_start_is_a_line_too():
    lines = until(started("serve", DATABASE_URL="postgres://nobody@127.0.0.1:1/none"))
    assert [(line["level"], line["event"].partition(":")[0]) for line in lines] == [
        ("ERROR", "The database does not answer")
    ]


@pytest.mark.long  # 13 s: longer than after what a worker that stands still is taken for dead
def test_a_worker_whose_start_takes_long_is_not_taken_for_dead(tmp_path):
    (tmp_path / "takes_long.py").write_text(f"import time\ntime.sleep({DEAD_AFTER + 1})\n")
    (tmp_path / "starts_slowly.py").write_text(
        "from billing_admin.settings import *\nPROCRASTINATE_IMPORT_PATHS = ['takes_long']\n"
    )
    process = started("work", DJANGO_SETTINGS_MODULE="starts_slowly", PYTHONPATH=str(tmp_path))
    end = threading.Timer(DEAD_AFTER + 6, process.send_signal, (signal.SIGINT,))
    end.start()
    lines = until(process)
    end.cancel()
    assert [line["event"] for line in lines if "taken for dead" in line["event"]] == []
    assert process.returncode == 0
