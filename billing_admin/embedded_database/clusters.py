"""Make the files of a new database, wholly or not at all."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from billing_admin.embedded_database.binaries import Binaries
from billing_admin.embedded_database.configuration import CONFIGURATION_FILE, MIB
from billing_admin.embedded_database.errors import LocalDatabaseError
from billing_admin.embedded_database.places import DATABASE, USER, Place

NEEDED = 300 * MIB
BUILTIN_LOCALES_SINCE = 17


def make_cluster(place: Place, binaries: Binaries) -> None:
    """Create the cluster and the project's database under another name, then rename: an interrupted run leaves none."""
    free = shutil.disk_usage(place.folder).free
    if free < NEEDED:
        raise LocalDatabaseError(
            f"A new database needs {NEEDED // MIB} MB, but the disk of {place.folder} has only {free // MIB} MB left: "
            "free some space, or set BILLING_DATA_DIR to a folder on another disk."
        )
    draft = place.folder / "cluster.new"
    initdb = [
        binaries.program("initdb"),
        *("-D", str(draft), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
        *(["--no-sync"] if place.throw_away else []),
    ]
    for locale in _locales(binaries):
        shutil.rmtree(draft, ignore_errors=True)
        made = as_account(place, [*initdb, *locale])
        if made.returncode == 0:
            break
    else:
        raise LocalDatabaseError(f"A new database could not be made in {place.folder}: {reason(place, made.stderr)}")
    with (draft / "postgresql.conf").open("a") as file:
        file.write(f"\ninclude_if_exists = '{CONFIGURATION_FILE}'\n")
    # A server of a single session, so that the database exists before anybody can connect and miss it.
    single = [binaries.program("postgres"), "--single", "-D", str(draft), "-c", "listen_addresses=", "postgres"]
    made = as_account(place, single, f'CREATE DATABASE "{DATABASE}"\n')
    if made.returncode != 0:
        raise LocalDatabaseError(f"A new database could not be made in {place.folder}: {reason(place, made.stderr)}")
    draft.rename(place.cluster)
    if not place.throw_away:
        _sync(place.folder)


def _locales(binaries: Binaries) -> list[list[str]]:
    """Locale flags to try in turn. The same order of letters on every machine, whatever its environment says."""
    if binaries.major >= BUILTIN_LOCALES_SINCE:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        # With the character classes of plain C, trigrams of accented and Arabic names would be empty.
        return [[*builtin, "--lc-ctype=C.UTF-8"], builtin]
    return [["--locale=C.UTF-8"], ["--locale=C"]]


def as_account(place: Place, command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            cwd=place.folder,
            env=environment(),
            **drop_to(place),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise cannot_run(place, command[0], error) from error


def drop_to(place: Place) -> dict[str, Any]:
    if place.account.is_ours:
        return {}
    return {"user": place.account.uid, "group": place.account.gid, "extra_groups": sorted(place.account.groups)}


def cannot_run(place: Place, program: str, error: Exception) -> LocalDatabaseError:
    return LocalDatabaseError(f"{program} cannot be run as {place.account.name}: {error}")


def environment() -> dict[str, str]:
    """Ours without the PG* variables, by which a user may have pointed other tools at another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_MESSAGES": "C"}


def reason(place: Place, text: str) -> str:
    """The sentence for what PostgreSQL wrote: a full disk by its name, else its own last words."""
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return f"the disk of {place.folder} is full. Free some space and run the command again."
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return "\n".join(lines[-8:]) or "the server said nothing."


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
