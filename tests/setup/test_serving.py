"""The server that `make demo` starts ends with everything it started."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/no-such-page", timeout=2)
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False
    return True


def wait_for(port: int, *, answering: bool, server: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + 20
    while answers(port) is not answering:
        assert not answering or server.poll() is None, "the server has ended"
        assert time.monotonic() < end, f"port {port} is{' not' if answering else ' still'} answering"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_nothing_holds_the_port_once_the_server_is_gone(how, code):
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        wait_for(port, answering=True, server=server)
        os.killpg(server.pid, how)  # as Ctrl-C in a terminal: everything that is in the foreground gets it
        assert server.wait(timeout=20) == code
        wait_for(port, answering=False, server=server)
        assert server.stdout.read() == f"Billing Admin is at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n"
    finally:
        server.kill()
        server.stdout.close()
