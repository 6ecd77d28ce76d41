"""`make check-audit`: a known vulnerability fails it; where nobody can be asked, it says so and ends well."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.setup.test_serving import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent
KNOWN = {
    "id": "GHSA-0000-0000-0000", "modified": "2026-01-01T00:00:00Z", "summary": "A fault",
    "affected": [
        {
            "package": {"name": "django", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}  # fmt: skip
HASH = f"--hash=sha256:{'0' * 64}"


class Vulnerabilities(BaseHTTPRequestHandler):
    """Answers as osv.dev does: of Django something is known."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = [KNOWN] if asked["package"]["name"] == "django" else []
        answer = json.dumps({"vulns": known} if known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vulnerabilities)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def audit(url: str, lock: Path, *pins: str) -> "subprocess.CompletedProcess[str]":
    lock.write_text("".join(f"{pin} {HASH}\n" for pin in pins))
    command = [sys.executable, str(PROJECT / "scripts" / "audit.py"), str(lock)]
    return subprocess.run(
        command, env=os.environ | {"BILLING_AUDIT_URL": url}, capture_output=True, text=True, timeout=60
    )


@pytest.mark.slow
def test_a_known_vulnerability_fails(url, tmp_path):
    found = audit(url, tmp_path / "a.lock", "django==6.1", "granian==2.8.7")
    assert found.returncode == 1
    assert found.stderr.startswith("django 6.1: GHSA-0000-0000-0000, mended in 99.0\n")
    fine = audit(url, tmp_path / "b.lock", "granian==2.8.7")
    assert (fine.returncode, fine.stdout) == (0, "No vulnerability is known of the 1 packages of the locks.\n")


@pytest.mark.slow
def test_where_nobody_answers_it_says_so_and_ends_well(tmp_path):
    told = audit(f"http://127.0.0.1:{free_port()}/", tmp_path / "a.lock", "django==6.1")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("Known vulnerabilities were not looked up")
