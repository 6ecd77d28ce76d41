"""Make `.venv/` hold exactly what requirements.lock names, checked by hash, with a uv of our own."""

import ast
import os
import shutil
import subprocess

from pythons import find_python
from steps import PROJECT, TOOLS, VENV, VENV_PYTHON, SetupError, Stamp, clean_environment, digest, run, say

LOCK = PROJECT / "requirements.lock"
TOOLS_LOCK = PROJECT / "requirements-tools.lock"
UV_ENVIRONMENT = TOOLS / "uv"
UV = UV_ENVIRONMENT / "bin" / "uv"
MIB = 1024 * 1024
NEEDED = 900 * MIB  # the packages, which uv's cache shares, the tools, and room to unpack


def make_environment():
    """Install what is missing. An environment whose stamp is gone was interrupted half-way and is made anew."""
    stamp = Stamp(VENV / ".complete")
    done = digest(LOCK)
    keep = stamp.exists() and VENV_PYTHON.exists() and not _moved()
    if keep and os.environ.get("PYTHON"):
        keep = os.path.realpath(find_python()) == os.path.realpath(str(VENV_PYTHON))
    if keep and stamp.says(done):
        return
    python = find_python()
    free = shutil.disk_usage(str(PROJECT)).free
    if not keep and free < NEEDED:
        raise SetupError(
            "it needs {} MB, but the disk of {} has only {} MB left; free some space.".format(
                NEEDED // MIB, PROJECT, free // MIB
            )
        )
    _make_uv(python)
    environment = uv_environment()
    stamp.remove()
    if not keep:
        _remove(VENV)
        say("Making .venv with {} …".format(python))
        run([UV, "venv", "--python", python, VENV], "Making .venv", environment)
    say("Installing the packages …")
    sync = [UV, "pip", "sync", "--python", VENV_PYTHON, "--require-hashes", LOCK]
    run(sync, "Installing the packages", environment)
    stamp.write(done)


def _moved():
    """True when the environment was made at another path: the programs in it begin with a line that names that path."""
    try:
        return str(VENV) not in (VENV / "bin" / "activate").read_text(errors="replace")
    except OSError:
        return True


def _make_uv(python):
    stamp = Stamp(TOOLS / "uv.complete")
    done = digest(TOOLS_LOCK)
    if stamp.says(done) and UV.exists():
        return
    say("Installing uv …")
    stamp.remove()
    _remove(UV_ENVIRONMENT)
    TOOLS.mkdir(exist_ok=True)
    run([python, "-m", "venv", UV_ENVIRONMENT], "Making the environment for uv")
    pip = [UV_ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", TOOLS_LOCK], "Installing uv", clean_environment(PIP_USER="0"))
    stamp.write(done)


def _remove(folder):
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(str(folder))


def uv_environment(with_extra_indexes=True):
    """Tell uv what pip is told on this machine: which indexes and which certificates. What uv is told itself wins."""
    environment = clean_environment()
    pip = _pip_settings()

    def default(name, value):
        if value:
            environment.setdefault(name, value)

    if "UV_INDEX_URL" not in environment:
        default("UV_DEFAULT_INDEX", pip.get("index-url"))
    if with_extra_indexes:
        if "UV_EXTRA_INDEX_URL" not in environment:
            default("UV_INDEX", " ".join(pip.get("extra-index-url", "").split()))
        default("UV_FIND_LINKS", ",".join(pip.get("find-links", "").split()))
    default("UV_INSECURE_HOST", " ".join(pip.get("trusted-host", "").split()))
    default("SSL_CERT_FILE", pip.get("cert"))
    default("UV_HTTP_TIMEOUT", pip.get("default-timeout", pip.get("timeout")))
    default("HTTPS_PROXY", pip.get("proxy"))
    default("HTTP_PROXY", pip.get("proxy"))
    # As pip does: every index is looked at. The hashes in the lock decide what may be installed.
    default("UV_INDEX_STRATEGY", "unsafe-best-match")
    default("UV_SYSTEM_CERTS", "1")
    default("UV_LINK_MODE", None if _same_disk(environment) else "copy")
    if not _can_cache(environment):
        environment["UV_CACHE_DIR"] = str(TOOLS / "cache")
    # Another Python than the one that was found is never fetched.
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    environment["UV_NO_PROGRESS"] = "1"
    return environment


def _pip_settings():
    """What `pip config list` says, the stronger sources last: the machine's, the user's, the environment's."""
    command = [str(UV_ENVIRONMENT / "bin" / "python"), "-m", "pip", "config", "list"]
    listed = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True, env=clean_environment()
    ).stdout
    found = {}
    for source in ("global.", "install.", ":env:."):
        for line in listed.splitlines():
            name, separator, value = line.partition("=")
            if separator and name.startswith(source):
                try:
                    found[name[len(source) :]] = str(ast.literal_eval(value))
                except (SyntaxError, ValueError):
                    continue
    return found


def _cache_folder(environment):
    base = environment.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return environment.get("UV_CACHE_DIR") or os.path.join(base, "uv")


def _existing(path):
    while not os.path.exists(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def _can_cache(environment):
    return os.access(_existing(_cache_folder(environment)), os.W_OK)


def _same_disk(environment):
    return os.stat(_existing(_cache_folder(environment))).st_dev == os.stat(str(PROJECT)).st_dev
