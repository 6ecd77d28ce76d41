"""Ask a server whether it takes connections, in PostgreSQL's own protocol.

A live process proves nothing (it may be recovering, or stuck with its socket gone), and starting `pg_isready` or
importing a driver costs more than a command that finds the server running should pay.
"""

import enum
import socket
import struct
from pathlib import Path

from billing_admin.embedded_database.places import DATABASE, USER

PROTOCOL_3 = 196608
CANNOT_CONNECT_NOW = b"57P03"


class Answer(enum.Enum):
    READY = "ready"
    NOT_YET = "not yet"
    SILENT = "silent"


def ask(socket_path: Path, timeout: float = 2.0) -> Answer:
    """READY when a session would be opened, NOT_YET while the server starts or stops, SILENT when nobody is there."""
    parameters = b"".join(part.encode() + b"\0" for part in ("user", USER, "database", DATABASE)) + b"\0"
    hello = struct.pack("!II", 8 + len(parameters), PROTOCOL_3) + parameters
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(str(socket_path))
            line.sendall(hello)
            reply = line.recv(4096)
            if reply[:1] == b"R":
                # Say goodbye and listen to the end, or the server's log complains of a broken line.
                line.sendall(b"X" + struct.pack("!I", 4))
                while line.recv(4096):
                    pass
                return Answer.READY
    except TimeoutError:
        return Answer.NOT_YET
    except OSError:
        return Answer.SILENT
    if not reply:
        return Answer.SILENT
    # Any other refusal (too many sessions, say) comes from a server that runs; the caller will meet it and say it.
    return Answer.NOT_YET if CANNOT_CONNECT_NOW in reply else Answer.READY
