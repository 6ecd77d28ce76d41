"""The application as `manage.py serve` runs it, in web workers that end when the server above them is killed.

Without this they would go on holding the port, and the next start would find it taken.
"""

import gc
import os
import signal
import threading
import time

from django.urls import get_resolver

from billing_admin.web.bodies import with_whole_bodies
from billing_admin.wsgi import application as of_any_server

__all__ = ["application"]

SERVER = "BILLING_SERVER_PROCESS"  # the server's process number, left in the environment for its web workers

application = with_whole_bodies(of_any_server)

# Where the server is gone, the port is wanted for the next one.
SECONDS_TO_FINISH = 2

# Ctrl-C is for the server, which then stops its web workers; a worker that gets the signal twice does not stop at all.
os.setpgrp()


def end_with(server: int) -> None:
    while os.getppid() == server:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)


threading.Thread(target=end_with, args=(int(os.environ[SERVER]),), name="end-with-server", daemon=True).start()
assert get_resolver().url_patterns  # with them all pages are loaded; Django would do it at the first request
gc.collect()
gc.freeze()  # what is loaded stays; looking through it for garbage cost each page a tenth of its time
os.kill(int(os.environ[SERVER]), signal.SIGUSR2)  # this one has loaded
