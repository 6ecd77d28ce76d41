"""The backups that `manage.py daily` makes: one each time, of which the newest are kept."""

import fcntl
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from billing_admin.errors import BusinessError

from .dump import make_backup
from .manifest import Manifest, path_of, read_manifest

_NAME = "billing-%Y%m%dT%H%M%SZ.dump"
_OURS = re.compile(r"billing-\d{8}T\d{6}Z\.dump")
# So far the clocks of this machine and of the database may be apart here.
_APART = timedelta(hours=1)


def back_up() -> tuple[Path, Manifest, int]:
    """Make a backup in the folder of the settings, and only then remove what is older than the last few.

    Returns its path, its manifest, and how many there are now.

    Raises BusinessError; then all that were there are there still.
    """
    folder = Path(settings.BACKUP_DIR)
    if not folder.is_dir():
        raise BusinessError(f"{folder}, which BILLING_BACKUP_DIR names, is no folder. There is no backup.")
    path = folder / timezone.now().strftime(_NAME)
    manifest = make_backup(path)
    # The new one stays whatever the others are called: a clock that was ahead has named some after it.
    whole = [path, *(each for each in _files(folder) if each != path and path_of(each).exists())]
    for old in whole[settings.BACKUPS_KEPT :]:
        path_of(old).unlink(missing_ok=True)  # first, for without it the other is no backup
        old.unlink(missing_ok=True)
    for left in _files(folder):
        if left < path and not path_of(left).exists():  # of a process that was killed between the two names
            left.unlink(missing_ok=True)
    for part in folder.glob("billing-*.part"):
        _remove_if_nobody_writes(part)
    return path, manifest, min(len(whole), settings.BACKUPS_KEPT)


def last_backup() -> datetime | None:
    """When the newest whole backup of the folder of the settings was made; None where there is none.

    One that a clock which was ahead has dated into the future says nothing of today.
    """
    if settings.BACKUP_DIR:
        for path in _files(Path(settings.BACKUP_DIR)):
            with suppress(BusinessError):
                if (moment := read_manifest(path).moment) < timezone.now() + _APART:
                    return moment
    return None


def _files(folder: Path) -> list[Path]:
    """The backups by their names, newest first."""
    try:
        return sorted((each for each in folder.iterdir() if _OURS.fullmatch(each.name)), reverse=True)
    except OSError:
        return []


def _remove_if_nobody_writes(part: Path) -> None:
    with suppress(OSError), part.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()
