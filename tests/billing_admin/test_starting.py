"""What a command loads before it begins."""

import subprocess
import sys

import pytest

from tests.jobs import environment

LEFT_OUT = ("billing_admin.urls", "credits.tasks", "credits.views", "django.contrib.admin", "granian", "ofxtools")


@pytest.mark.django_db
def test_a_command_loads_no_pages_jobs_or_admin():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "django", "expire_credit"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "credits.services.expire" in loaded
    assert loaded.isdisjoint(LEFT_OUT)
