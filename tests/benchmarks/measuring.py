"""What a benchmark measures, and how it is told."""

import os
import platform
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection

# Settings of the server that decide how fast it is.
_SETTINGS = ("server_version", "shared_buffers", "work_mem", "maintenance_work_mem", "max_wal_size", "fsync",
             "synchronous_commit", "jit", "random_page_cost")  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One line of the table: what was done to how many rows, the product's seconds and those of the floor."""

    what: str
    size: int
    product: float
    floor: float
    floor_is: str

    @property
    def ratio(self) -> float:
        """How many times as long as the floor the product took."""
        return self.product / self.floor


def seconds(act: Callable[[], object]) -> float:
    """How long it takes, once."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def best_of(times: int, act: Callable[[], object]) -> float:
    """The shortest of some tries: for what can be done again and changes nothing."""
    return min(seconds(act) for _ in range(times))


def execute(sql: str, parameters: object = None) -> None:
    """Run bare SQL."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def empty_database() -> None:
    """Make the database anew, with nothing but the starting data."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)


def memory() -> float:
    """The most that this process has had in memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def stage(words: str) -> Iterator[None]:
    """Say what is going on, and how long it took."""
    print(f"{words} …", end=" ", flush=True)
    begun = time.perf_counter()
    yield
    print(f"{time.perf_counter() - begun:.1f} s", flush=True)


def table(lines: list[Measured]) -> str:
    """The figures, a line each."""
    rows: list[tuple[str, ...]] = [("what", "rows", "product", "floor", "ratio", "the floor is")]
    rows += [
        (line.what, f"{line.size:,}", _time(line.product), _time(line.floor), f"{line.ratio:.2f}", line.floor_is)
        for line in lines
    ]
    return lay_out(rows, left={0, 5})


def lay_out(rows: list[tuple[str, ...]], left: set[int]) -> str:
    """The cells below each other; to the right but for the columns named in `left`."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _time(length: float) -> str:
    return f"{length * 1000:.1f} ms" if length < 1 else f"{length:.2f} s"


def machine() -> str:
    """The machine and the server's settings."""
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}"
    told = [f"{cores}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"]
    with connection.cursor() as cursor:
        for name in _SETTINGS:
            cursor.execute(f"SHOW {name}")
            told.append(f"{name} {cursor.fetchone()[0]}")
    return "; ".join(told)
