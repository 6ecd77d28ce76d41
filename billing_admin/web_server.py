"""Granian as `manage.py serve` runs it. Its web workers load this module, so that it loads nothing of ours."""

import os
import signal
import socket
import threading
import time
from _thread import start_new_thread
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
# One that ends so soon after the one before it in its place would go on doing so.
SECONDS_OF_A_CRASH_LOOP = 5.5


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
        os.kill(worker.inner.pid, signal.SIGCONT)  # one that was stopped would keep people waiting


class WebServer(MPServer):
    """Granian, which ends no web worker at work before the one that takes its place has loaded, or if it does not."""

    def __init__(self, *args: Any, queue: QueueWorkers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wrks: list[Any] = []
        self.loaded = threading.Semaphore(0)
        self.leaving: list[threading.Thread] = []
        self.queue = queue

    def _init_shared_socket(self) -> None:
        self._shd: Any = SharedSocket(self.bind_addr, self.bind_port, self.backlog)
        self._ssp = self._sso = None

    # A signal comes in the middle of whatever the main thread does. Where that holds the lock within an event, to set
    # the event there and then would wait for ever.

    def signal_handler_interrupt(self, *signal: Any, **options: Any) -> None:
        self.interrupt_signal = True
        start_new_thread(self.main_loop_interrupt.set, ())

    def signal_handler_reload(self, *signal: Any, **options: Any) -> None:
        self.reload_signal = True
        start_new_thread(self.main_loop_interrupt.set, ())

    def one_has_loaded(self, *signal: Any) -> None:
        """Be told by a web worker that it has loaded."""
        start_new_thread(self.loaded.release, ())

    def _serve_loop(self, *how: Any) -> None:
        """Do what is to be done whenever something happens; what happens meanwhile is looked at next."""
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            for place, worker in enumerate(list(self.wrks)):
                if worker.is_alive() or self.interrupt_signal:
                    continue
                last, now = self.respawned_wrks.get(place, -SECONDS_OF_A_CRASH_LOOP), time.monotonic()
                if now - last < SECONDS_OF_A_CRASH_LOOP:
                    logger.error("A web worker ended twice within %d seconds: the server ends.", now - last + 1)
                    return
                self.respawned_wrks[place] = now
                self._replace(place, *how)
            self.interrupt_children.clear()
            if self.reload_signal and not self.interrupt_signal:
                self._reload(*how)

    def _reload(self, *how: Any) -> None:
        self.reload_signal = False
        for place in range(len(self.wrks)):
            if not self._replace(place, *how):
                if not self.interrupt_signal:
                    logger.error("The program does not load as it is now. What was loaded before goes on.")
                return
        self.queue.reload()

    def _replace(self, place: int, *how: Any) -> bool:
        """Let another take this place: of one at work once it has loaded, which it may not do."""
        while self.loaded.acquire(blocking=False):
            pass  # what loaded before
        old = self.wrks[place]
        new: Any = self._spawn_worker(place, *how)
        new.start()
        if old.is_alive() and not self._loads(new):
            new.kill()
            return False
        self.wrks[place] = new
        if old.is_alive():
            time.sleep(SECONDS_TO_LISTEN)
            self.leaving = [thread for thread in self.leaving if thread.is_alive()]
            self.leaving.append(threading.Thread(target=self._end, args=(old,)))
            self.leaving[-1].start()
        return True

    def _loads(self, worker: Any) -> bool:
        given_up = time.monotonic() + SECONDS_TO_LOAD
        while not self.loaded.acquire(timeout=SECONDS_BETWEEN_LOOKS / 5):
            if not worker.is_alive() or self.interrupt_signal or time.monotonic() > given_up:
                return False
        return True

    def _end(self, worker: Any) -> None:
        """Let a web worker finish what is at hand. Nobody waits for it but a server that ends."""
        _mute(worker)
        time.sleep(SECONDS_TO_HEAR + SECONDS_TO_READ)
        worker.terminate()
        worker.join(self.workers_kill_timeout)
        if worker.is_alive():
            worker.kill()

    def _stop_workers(self) -> None:
        """Refuse at once whoever comes from now on, so that a proxy asks another server, and finish what is at hand."""
        for worker in self.wrks:
            _mute(worker)
        time.sleep(SECONDS_TO_HEAR)
        _take_nobody_more(self._shd.holder.get_fd())  # the last who had the socket that all had in common: it is gone
        time.sleep(SECONDS_TO_READ)
        super()._stop_workers()  # type: ignore[no-untyped-call]
        for thread in self.leaving:
            thread.join()
