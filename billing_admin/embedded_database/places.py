"""Where one embedded database lives: its files, its socket, its address.

Nothing here starts or makes anything: the settings ask for the address on every run of every command.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from billing_admin.embedded_database.accounts import Account, can_enter, candidates
from billing_admin.embedded_database.errors import LocalDatabaseError

DATABASE = USER = "billing"
SERVING = "billing_serving"
ROLES_VERSION = 1  # of what `db/roles.py` grants: a new one is granted at the next start
PORT = 5432  # names the socket file only: the server listens on no network address
SOCKET_FILE = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107  # bytes, a limit of the kernel's

# For root, when the project lies in a folder that no other account can enter (a home folder of mode 700).
STATE_FOLDER_OF_ROOT = Path("/var/lib/billing-admin")


@dataclass(frozen=True)
class Place:
    """One cluster on disk. A throw-away one belongs to a test run and gives up durability for speed."""

    folder: Path
    account: Account
    throw_away: bool = False

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def roles(self) -> Path:
        """There once this version has made the roles of the database."""
        return self.cluster / f"billing_admin.roles.{ROLES_VERSION}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def socket_folder(self) -> Path:
        near = self.folder / "socket"
        if len(os.fsencode(near / SOCKET_FILE)) <= LONGEST_SOCKET_PATH:
            return near
        return Path("/tmp") / f"billing-admin-{self.account.uid}-{_key(self.folder)}"  # noqa: S108 (made with mode 700)

    @property
    def socket(self) -> Path:
        return self.socket_folder / SOCKET_FILE

    @property
    def url(self) -> str:
        """The address for the role that owns the database."""
        return self._url(USER)

    @property
    def serving_url(self) -> str:
        """The address for the role that serves."""
        return self._url(SERVING)

    def _url(self, role: str) -> str:
        # The folder goes in the query because a host name loses its capital letters when a URL is parsed.
        return f"postgresql://{role}@:{PORT}/{DATABASE}?host={quote(str(self.socket_folder), safe='/')}"


def place_for(data_dir: Path, *, throw_away: bool = False) -> Place:
    """The place of the database of this data folder, whether or not it exists yet. The answer stays the same."""
    data_dir = data_dir.resolve()
    name = "throw-away-postgres" if throw_away else "postgres"
    accounts = candidates(_owner(data_dir.parent))
    if not accounts:
        raise LocalDatabaseError(
            "PostgreSQL refuses to run as root and this machine has neither an account 'postgres' nor 'nobody': "
            "run as an ordinary user, or set DATABASE_URL."
        )
    for account in accounts:
        if account.is_ours or can_enter(account, data_dir):
            return Place(data_dir / name, account, throw_away)
    state = Path(tempfile.gettempdir()) if throw_away else STATE_FOLDER_OF_ROOT
    prefix = "billing-admin-test-" if throw_away else ""
    return Place(state / f"{prefix}{_key(data_dir)}", accounts[0], throw_away)


def _owner(folder: Path) -> int:
    for step in (folder, *folder.parents):
        try:
            return step.stat().st_uid
        except OSError:
            continue
    return 0


def _key(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def make_folders(place: Place) -> None:
    """Make the folders of the place, owned by the server's account and closed to everybody else."""
    try:
        _make_passable(place.folder.parent)
        for folder in (place.folder, place.socket_folder):
            _make_private(folder, place.account)
    except PermissionError as error:
        raise LocalDatabaseError(
            f"The database folder {place.folder} cannot be written by this user ({error.strerror}): "
            "use the account that made it, or set BILLING_DATA_DIR to another folder."
        ) from error


def _make_passable(folder: Path) -> None:
    """Make the data folder such that the server's account can walk through it, whatever the umask says."""
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(exist_ok=True)
        step.chmod(0o755)


def _make_private(folder: Path, account: Account) -> None:
    try:
        folder.mkdir(mode=0o700)
        if not account.is_ours:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not account.is_ours and stat.S_ISDIR(found.st_mode) and found.st_uid == 0:
        # A run that was killed between making the folder and giving it away.
        os.chown(folder, account.uid, account.gid)
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise LocalDatabaseError(
            f"The folder {folder} belongs to another account than the database server ({account.name}): "
            "run as that account, or remove the folder."
        )
    if found.st_mode & 0o077:
        folder.chmod(0o700)
