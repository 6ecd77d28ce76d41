"""Run uv, told what pip is told on this machine: which indexes, which certificates. What uv is told itself wins."""

import ast
import os
import subprocess
import sys
from pathlib import Path

BIN = Path(__file__).resolve().parent.parent / ".venv" / "bin"


def pip_settings():
    """What `pip config list` says, the stronger sources last: the machine's, the user's, the environment's."""
    listed = subprocess.run([BIN / "python", "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    pairs = [line.split("=", 1) for line in listed.splitlines() if "=" in line]
    return {
        name.removeprefix(source): str(ast.literal_eval(value))
        for source in ("global.", "install.", ":env:.")
        for name, value in pairs
        if name.startswith(source)
    }


def uv_settings(pip, given):
    """What uv reads from the environment, where the environment does not say it already."""
    settings = {
        "UV_DEFAULT_INDEX": "" if "UV_INDEX_URL" in given else pip.get("index-url"),
        "UV_INDEX": "" if "UV_EXTRA_INDEX_URL" in given else " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "SSL_CERT_FILE": pip.get("cert"),
        "UV_HTTP_TIMEOUT": pip.get("default-timeout", pip.get("timeout")),
        "HTTPS_PROXY": pip.get("proxy"),
        "HTTP_PROXY": pip.get("proxy"),
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip does; the hashes decide what may be installed
        "UV_SYSTEM_CERTS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    if "compile" in sys.argv:  # such an index may hold files for one machine only, and the lock is for every machine
        settings |= {"UV_INDEX": "", "UV_FIND_LINKS": ""}
    cache = Path(given.get("UV_CACHE_DIR") or Path(given.get("XDG_CACHE_HOME") or "~/.cache", "uv")).expanduser()
    if not os.access(next(filter(os.path.exists, (cache, *cache.absolute().parents))), os.W_OK):
        given = given | {"UV_CACHE_DIR": str(BIN.parent / "cache")}
    return {name: value for name, value in settings.items() if value} | given


if __name__ == "__main__":
    os.execve(BIN / "uv", ["uv", *sys.argv[1:]], uv_settings(pip_settings(), dict(os.environ)))
