"""How much CPU a process and all that came from it have used."""

import os
from collections import defaultdict
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# Places in /proc/PID/stat, counted behind the name: the parent, and what it and its children that ended have used.
_PARENT, _USED = 1, slice(11, 15)


def cpu_of(process: int) -> float:
    """Seconds of CPU of this process, of those that it started, and of those of them that it saw end."""
    used, children = {}, defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended between two looks
        used[int(folder.name)] = sum(map(int, found[_USED]))
        children[int(found[_PARENT])].append(int(folder.name))
    waiting, total = [process], 0
    while waiting:
        one = waiting.pop()
        total += used.get(one, 0)
        waiting += children[one]
    return total / _TICKS


def parent_of(process: int) -> int:
    """The process that started it."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[_PARENT])
