"""Writing a backup: pg_dump's file and its manifest, both of one moment of the database.

Under its name the file appears whole, and then its manifest; whatever ends it before leaves a `.part` at most, which
the next one to the same name takes over.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import IsolationLevel

from billing_admin.embedded_database.binaries import Binaries
from billing_admin.errors import BusinessError

from .figures import figures_of
from .manifest import Manifest, path_of, program_version, sha256_of
from .programs import address, end, environment, major_of, programs_for, said_by, session_on

_MIB = 1024 * 1024
# Packed and without its indexes a database takes about so much less.
_PACKED = 8
# Nothing is written through a link that somebody else put there.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
# Other limits would end the session whose snapshot pg_dump reads by.
_NO_LIMITS = """
    SELECT set_config(name, '0', true), pg_export_snapshot(), pg_database_size(current_database()), now()
    FROM pg_settings WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
"""


def make_backup(path: Path) -> Manifest:
    """Write a backup of the whole database to this path, and its manifest beside it.

    It is of the moment at which it begins; nobody waits for it, and it waits for nobody but migrations.

    Raises BusinessError; there is no file of that name then.
    """
    path = path.absolute()
    part = path.with_name(f"{path.name}.part")
    try:
        with _held(part) as descriptor:
            for taken in (path, path_of(path)):
                if taken.exists():
                    raise BusinessError(f"{taken} is there already. Nothing was written.")
            manifest = _write(part, descriptor)
            _publish(manifest, part, path)
    except OSError as error:
        raise BusinessError(f"{error.filename or path}: {error.strerror}. There is no backup.") from error
    except psycopg.Error as error:
        raise BusinessError(f"The database refused it: {str(error).strip()} There is no backup.") from error
    return manifest


@contextmanager
def _held(part: Path) -> Iterator[int]:
    """Keep the file that is being written for this process and the program that writes it; a failure leaves none."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusinessError(f"{part} is being written at this moment. Nothing was done.") from None
        try:
            yield descriptor
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    finally:
        os.close(descriptor)


def _write(part: Path, descriptor: int) -> Manifest:
    with session_on(address(settings.DATABASE_DIRECT_URL), "be backed up") as session:
        programs = programs_for(session, "pg_dump")
        session.isolation_level, session.read_only = IsolationLevel.REPEATABLE_READ, True
        _, snapshot, size, now = session.execute(_NO_LIMITS).fetchone() or ("", "", 0, datetime.now(UTC))
        if (free := shutil.disk_usage(part.parent).free) < size // _PACKED:
            raise BusinessError(
                f"The backup may take {size // _PACKED // _MIB:,} MB, and the disk of {part.parent} has only "
                f"{free // _MIB:,} MB left. Nothing was written."
            )
        with tempfile.TemporaryFile() as said:
            dumping = _start(programs, snapshot, part, descriptor, address(settings.DATABASE_DIRECT_URL), said.fileno())
            try:
                figures = figures_of(session)
                code = dumping.wait()
            finally:
                end(dumping)
            said.seek(0)
            if code != 0:
                words = said_by("pg_dump", said.read().decode(errors="replace"))
                raise BusinessError(f"{words} There is no backup.")
        major = major_of(session)
    os.fsync(descriptor)
    return Manifest(
        made_at=now.astimezone(UTC).isoformat(), version=program_version(), postgresql=major,
        bytes=part.stat().st_size, sha256=sha256_of(part), database_bytes=size, figures=figures,
    )  # fmt: skip


def _start(
    programs: Binaries, snapshot: str, part: Path, descriptor: int, of: dict[str, str], said: int
) -> "subprocess.Popen[bytes]":
    """Begin to write. The program holds the file's lock too: one that outlives us is not written over."""
    return subprocess.Popen(
        [programs.program("pg_dump"), "--format=custom", "--no-owner", "--no-acl", "--no-password",
         f"--snapshot={snapshot}", f"--file={part}"],
        env=environment(of), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, pass_fds=(descriptor,),
    )  # fmt: skip


def _publish(manifest: Manifest, part: Path, path: Path) -> None:
    """Give both their names, the manifest last, and see to it that a loss of power takes neither back."""
    draft = path_of(path).with_name(f"{path_of(path).name}.part")
    try:
        with os.fdopen(os.open(draft, _NEW, 0o600), "w", encoding="utf-8") as file:
            file.write(manifest.text())
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        draft.rename(path_of(path))
    except BaseException:
        for left in (draft, path):
            with suppress(OSError):
                left.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
