"""The database as the load needs it, and what is to be asked for."""

from dataclasses import astuple
from typing import Any

from django.db import connection
from django.utils import timezone

from tests.benchmarks.measuring import machine
from tests.benchmarks.pages.database import fill

from .mix import daily_mix, sign_in
from .processes import parent_of


def prepare(clients: int) -> dict[str, Any]:
    """The requests, the process of the database server, and what the machine is, as JSON has it."""
    fill(clients)
    mix = daily_mix(timezone.localdate(), sign_in())
    connection.ensure_connection()
    return {
        "mix": [astuple(asked) for asked in mix],
        "database": parent_of(connection.connection.info.backend_pid),
        "machine": machine(),
    }
