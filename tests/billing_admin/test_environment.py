"""What stands in the environment is meant, or refused in a sentence; docs/deploy.md names all of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from billing_admin import environment

PROJECT = Path(__file__).resolve().parents[2]
# Set by `serve` for its own web workers, or by who tries something out.
NOT_FOR_PEOPLE = {"BILLING_SERVER_PROCESS", "BILLING_AUDIT_URL", "DJANGO_SETTINGS_MODULE"}
_READ = re.compile(r'"((?:BILLING|DJANGO|DATABASE)_[A-Z_]+|EMAIL_URL)"')


def test_the_table_of_settings_names_all_that_is_read_and_no_more():
    sources = [*PROJECT.glob("billing_admin/**/*.py"), PROJECT / "manage.py"]
    read = {name for path in sources for name in _READ.findall(path.read_text())} - NOT_FOR_PEOPLE
    table = re.findall(r"^\| `([A-Z_]+)` \|", (PROJECT / "docs/deploy.md").read_text(), re.MULTILINE)
    assert len(table) == len(set(table))
    assert set(table) == read


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BILLING_HTTPS", "yes", "BILLING_HTTPS is “yes”: it is 1 for yes, and 0 or not set for no."),
        ("BILLING_REQUEST_THREADS", "0", "BILLING_REQUEST_THREADS is “0”: it is a whole number, 1 or more."),
        ("BILLING_FILES_PER_HOUR", "-1", "BILLING_FILES_PER_HOUR is “-1”: it is a whole number, 0 or more."),
        ("BILLING_LOG", "xml", "BILLING_LOG is “xml”: it is plain or json."),
        ("BILLING_TIME_ZONE", "Mars/Olympus", "BILLING_TIME_ZONE is “Mars/Olympus”, which is no time zone"),
        ("BILLING_TIME_ZONE", "../../etc/passwd", "which is no time zone"),
        ("BILLING_TRUSTED_PROXIES", "10.0.0.1/8", "BILLING_TRUSTED_PROXIES has “10.0.0.1/8”"),
        ("BILLING_URL", "billing.example.com", "BILLING_URL has “billing.example.com”"),
        ("DATABASE_URL", "mysql://root:secret@db/x", "DATABASE_URL does not name a PostgreSQL"),
        ("EMAIL_URL", "carrier-pigeon://x", "EMAIL_URL: there is no “carrier-pigeon”."),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence_and_nothing_starts(name, value, said):
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=PROJECT, env={**os.environ, name: value}, capture_output=True,
        text=True,
    )  # fmt: skip
    assert ran.returncode == 1
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "secret" not in ran.stderr


def test_what_is_set_to_nothing_is_not_set(monkeypatch):
    monkeypatch.setenv("X", " ")
    assert environment.text("X", "as delivered") == "as delivered"
    assert environment.number("X", 4) == 4
    assert environment.flag("X") is False
    monkeypatch.setenv("X", " a, ,b ,")
    assert environment.listed("X") == ["a", "b"]
    monkeypatch.setenv("X", "10.0.0.5, fd00::/8")
    assert environment.networks("X") == ["10.0.0.5/32", "fd00::/8"]
    monkeypatch.setenv("X", "https://billing.example.com/")
    assert environment.web_addresses("X") == ["https://billing.example.com"]
    monkeypatch.setenv("X", "javascript:alert(1)")
    with pytest.raises(ImproperlyConfigured):
        environment.web_addresses("X")
