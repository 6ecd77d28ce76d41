"""Another version takes over, one process after the other, on tables that it has migrated: nobody notices."""

import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from billing_admin.embedded_database import ensure_running
from billing_admin.embedded_database.places import place_for
from tests.setup.test_serving import free_port

from .installation import PROJECT, Installation, wait_for
from .under_load import is_ready, under_load

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# The version before: the one that began to answer at /readyz. Name the tag here once a version that has it is released.
BEFORE = "acd1d996"
BUILT = "billing_admin/static/build"


def version_before(folder: Path, environment: dict[str, str]) -> None:
    """Lay it into a folder of its own, ready to serve."""
    known = subprocess.run(["git", "cat-file", "-e", f"{BEFORE}^{{commit}}"], cwd=PROJECT, capture_output=True)
    if known.returncode:
        pytest.skip(f"The history here does not reach back to {BEFORE}.")
    files = subprocess.run(["git", "archive", BEFORE], cwd=PROJECT, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=files.stdout, check=True)
    shutil.copytree(PROJECT / BUILT, folder / BUILT)
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=folder, env=environment, check=True)


def test_a_new_version_takes_over_without_a_failed_request(house: Installation, tmp_path):
    data_dir = Path(house.environment["BILLING_DATA_DIR"])
    ensure_running(data_dir)
    told = {"DATABASE_URL": place_for(data_dir).serving_url}
    before = tmp_path / "before"
    before.mkdir()
    version_before(before, house.environment)
    ports = [free_port(), free_port()]
    with ExitStack() as started:
        old = [started.enter_context(house.serve(port, cwd=before, **told)) for port in ports]
        old_worker = started.enter_context(house.work(cwd=before, **told))
        wait_until_ready(*ports)

        def roll() -> None:
            for unit, port in zip(old, ports, strict=True):
                unit.stop()
                started.enter_context(house.serve(port, **told))
                wait_until_ready(port)
            old_worker.stop()
            started.enter_context(house.work(**told))

        with under_load("A new version takes over", house, *ports) as load:
            load.strike(roll)
    assert load.failures() == []
    assert load.run_failed == []


def wait_until_ready(*ports: int) -> None:
    wait_for(lambda: all(is_ready(port) for port in ports))
