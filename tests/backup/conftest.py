"""What the tests of backups share: a database with one of everything, a backup of it, a server to try them on."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_admin.embedded_database import ensure_running, stop
from billing_admin.embedded_database.places import place_for
from tests.setup.conftest import make_data_dir, remove  # noqa: F401 (a fixture)

from .databases import database, fill, run

# Beside one of everything, what waits to be sent and done.
WAITING = """
from tests.upgrades.one_of_everything import make
make()
from tests.backup.waiting import put_in
put_in()
"""


@pytest.fixture(scope="session")
def filled(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """A database with one of everything, and with mail, jobs and sessions that wait or are there."""
    with django_db_blocker.unblock(), database("filled") as url:
        fill(url, WAITING)
        yield url


@pytest.fixture(scope="session")
def kept(filled: str, tmp_path_factory) -> Path:
    """A backup of it."""
    path = tmp_path_factory.mktemp("kept") / "kept.dump"
    made = run(filled, "backup", path)
    assert (made.returncode, made.stderr) == (0, "")
    return path


@pytest.fixture
def backup(kept: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be spoilt."""
    shutil.copy(kept, tmp_path / "one.dump")
    shutil.copy(f"{kept}.json", tmp_path / "one.dump.json")
    return tmp_path / "one.dump"


@pytest.fixture
def empty(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """An empty database."""
    with django_db_blocker.unblock(), database("empty", migrated=False) as url:
        yield url


@pytest.fixture(scope="session")
def tried_on() -> Iterator[Path]:
    """The data folder of an embedded server that runs, where backups are tried out."""
    top = Path(tempfile.mkdtemp(prefix="billing-admin-backup-"))
    top.chmod(0o755)
    data_dir = top / "data"
    ensure_running(data_dir)
    yield data_dir
    stop(data_dir)
    remove(place_for(data_dir))
    shutil.rmtree(top)
