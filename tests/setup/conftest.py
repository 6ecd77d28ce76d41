"""Database servers of the tests' own, each in a data folder that any account may walk to."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from billing_admin.embedded_database import stop
from billing_admin.embedded_database.places import Place, place_for


@pytest.fixture
def make_data_dir() -> Iterator[Callable[..., Path]]:
    with data_dirs() as make:
        yield make


@contextmanager
def data_dirs() -> Iterator[Callable[..., Path]]:
    """Make data folders; their servers are stopped and all they left is removed at the end."""
    top = Path(tempfile.mkdtemp(prefix="billing-admin-setup-"))
    top.chmod(0o755)
    made: list[Path] = []

    def make(*parts: str) -> Path:
        data_dir = top.joinpath(*(parts or ("data",)))
        made.append(data_dir)
        return data_dir

    yield make
    for data_dir in made:
        for throw_away in (False, True):
            place = place_for(data_dir, throw_away=throw_away)
            stop(data_dir, throw_away=throw_away)
            remove(place)
    shutil.rmtree(top)


def remove(place: Place) -> None:
    for folder in (place.folder, place.socket_folder):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(make_data_dir: Callable[..., Path]) -> Path:
    return make_data_dir()
