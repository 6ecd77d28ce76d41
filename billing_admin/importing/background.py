"""Reading for a page: a process of its own that outlives the request and is given the address through a pipe."""

import subprocess
import sys
import threading

from django.conf import settings

from billing_admin.db.locks import is_locked
from billing_admin.models import SystemImport

from .staging import key_of

INTERRUPTED = "The reading was interrupted. Nothing was booked; discard it and begin again."


def read_in_background(run: SystemImport, address: str) -> None:
    """Begin to read what `address` leads to, password and all. Only the standard input of the process gets it."""
    process = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), f"import_{run.system}", "--read", str(run.pk)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    with process.stdin as pipe:
        pipe.write(f"{address}\n".encode())
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay in the list of processes


def is_at_work(run: SystemImport) -> bool:
    """Whether a process reads or books it at this moment."""
    return is_locked(key_of(run))
