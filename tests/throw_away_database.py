"""One fast database server for all test runs of this clone, stopped by the last of them.

Every run holds a shared lock, so that a second run beside the first neither stops its server nor takes its test
database. A run that was killed leaves its marker: the next one that is alone then begins on a new cluster.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_admin.embedded_database.places import DATABASE, Place, make_folders, place_for
from billing_admin.embedded_database.server import ensure_running, stop
from tests import migrated_template

DATA_DIR = Path(os.environ.get("BILLING_DATA_DIR", Path(__file__).resolve().parent.parent / ".data"))

_claim: int | None = None


def claim() -> str:
    """Take part in the server's use and return the address for this run; `start` makes it answer."""
    global _claim
    place = place_for(DATA_DIR, throw_away=True)
    make_folders(place)
    with _gate(place):
        _claim = os.open(place.folder / "runs", os.O_RDWR | os.O_CREAT, 0o600)
        alone = _alone(_claim)
        if alone and list(place.folder.glob("run-*")):
            stop(DATA_DIR, throw_away=True)
            shutil.rmtree(place.cluster, ignore_errors=True)
            for marker in place.folder.glob("run-*"):
                marker.unlink()
        fcntl.flock(_claim, fcntl.LOCK_SH)
        _marker(place).touch()
    name = DATABASE if alone else f"{DATABASE}_{os.getpid()}"
    return place.url.replace(f"/{DATABASE}?", f"/{name}?")


def start() -> None:
    """Have the server answer and hold a migrated template. Does nothing in a process that has no claim."""
    if _claim is not None:
        place = place_for(DATA_DIR, throw_away=True)
        ensure_running(DATA_DIR, throw_away=True)
        with _gate(place):
            migrated_template.make(place)


def release() -> None:
    """Give up the use of the server, and stop it when no other run is left."""
    global _claim
    if _claim is None:
        return
    place = place_for(DATA_DIR, throw_away=True)
    with _gate(place):
        _marker(place).unlink(missing_ok=True)
        if _alone(_claim):
            stop(DATA_DIR, throw_away=True)
        os.close(_claim)
        _claim = None


def _marker(place: Place) -> Path:
    return place.folder / f"run-{os.getpid()}"


def _alone(claim: int) -> bool:
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _gate(place: Place) -> Iterator[None]:
    """One run at a time comes or goes."""
    handle = os.open(place.folder / "gate", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
