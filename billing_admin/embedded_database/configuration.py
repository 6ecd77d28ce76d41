"""What the server is told: the sizes that this machine bears, and durability only where data is kept."""

import os
from pathlib import Path

from billing_admin.embedded_database.places import PORT, Place

MIB = 1024 * 1024
CONFIGURATION_FILE = "billing_admin.conf"
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory() -> int:
    """Bytes of memory that this machine, or the container around us, has."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for limit in CGROUP_LIMITS:
        try:
            total = min(total, int(limit.read_text()))
        except (OSError, ValueError):
            continue
    return total


def settings(place: Place) -> dict[str, str]:
    have = memory()
    shared = max(64 * MIB, min(1024 * MIB, have // 4))
    values = {
        "max_connections": "100",
        "shared_buffers": f"{(min(shared, 128 * MIB) if place.throw_away else shared) // MIB}MB",
        "effective_cache_size": f"{have // 2 // MIB}MB",
        "work_mem": "16MB" if have > 2048 * MIB else "4MB",
        "maintenance_work_mem": f"{min(256 * MIB, have // 16) // MIB}MB",
        "max_wal_size": "2GB",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        "log_checkpoints": "off",
        # Whose statement failed is told, and logs it: here it would stand with all that was typed into it.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_line_prefix": "'%m [%p] '",
    }
    if not _roomy(Path("/dev/shm")):  # noqa: S108 (looked at, not written)
        # A container's 64 MB there break parallel queries in the middle.
        values["dynamic_shared_memory_type"] = "sysv"
    if place.throw_away:
        values |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "checkpoint_timeout": "30min",
            # A table whose rows a test took back looks empty for good to it, and the next plan is quadratic.
            "autovacuum": "off",
        }
    return values


def _roomy(folder: Path) -> bool:
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= 512 * MIB


def write_configuration(place: Place, cluster: Path) -> None:
    """Write our own file, which postgresql.conf includes: `ALTER SYSTEM` still has the last word."""
    lines = [f"{name} = {value}\n" for name, value in settings(place).items()]
    text = "# Written anew at every start. To change a setting, use ALTER SYSTEM.\n" + "".join(lines)
    file = cluster / CONFIGURATION_FILE
    if not file.exists() or file.read_text() != text:
        draft = cluster / f"{CONFIGURATION_FILE}.new"
        draft.write_text(text)
        if not place.account.is_ours:
            os.chown(draft, place.account.uid, place.account.gid)
        draft.replace(file)


def command_line(place: Place, postgres: str) -> list[str]:
    """How the server is started: on its socket alone. What must not be overruled is said here, not in a file."""
    quoted = str(place.socket_folder).replace('"', '""')
    return [
        postgres,
        *("-D", str(place.cluster), "-p", str(PORT)),
        *("-c", "listen_addresses="),
        *("-c", f'unix_socket_directories="{quoted}"'),
        *("-c", "unix_socket_permissions=0700"),
    ]
