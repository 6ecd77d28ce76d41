"""Start and stop the embedded server, whatever state the last run left it in."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_admin.embedded_database.binaries import find_binaries
from billing_admin.embedded_database.clusters import (
    cannot_run,
    drop_to,
    environment,
    make_cluster,
    reason,
)
from billing_admin.embedded_database.configuration import MIB, command_line, write_configuration
from billing_admin.embedded_database.errors import LocalDatabaseError
from billing_admin.embedded_database.places import SERVING, USER, Place, make_folders, place_for
from billing_admin.embedded_database.readiness import Answer, ask

PATIENCE = 60.0  # seconds for a start or a stop
PATIENCE_IN_RECOVERY = 600.0  # a server that replays its log after a crash is at work, not stuck
PATIENCE_WITHOUT_SOCKET = 3.0  # then a "ready" server that answers nobody is taken to have lost its socket
PAUSE = 0.02
# What a start says while children of a server that was killed still hold its memory: they go within seconds.
HELD_BY_THE_DEAD = ("is still in use", "already exists")


def ensure_running(data_dir: Path, *, throw_away: bool = False) -> str:
    """Return the address of this data folder's server, which takes connections by then. Quick when it already did."""
    place = place_for(data_dir, throw_away=throw_away)
    if ask(place.socket) is not Answer.READY or not (throw_away or place.roles.exists()):
        make_folders(place)
        with _locked(place):
            _start_until_ready(place)
            if not throw_away:
                _make_roles(place)
    return place.url


def _make_roles(place: Place) -> None:
    """Make the role that serves, also where an earlier version made the database and knew of none."""
    if place.roles.exists():
        return
    import psycopg  # takes longer than all that a command which finds everything in place does here

    from billing_admin.db.roles import make_roles

    with psycopg.connect(place.url) as session:
        make_roles(session, owner=USER, serving=SERVING)
    place.roles.touch()
    if not place.account.is_ours:
        os.chown(place.roles, place.account.uid, place.account.gid)


def stop(data_dir: Path, *, throw_away: bool = False) -> bool:
    """Stop this data folder's server and end its sessions. False when none ran."""
    place = place_for(data_dir, throw_away=throw_away)
    if not place.lock.exists():
        return False
    with _locked(place):
        pid = _running(place)
        if pid is None:
            return False
        _stop(place, pid)
        return True


def revive(data_dir: Path) -> bool:
    """Start the server again if it died. One stopped in good order, which removes its process file, stays down.

    Costs a look at a file when all is well, so that a long-lived process can ask twice a second.
    """
    place = place_for(data_dir)
    if not _pid_lines(place) or _running(place) is not None:
        return False
    ensure_running(data_dir)
    return True


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    """One start or stop at a time. The lock goes with the process that holds it, however that ends."""
    try:
        handle = os.open(place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LocalDatabaseError(f"{place.lock} cannot be written: {error.strerror}.") from error
    try:
        if not place.account.is_ours:
            os.fchown(handle, place.account.uid, place.account.gid)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _start_until_ready(place: Place) -> None:
    begun = time.monotonic()
    silent_since: float | None = None
    started: int | None = None
    log_from = 0
    while (answer := ask(place.socket)) is not Answer.READY:
        waited = time.monotonic() - begun
        pid = _running(place) or (started if started and _exists(started) else None)
        if pid is None:
            if started is not None:
                _raise_unless_passing(place, _log_since(place, log_from), waited)
                time.sleep(0.1)
            log_from = _prepare_log(place)
            started = _launch(place)
        elif answer is Answer.SILENT and _status(place) == "ready":
            silent_since = silent_since or time.monotonic()
            if time.monotonic() - silent_since > PATIENCE_WITHOUT_SOCKET:
                _stop(place, pid)
                silent_since = started = None
        elif waited > PATIENCE_IN_RECOVERY:
            raise LocalDatabaseError(
                f"The database server in {place.folder} is not ready after {waited:.0f} seconds: "
                + reason(place, _log_since(place, log_from))
            )
        time.sleep(PAUSE)


def _launch(place: Place) -> int:
    """Start the server and return its process number. The shell in between lets it outlive us without a zombie."""
    binaries = find_binaries(place)
    if not (place.cluster / "PG_VERSION").exists():
        make_cluster(place, binaries)
    write_configuration(place, place.cluster)
    _forget_dead_pid(place)
    command = ["/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>>server.log & echo $!', "sh"]
    command += command_line(place, binaries.program("postgres"))
    try:
        shell = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=place.folder,
            env=environment(),
            start_new_session=True,
            check=True,
            text=True,
            **drop_to(place),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise cannot_run(place, command[-1], error) from error
    return int(shell.stdout)


def _raise_unless_passing(place: Place, log: str, waited: float) -> None:
    if waited < PATIENCE and any(words in log for words in HELD_BY_THE_DEAD):
        return
    raise LocalDatabaseError(f"The database server in {place.folder} did not start: {reason(place, log)}")


def _stop(place: Place, pid: int) -> None:
    """End the sessions and stop in good order; only a server that does not heed is told to drop everything."""
    for request, patience in ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, request)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise LocalDatabaseError(
                f"The database server in {place.folder} runs under another account: stop it as that account."
            ) from error
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if _running(place) != pid and not _exists(pid):
                return
            time.sleep(PAUSE)
    raise LocalDatabaseError(f"The database server in {place.folder} (process {pid}) does not stop.")


def _pid_lines(place: Place) -> list[str]:
    try:
        return (place.cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _status(place: Place) -> str:
    lines = _pid_lines(place)
    return lines[7].strip() if len(lines) > 7 else "starting"


def _running(place: Place) -> int | None:
    """The process number of this cluster's server, if a server it is: after a crash the number may be anybody's."""
    lines = _pid_lines(place)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _exists(pid) and _is_postgres(pid) else None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return True


def _forget_dead_pid(place: Place) -> None:
    """Remove a process file whose number now belongs to something else: PostgreSQL would take that for a server.

    Children of the dead server are still found out: PostgreSQL looks for its shared memory besides.
    """
    if _pid_lines(place) and _running(place) is None:
        (place.cluster / "postmaster.pid").unlink(missing_ok=True)


def _prepare_log(place: Place) -> int:
    """Keep the log small, and say where what the next start writes begins."""
    if not place.log.exists():
        return 0
    size = place.log.stat().st_size
    if place.throw_away or size > 5 * MIB:
        os.truncate(place.log, 0)
        return 0
    return size


def _log_since(place: Place, start: int) -> str:
    try:
        with place.log.open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace")
    except OSError:
        return ""
