"""Find a Python that the project runs on, by running each candidate."""

import glob
import os
import subprocess

from steps import SetupError, clean_environment

OLDEST = (3, 12)
NAMES = ("python3.13", "python3.14", "python3.12", "python3")
FOLDERS = (
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/opt/python*/bin",
    "/opt/python/*/bin",
    "~/.local/bin",
    "~/.local/share/uv/python/*/bin",
)
# A Python without the parts that make an environment (Debian ships them apart) is of no use either.
# The path asked for is that of the Python behind an environment, should our own `.venv` be the one in use.
QUESTION = """
import sys
print("%d.%d" % sys.version_info[:2])
import ssl, venv, ensurepip
print(getattr(sys, "_base_executable", None) or sys.executable)
"""


def find_python():
    """The path of a Python that runs, is new enough and can make an environment."""
    chosen = os.environ.get("PYTHON")
    incomplete = None
    for candidate in candidates(chosen):
        version, path = ask(candidate)
        if version is not None and version >= OLDEST:
            if path:
                return path
            incomplete = incomplete or candidate
        if chosen and candidate == chosen:
            raise SetupError(
                "PYTHON={} is not a Python of at least {}.{} with venv and ssl; choose another or unset it.".format(
                    chosen, *OLDEST
                )
            )
    if incomplete:
        raise SetupError(
            "{} cannot make environments; install its venv package (on Debian: python3-venv), or set PYTHON to "
            "another.".format(incomplete)
        )
    raise SetupError("no Python of at least {}.{} was found; install one, or set PYTHON to its path.".format(*OLDEST))


def candidates(chosen):
    if chosen:
        yield chosen
    yield from NAMES
    roots = [os.environ.get("PYENV_ROOT"), "~/.pyenv", "/opt/pyenv", "/usr/local/pyenv"]
    patterns = [os.path.join(root, "versions", "*", "bin", "python3") for root in roots if root]
    patterns += [os.path.join(folder, name) for folder in FOLDERS for name in NAMES]
    for pattern in patterns:
        yield from sorted(glob.glob(os.path.expanduser(pattern)), reverse=True)


def ask(candidate):
    """(version, path) as the candidate itself states them; (None, None) for what does not run, as a shim may not."""
    try:
        done = subprocess.run(
            [candidate, "-c", QUESTION],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            timeout=30,
        )
        lines = done.stdout.splitlines()
        version = tuple(int(part) for part in lines[0].split("."))
    except (OSError, subprocess.TimeoutExpired, IndexError, ValueError):
        return None, None
    return version, (lines[1] if done.returncode == 0 and len(lines) > 1 else None)
