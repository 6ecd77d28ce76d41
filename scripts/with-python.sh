#!/bin/sh
# Run one of our scripts under the first Python that really runs: a pyenv shim may be on the path and not work. The
# script itself finds the newer Python that the project needs.
for python in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.14 python3.12 /usr/bin/python3 /usr/local/bin/python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
        exec "$python" "$@"
    fi
done
echo "No Python runs here: install Python 3.12 or newer, or set PYTHON to its path." >&2
exit 1
