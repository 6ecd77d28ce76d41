"""What every step of the set-up needs: where things are, stamps, running a program, one sentence for an error."""

import contextlib
import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = PROJECT / ".tools"
VENV = PROJECT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

# Settings of other projects that would lead ours astray.
FOREIGN = (
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "UV_PYTHON",
    "UV_PROJECT",
    "PIP_TARGET",
    "PIP_PREFIX",
)


class SetupError(Exception):
    """What is wrong, in one sentence for the person at the terminal."""

    @classmethod
    def from_os_error(cls, error):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return cls(disk_full())
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return cls(
                "{} cannot be written ({}); use the account that made it.".format(error.filename, error.strerror)
            )
        return cls(str(error))


def disk_full():
    return "the disk of {} is full; free some space and run it again.".format(PROJECT)


def say(text):
    print(text, file=sys.stderr, flush=True)


def digest(*parts):
    """One hash of texts and of files' contents. A file that is missing has a hash of its own."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            try:
                data = part.read_bytes()
            except FileNotFoundError:
                data = b"\0missing"
        else:
            data = str(part).encode()
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()


class Stamp:
    """The mark that a step is done, holding the hash of what it was done with."""

    def __init__(self, path):
        self.path = path

    def says(self, value):
        try:
            return self.path.read_text() == value
        except OSError:
            return False

    def exists(self):
        return self.path.exists()

    def remove(self):
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()

    def write(self, value):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(self.path.name + ".new")
        draft.write_text(value)
        draft.replace(self.path)


def clean_environment(**extra):
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment.update(extra)
    return environment


def run(command, doing, environment=None):
    """Run a program quietly. Its words are shown only when it fails, after the sentence that says what failed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=str(PROJECT),
        env=environment or clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    if done.returncode != 0:
        raise SetupError(why_failed(doing, done.stdout))
    return done.stdout


# What pip and uv write when no package index answers, or none holds what the lock names.
NO_INDEX_ANSWERS = (
    "error sending request",
    "Failed to fetch",
    "Could not connect",
    "NewConnectionError",
    "ConnectTimeoutError",
    "Connection refused",
    "Temporary failure in name resolution",
    "dns error",
    "client error (Connect)",
    "ProxyError",
    "SSLError",
    "(from versions: none)",
)


def why_failed(doing, output):
    if "No space left on device" in output or "Disk quota exceeded" in output or "os error 28" in output:
        return disk_full()
    tail = "\n".join(output.strip().splitlines()[-12:])
    if any(words in output for words in NO_INDEX_ANSWERS):
        return (
            "{} failed because the package index cannot be reached or lacks it; check the network and pip's index "
            "settings (`pip config list`).\n{}".format(doing, tail)
        )
    return "{} failed.\n{}".format(doing, tail)
