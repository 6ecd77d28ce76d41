"""The queue workers that `manage.py serve` keeps: started with it, started again when they die, ended with it."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time

from django.conf import settings

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_END = 10
# A worker that dies at once is not started again at once.
SECONDS_OF_PAUSE = 5

logger = logging.getLogger("billing_admin.processes")


def end_as_replaced(sentence: str) -> None:
    """End this process at once, as if it were dead: it is taken for that, and others are at what it was at."""
    logger.error(sentence)
    os._exit(1)


class QueueWorkers:
    """So many worker processes, watched by a thread."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.processes: list[subprocess.Popen[bytes]] = []
        self.leaving: list[subprocess.Popen[bytes]] = []
        self.changing = threading.Lock()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._watch, name="queue-workers", daemon=True)

    def start(self) -> None:
        """Start them, and watch them from now on."""
        self.processes = [_start() for _ in range(self.count)]
        self.thread.start()

    def reload(self) -> None:
        """Let new ones take over; the old ones finish what they are at, however long it takes."""
        with self.changing:
            for process in self.processes:
                process.send_signal(signal.SIGTERM)
            self.leaving = [process for process in (*self.leaving, *self.processes) if process.poll() is None]
            self.processes = [_start() for _ in range(self.count)]

    def stop(self) -> None:
        """End them: what they are at is finished if that takes no longer than a moment, and done again later if not."""
        self.stopped.set()
        if self.thread.ident:
            self.thread.join()
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        for process in (*self.processes, *self.leaving):
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _watch(self) -> None:
        while not self.stopped.wait(SECONDS_BETWEEN_LOOKS):
            with self.changing:
                self.leaving = [process for process in self.leaving if process.poll() is None]
                died = [place for place, process in enumerate(self.processes) if process.poll() is not None]
                for place in died:
                    logger.error("A queue worker had died and is started again.")
                    self.processes[place] = _start()
            if died:
                self.stopped.wait(SECONDS_OF_PAUSE)


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "django", "work", "--parent", str(os.getpid())],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C is for the server, which then ends its workers
    )


def end_with(parent: int) -> None:
    """End this process when the one that started it is gone, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_END)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-server", daemon=True).start()
