"""Set up this clone: the tools, the packages, the style sheet and the static files. `make setup` runs it.

Runs under any Python from 3.8 on with nothing installed, finds the Python that the project needs, and does only what
is not done yet. It may be interrupted at any point: a step counts as done once its stamp is written, the last thing
it does.
"""

import contextlib
import fcntl
import os
import sys

sys.dont_write_bytecode = True

import environments  # noqa: E402 (these three lie beside this file)
import static_files  # noqa: E402
from steps import SetupError  # noqa: E402


def main():
    with open(__file__) as this_file:
        # Two set-ups of one clone take turns. The lock goes with the process.
        fcntl.flock(this_file, fcntl.LOCK_EX)
        try:
            environments.make_environment()
            static_files.build()
        except SetupError as error:
            sys.exit("Set-up stopped: {}".format(error))
        except OSError as error:
            sys.exit("Set-up stopped: {}".format(SetupError.from_os_error(error)))
        except KeyboardInterrupt:
            with contextlib.suppress(OSError):
                print("\nSet-up interrupted: run it again to go on.", file=sys.stderr)
            os._exit(130)


if __name__ == "__main__":
    main()
