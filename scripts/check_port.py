"""Say in a sentence that an address is taken, before any long work: `check_port.py HOST PORT`."""

import socket
import sys


def refusal(host, port):
    """Why the server could not listen there, or nothing."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        return f"PORT={port} is not a port number: choose one like `make demo PORT=8001`."
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # What a server that has just stopped leaves behind does not make the port taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        return f"Port {port} may not be used by this user: choose another, `make demo PORT=8001`."
    except OSError as error:
        if "in use" not in str(error):
            return f"{host} port {port} cannot be listened on ({error.strerror})."
        other = int(port) % 65535 + 1
        return f"Port {port} on {host} is taken: stop what listens there, or choose another, `make demo PORT={other}`."


if __name__ == "__main__":
    sys.exit(refusal(*sys.argv[1:3]))
