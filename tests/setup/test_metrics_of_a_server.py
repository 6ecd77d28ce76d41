"""All web processes of a server count together, and what was counted stays when they are replaced."""

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from .test_serving import answers, children, command_of, reload, serving

TOKEN = "a token of metrics"


def metrics(port: int) -> str:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return answer.read().decode()


def figure(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0


def process_of(path: Path) -> str:
    return path.stem.rpartition("_")[2]


@pytest.mark.slow
def test_what_was_counted_stays_when_web_workers_are_replaced(tmp_path, make_data_dir: Callable[..., Path]):
    data_dir = make_data_dir()
    name = 'billing_requests_total{method="GET",status="404",view="none"}'
    environment = {"BILLING_METRICS_TOKEN": TOKEN, "BILLING_DATA_DIR": str(data_dir), "BILLING_LOG": "json"}
    environment["DJANGO_ALLOWED_HOSTS"] = "*"
    with serving(tmp_path / "log", **environment) as (server, port):
        os.kill(next(int(each) for each in children(server) if b"spawn_main" in command_of(each)), signal.SIGKILL)
        end = time.monotonic() + 60
        while not answers(port):
            assert time.monotonic() < end
            time.sleep(0.1)
        first = figure(metrics(port), name)
        for _ in range(7):
            assert answers(port)
        assert figure(metrics(port), name) == first + 7
        folder = data_dir / "metrics" / str(port)
        assert folder.stat().st_mode & 0o777 == 0o700
        old = {process_of(path) for path in folder.glob("counter_*.db")}
        before = figure(metrics(port), name)
        reload(server, port)
        after = metrics(port)
        assert figure(after, name) > before
        assert figure(after, "billing_database_up") == 1
        assert {process_of(path) for path in folder.glob("counter_*.db")} > old
        assert not {process_of(path) for path in folder.glob("gauge_live*.db")} & old
        lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
        assert any("DJANGO_ALLOWED_HOSTS has “*”" in line["event"] for line in lines)
        assert "_granian" in {line["logger"] for line in lines}  # who tells of the killed one
        assert {line["status"] for line in lines if line["logger"] == "billing_admin.requests"} == {404}
