"""Compile the lock files from pyproject.toml. `make lock` runs it; `make lock UPGRADE=1` takes newer versions too.

The locks carry no index address, only names, versions and hashes, so that they serve behind any mirror.
"""

import os
import sys

sys.dont_write_bytecode = True

from environments import UV, make_environment, uv_environment  # noqa: E402 (it lies beside this file)
from steps import SetupError, run, say  # noqa: E402

FLAGS = ["--python-version", "3.12", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
LOCKS = {
    "requirements-tools.lock": ["--group", "tools"],
    "requirements.lock": ["pyproject.toml", "--group", "dev"],
}


def main():
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    try:
        make_environment()
        # An extra index may hold files for one machine only, and the lock is for every machine.
        environment = uv_environment(with_extra_indexes=False)
        for lock, sources in LOCKS.items():
            say("Compiling {} …".format(lock))
            command = [UV, "pip", "compile", *sources, *FLAGS, *upgrade, "-o", lock]
            run(command, "Compiling {}".format(lock), environment)
        make_environment()
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
