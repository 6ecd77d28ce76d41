"""What stands beside a backup: what it is of, what it holds, and by what it is told to be whole.

It is written last: a backup without one is none. Every byte of it counts, and a mark made with the secret key says that
this installation wrote it.
"""

import hashlib
import hmac
import json
import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from billing_admin.errors import BusinessError

from .figures import Figures

_FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`bytes` and `sha256` are the file's; `database_bytes` is what the database took on disk."""

    made_at: str
    version: str
    postgresql: int
    bytes: int
    sha256: str
    database_bytes: int
    figures: Figures
    # Whether the mark was made with a secret key that is known here.
    is_ours: bool = True

    @property
    def moment(self) -> datetime:
        """When the database was as the backup has it."""
        return datetime.fromisoformat(self.made_at)

    @property
    def when(self) -> str:
        """The same in words."""
        return f"{self.moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC"

    def text(self) -> str:
        """As it is written down."""
        said: dict[str, Any] = {"format": _FORMAT, **asdict(self)}
        del said["is_ours"]
        check = hashlib.sha256(_written(said).encode()).hexdigest()
        return _written(said | {"check": check, "mark": _mark(check, settings.SECRET_KEY)})


def path_of(backup: Path) -> Path:
    """Where the manifest of a backup stands."""
    return backup.with_name(f"{backup.name}.json")


def program_version() -> str:
    """The version of this program."""
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


def read_manifest(backup: Path) -> Manifest:
    """The manifest of a backup, looked at by itself alone.

    Raises BusinessError where there is none, or one that is not as it was written.
    """
    path = path_of(backup)
    try:
        text = path.read_text(encoding="utf-8")
        said = json.loads(text)
        check, mark = said.pop("check"), said.pop("mark")
        if said.pop("format") != _FORMAT or not isinstance(mark, str):
            raise ValueError
        figures = Figures(**said.pop("figures"))
        known = [key for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if _is_mark(mark, check, key)]
        found = Manifest(**said, figures=figures, is_ours=bool(known))
        whole = {"format": _FORMAT, **said, "figures": asdict(figures)}
        is_as_written = text == _written(whole | {"check": check, "mark": mark})
        if not is_as_written or check != hashlib.sha256(_written(whole).encode()).hexdigest():
            raise ValueError
    except FileNotFoundError as error:
        raise BusinessError(
            f"{path} is not there: without its manifest a backup is not known to be whole. Nothing was done."
        ) from error
    except OSError as error:
        raise BusinessError(f"{path} cannot be read: {error.strerror}. Nothing was done.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BusinessError(f"{path} is not as it was written; it was altered or damaged. Nothing was done.") from error
    return found


def require_whole(backup: Path, manifest: Manifest) -> None:
    """Refuse a backup that is not, byte for byte, what its manifest is of."""
    try:
        size = backup.stat().st_size
        sha256 = sha256_of(backup) if size == manifest.bytes else ""
    except OSError as error:
        raise BusinessError(f"{backup} cannot be read: {error.strerror}. Nothing was done.") from error
    if size != manifest.bytes:
        raise BusinessError(f"{backup} has {size:,} bytes, its manifest says {manifest.bytes:,}. Nothing was done.")
    if sha256 != manifest.sha256:
        raise BusinessError(f"{backup} is not as it was written: its SHA-256 is not its manifest’s. Nothing was done.")


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _mark(check: str, key: str) -> str:
    return salted_hmac("billing_admin.backup", check, secret=key, algorithm="sha256").hexdigest()


def _is_mark(mark: str, check: str, key: str) -> bool:
    return hmac.compare_digest(mark, _mark(check, key))
