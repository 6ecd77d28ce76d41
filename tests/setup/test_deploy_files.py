"""The files of deploy/ name what there is: settings of the table, commands, one and the same size of what is sent."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import gettempdir

import pytest
from django.core.management import get_commands

from billing_admin.web.bodies import LARGEST_REQUEST

from .test_serving import free_port

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
NGINX, PGBOUNCER = (shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("nginx", "pgbouncer"))
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
    assert run == {"serve", "work", "daily", "migrate", "doctor"}
    assert run <= get_commands().keys()


def test_the_proxy_takes_what_we_take():
    ((megabytes,),) = [re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())]
    assert int(megabytes) * 1_000_000 == LARGEST_REQUEST


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_units_are_understood(tmp_path):
    units = []
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        units.append(tmp_path / path.name.replace("@.", "@8001."))
        # A path of `current` would load what is imported late from the version that it names by then.
        assert "current/.venv" not in path.read_text()
        units[-1].write_text(path.read_text())
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True).stderr
    assert [line for line in said.splitlines() if "billing-admin" in line] == []


@pytest.mark.skipif(not NGINX or not shutil.which("openssl"), reason="needs nginx and openssl")
def test_nginx_understands_its_file(tmp_path):
    pair = [tmp_path / "privkey.pem", tmp_path / "fullchain.pem"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=billing.example.com"]
    subprocess.run([*made, "-keyout", pair[0], "-out", pair[1]], check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/letsencrypt/live/billing.example.com", str(tmp_path))
    text = re.sub(r"listen (443|80)\b", lambda _: f"listen 127.0.0.1:{free_port()}", text)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{text}}}\n")
    tried = subprocess.run([str(NGINX), "-t", "-c", whole, "-e", tmp_path / "log"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


@pytest.mark.skipif(not PGBOUNCER, reason="needs pgbouncer")
def test_pgbouncer_understands_its_file(tmp_path):
    text = (DEPLOY / "pgbouncer.ini").read_text().replace("/etc/pgbouncer/userlist.txt", str(tmp_path / "userlist.txt"))
    text = text.replace("listen_port = 6432", f"listen_port = {free_port()}\nunix_socket_dir =")
    (tmp_path / "userlist.txt").write_text('"billing_serving" "a password"\n')
    (tmp_path / "pgbouncer.ini").write_text(text)
    account = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}  # it refuses root
    if account:
        for path in (tmp_path, *tmp_path.parents):
            if path.is_relative_to(gettempdir()) and path != Path(gettempdir()):
                path.chmod(0o755)
    started = subprocess.Popen([PGBOUNCER, tmp_path / "pgbouncer.ini"], stderr=subprocess.PIPE, text=True, **account)
    try:
        said = next((line for line in started.stderr if "process up" in line or "FATAL" in line), "")
    finally:
        started.kill()
        started.wait()
        started.stderr.close()
    assert "process up" in said
