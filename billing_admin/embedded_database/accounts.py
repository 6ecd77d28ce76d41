"""Choose the operating system account that PostgreSQL runs under.

PostgreSQL refuses to run as root. A newcomer in a container is root all the same, so the server then runs under an
account that the machine already has. Nothing is added to the system's own files.
"""

import os
import pwd
import stat
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    name: str
    groups: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_ours(self) -> bool:
        """True when the server runs under the account of this very process: nothing is to be dropped or given away."""
        return self.uid == os.geteuid()


@cache
def known_account(uid: int) -> Account | None:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    groups = frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, groups)


def candidates(owner_uid: int) -> list[Account]:
    """Accounts to try, best first: ourselves, else (as root) whoever owns the project, then postgres, then nobody."""
    if os.geteuid() != 0:
        return [Account(os.geteuid(), os.getegid(), "this user", frozenset(os.getgroups()))]
    uids = [owner_uid]
    for name in ("postgres", "nobody"):
        try:
            uids.append(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    accounts = [known_account(uid) for uid in dict.fromkeys(uids) if uid != 0]
    return [account for account in accounts if account is not None]


def can_enter(account: Account, folder: Path) -> bool:
    """True when the account may pass through every folder on the way; those still to be made count as open."""
    for step in (folder, *folder.parents):
        try:
            found = step.stat()
        except FileNotFoundError:
            continue
        except OSError:
            return False
        if not _may(account, found, stat.S_IXUSR):
            return False
    return True


def can_read(account: Account, file: Path) -> bool:
    try:
        return can_enter(account, file.parent) and _may(account, file.stat(), stat.S_IRUSR)
    except OSError:
        return False


def _may(account: Account, found: os.stat_result, owner_bit: int) -> bool:
    if account.uid == 0:
        return True
    if found.st_uid == account.uid:
        return bool(found.st_mode & owner_bit)
    if found.st_gid == account.gid or found.st_gid in account.groups:
        return bool(found.st_mode & owner_bit >> 3)
    return bool(found.st_mode & owner_bit >> 6)
