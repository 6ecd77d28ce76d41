"""Granian as `manage.py serve` runs it. Its web workers load this module, so that it loads nothing of ours."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server import MPServer

from billing_admin.jobs.processes import QueueWorkers, logger

SECONDS_BETWEEN_LOOKS = 0.5
# What a web worker gets to load before the one that it replaces is ended, and then to begin to take requests.
SECONDS_TO_LOAD = 120
SECONDS_TO_LISTEN = 0.5
# What a web worker gets to hear that it is to take nobody more, and then a connection that it took at the last moment
# until its request is read: one that has none yet is closed.
SECONDS_TO_HEAR = 0.2
SECONDS_TO_READ = 1


class DidNotLoad(Exception):
    """A web worker that was to take the place of one at work ended, or was ended, before it had loaded the program."""


class SharedSocket:
    """The listening socket that all web workers inherit.

    On Linux granian would give each a socket of its own, and who waits at one is refused when its worker ends. Whoever
    waits at this one is answered by another.
    """

    def __init__(self, host: str, port: int, backlog: int) -> None:
        self.backlog = backlog
        self.holder = SocketSpec(host, port, backlog).build()

    def __reduce__(self) -> tuple[Any, ...]:
        return _inherited, (DupFd(self.holder.get_fd()), self.backlog)


def _inherited(descriptor: Any, backlog: int) -> SocketHolder:
    listening = descriptor.detach()
    signal.signal(signal.SIGUSR1, lambda *signal: _take_nobody_more(listening))
    return SocketHolder(listening, False, backlog)  # type: ignore[call-arg]


def _take_nobody_more(listening: int) -> None:
    """Put a socket at which nobody comes in the place of the one that this process has in common with others."""
    nobody = socket.create_server(("127.0.0.1", 0))
    nobody.setblocking(False)
    descriptors = Path("/proc/self/fd")
    shared = (descriptors / str(listening)).readlink()
    for each in list(descriptors.iterdir()):
        with suppress(OSError):  # the one by which this folder was read
            if each.readlink() == shared:
                os.dup2(nobody.fileno(), int(each.name))


def _mute(worker: Any) -> None:
    worker.interrupt_by_parent = True  # one that has not begun to listen ends by it
    if worker.is_alive():
        os.kill(worker.inner.pid, signal.SIGUSR1)


class WebServer(MPServer):
    """Granian, which ends no web worker at work before the one that takes its place has loaded, or if it does not."""

    def __init__(self, *args: Any, queue: QueueWorkers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loaded = threading.Semaphore(0)
        self.replaces_one_at_work = False
        self.queue = queue

    def _init_shared_socket(self) -> None:
        self._shd: Any = SharedSocket(self.bind_addr, self.bind_port, self.backlog)
        self._ssp = self._sso = None

    def _stop_workers(self) -> None:
        """Refuse at once whoever comes from now on, so that a proxy asks another server, and finish what is at hand."""
        for worker in self.wrks:
            _mute(worker)
        time.sleep(SECONDS_TO_HEAR)
        _take_nobody_more(self._shd.holder.get_fd())  # the last who had the socket that all had in common: it is gone
        time.sleep(SECONDS_TO_READ)
        super()._stop_workers()  # type: ignore[no-untyped-call]

    def one_has_loaded(self, *signal: Any) -> None:
        """Be told by a web worker that it has loaded."""
        self.loaded.release()

    def _reload(self, *args: Any) -> None:
        try:
            super()._reload(*args)  # type: ignore[no-untyped-call]
        except DidNotLoad:
            logger.error("The program does not load as it is now. What was loaded before goes on.")
        else:
            self.queue.reload()

    def _respawn_workers(self, workers: Any, *args: Any, **kwargs: Any) -> None:
        for place in workers:
            while self.loaded.acquire(blocking=False):
                pass  # what loaded before
            old = self.wrks[place]
            self.replaces_one_at_work = old.is_alive()
            try:
                super()._respawn_workers([place], *args, **kwargs)
            except DidNotLoad:
                self.wrks.insert(place, old)
                raise
            finally:
                self.replaces_one_at_work = False

    def _spawn_worker(self, *args: Any, **kwargs: Any) -> Any:
        worker: Any = super()._spawn_worker(*args, **kwargs)
        terminate = worker.terminate
        vars(worker)["terminate"] = lambda: self._end_replaced(worker, terminate)
        if self.replaces_one_at_work:
            start = worker.start
            vars(worker)["start"] = lambda: self._load(worker, start)
        return worker

    def _end_replaced(self, worker: Any, terminate: Callable[[], None]) -> None:
        if not self.interrupt_signal:
            _mute(worker)
            time.sleep(SECONDS_TO_HEAR + SECONDS_TO_READ)
        terminate()

    def _load(self, worker: Any, start: Callable[[], None]) -> None:
        worker.interrupt_by_parent = True  # nobody is to take its place if it ends
        start()
        given_up = time.monotonic() + SECONDS_TO_LOAD
        while not self.loaded.acquire(timeout=SECONDS_BETWEEN_LOOKS / 5):
            if not worker.is_alive() or self.interrupt_signal or time.monotonic() > given_up:
                worker.kill()
                worker.join()
                raise DidNotLoad
        worker.interrupt_by_parent = False
