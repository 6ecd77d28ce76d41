"""The files of deploy/ name what there is: settings of the table, commands, one and the same size of what is sent."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from billing_admin.web.bodies import LARGEST_REQUEST

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
TABLE = set(re.findall(r"^\| `([A-Z_]+)` \|", (PROJECT / "docs/deploy.md").read_text(), re.MULTILINE))


def test_every_setting_that_they_name_is_one():
    named = set()
    for name in ("billing-admin.env", "billing-admin@.service", "compose.yaml", "Containerfile"):
        text = (DEPLOY / name).read_text()
        named |= set(re.findall(r"^(?:Environment=|ENV )?([A-Z]+_[A-Z_]+)=", text, re.MULTILINE))
        named |= set(re.findall(r"^    ((?:BILLING|DJANGO|DATABASE|EMAIL)_[A-Z_]+): ", text, re.MULTILINE))
    assert {"DATABASE_URL", "DJANGO_SECRET_KEY", "BILLING_HTTPS", "EMAIL_URL"} <= named
    assert named <= TABLE


def test_every_command_that_they_run_is_one():
    texts = [path.read_text() for path in (*DEPLOY.iterdir(), PROJECT / "Procfile")]
    run = {name for text in texts for name in re.findall(r'manage\.py"?,? "?([a-z_]+)', text)}
    assert run == {"serve", "work", "daily", "migrate"}
    assert run <= get_commands().keys()


def test_the_proxy_takes_what_we_take():
    ((megabytes,),) = [re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())]
    assert int(megabytes) * 1_000_000 == LARGEST_REQUEST


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_units_are_understood(tmp_path):
    units = []
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        units.append(tmp_path / path.name.replace("@.", "@8001."))
        text = path.read_text().replace("/srv/billing-admin/current/.venv/bin/python", "/bin/true")
        units[-1].write_text(text)
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True).stderr
    assert [line for line in said.splitlines() if "billing-admin" in line] == []
