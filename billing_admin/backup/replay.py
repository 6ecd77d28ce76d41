"""Reading a backup back into an empty database: in one transaction, all of it or nothing."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from billing_admin.embedded_database.binaries import Binaries
from billing_admin.errors import BusinessError

from .programs import end, environment, said_by

# What an extension is described by belongs to it, and may be written by its owner alone.
_LEFT_OUT = " COMMENT - EXTENSION "
_ANYTHING = """
    SELECT EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend
                          WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        UNION ALL SELECT FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend
                          WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'))
"""


def require_empty(session: psycopg.Connection) -> None:
    """Refuse a database that holds anything: what is restored is never mixed with what is there."""
    (is_there,) = session.execute(_ANYTHING).fetchone() or (True,)
    if is_there:
        raise BusinessError(
            f"The database {session.info.dbname} is not empty; a backup is restored into an empty one alone. Nothing "
            "was changed."
        )


def replay(backup: Path, of: dict[str, str], programs: Binaries, finally_: Sequence[str] = ()) -> None:
    """Read a backup into this database, and do these statements last in the same transaction.

    Nobody sees any of it before all is committed, so that no worker takes up what is to be stopped. The end of the
    input commits nothing: COMMIT is written where all before it was.

    Raises BusinessError; nothing was changed then.
    """
    backup = backup.absolute()  # else a name that begins with “-” is taken for an option
    with (
        tempfile.NamedTemporaryFile("w", suffix=".list") as parts,
        tempfile.TemporaryFile() as read,
        tempfile.TemporaryFile() as applied,
    ):
        parts.write(_parts(backup, programs))
        parts.flush()
        reading = subprocess.Popen(
            [programs.program("pg_restore"), "--file=-", "--no-owner", "--no-acl", f"--use-list={parts.name}", backup],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=read,
        )  # fmt: skip
        applying = subprocess.Popen(
            [programs.program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null",
             # Its errors name no rows: those are clients'.
             "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--set=SHOW_CONTEXT=never", "--file=-"],
            env=environment(of), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=applied,
        )  # fmt: skip
        try:
            codes = _pass_on(reading, applying, finally_)
        finally:
            end(reading)
            end(applying)
        for program, code, file in (("psql", codes[1], applied), ("pg_restore", codes[0], read)):
            if code != 0:
                file.seek(0)
                words = said_by(program, file.read().decode(errors="replace"))
                raise BusinessError(f"{words} Nothing was changed.")


def _parts(backup: Path, programs: Binaries) -> str:
    """What of the backup is restored, as pg_restore lists it."""
    listed = subprocess.run([programs.program("pg_restore"), "--list", backup], capture_output=True, text=True)
    if listed.returncode != 0:
        raise BusinessError(f"{said_by('pg_restore', listed.stderr)} Nothing was changed.")
    return "".join(f"{line}\n" for line in listed.stdout.splitlines() if _LEFT_OUT not in line)


def _pass_on(
    reading: "subprocess.Popen[bytes]", applying: "subprocess.Popen[bytes]", finally_: Sequence[str]
) -> tuple[int, int]:
    """Let one write what the other reads; returns the exit codes of both."""
    if reading.stdout is None or applying.stdin is None:
        raise ValueError("Both are to be joined by pipes.")
    with reading.stdout as source:
        try:
            with applying.stdin as target:
                target.write(b"BEGIN;\n")
                shutil.copyfileobj(source, target, 1024 * 1024)
                if reading.wait() == 0:
                    target.write("".join(f"{each};\n" for each in (*finally_, "COMMIT")).encode())
        except BrokenPipeError:  # psql has ended, and says why
            return 0, applying.wait() or 1
    return reading.wait(), applying.wait()
