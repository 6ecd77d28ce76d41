"""Progress of a long command: a bar with its rate on a terminal, a line now and then anywhere else."""

import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from billing_admin.text import time_left

SECONDS_BETWEEN_LINES = 5.0


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


class StagedProgress:
    """One bar for each thing that is done. Call it with what is being done, how much is done, and how much there is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, float] = {}
        self._begun: dict[str, tuple[float, int]] = {}
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), _Rate(),
            TimeRemainingColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bars.stop()

    def __call__(self, doing: str, done: int, total: int) -> None:
        if not self._console.is_terminal:
            self._say(doing, done, total)
            return
        if doing not in self._tasks:
            self._tasks[doing] = self._bars.add_task(doing, total=total or None)
        self._bars.update(self._tasks[doing], completed=done, total=total or None)

    def _say(self, doing: str, done: int, total: int) -> None:
        """A line every few seconds; what is over sooner needs none."""
        now = time.monotonic()
        begun, before = self._begun.setdefault(doing, (now, done))
        if now - self._said.setdefault(doing, now) < SECONDS_BETWEEN_LINES:
            return
        self._said[doing] = now
        left = time_left(now - begun, done - before, total - before)
        told = f"{doing}: {done / total:.0%}" + (f", {left}" if left else "")
        self._console.print(told if total else f"{doing} …", soft_wrap=True)
