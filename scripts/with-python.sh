#!/bin/sh
# Run one of our scripts under the first Python that really is one: new enough, and able to make environments. A pyenv
# shim may be on the path and not work, so each is asked, and where Pythons are installed is looked through after the path.

# Settings of other projects that would lead ours astray.
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV CONDA_PREFIX UV_PYTHON UV_PROJECT PIP_TARGET PIP_PREFIX

# Sets `found` to the Python behind $1, should $1 be that of an environment. Exit code 3: new enough, but without the parts
# that make an environment (Debian ships them apart).
ask() {
    found=$("$1" -c 'import sys
if sys.version_info < (3, 12):
    sys.exit(1)
try:
    import ensurepip, ssl, venv
except ImportError:
    sys.exit(3)
print(sys._base_executable or sys.executable)' 2>/dev/null </dev/null)
}

wrong=
if [ -n "${PYTHON:-}" ]; then
    ask "$PYTHON" && exec "$found" -B "$@"
    wrong="PYTHON=$PYTHON is not a Python of at least 3.12 with venv and ssl; choose another or unset it."
else
    for name in python3.13 python3.14 python3.12 python3; do
        for folder in "" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/ /opt/pyenv/versions/*/bin/ \
            /usr/local/pyenv/versions/*/bin/ /usr/bin/ /usr/local/bin/ /opt/homebrew/bin/ /opt/python*/bin/ \
            /opt/python/*/bin/ "$HOME"/.local/bin/ "$HOME"/.local/share/uv/python/*/bin/; do
            ask "$folder$name" && exec "$found" -B "$@"
            [ $? != 3 ] || [ -n "$wrong" ] || wrong="$folder$name cannot make environments; install its venv package (on \
Debian: python3-venv), or set PYTHON to another."
        done
    done
fi
echo "Set-up stopped: ${wrong:-no Python of at least 3.12 was found; install one, or set PYTHON to its path.}" >&2
exit 1
