"""A replica for tests: the first server again, by connections that may not write; or a standby that follows it.

with replica_on(monkeypatch): …        what is marked so is read by such connections
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from billing_admin.db import replica


@contextmanager
def replica_on(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Iterator[None]:
    """In the block there is a replica, by the settings of the first server and these changes of them."""
    told = deepcopy(connection.settings_dict) | changes
    told["OPTIONS"] |= {
        "options": "-c default_transaction_read_only=on",
        "pool": {**(told["OPTIONS"].get("pool") or {}), "min_size": 0, "max_size": 2, "timeout": 0.5},
    }
    monkeypatch.setitem(connections.settings, replica.ALIAS, told)
    monkeypatch.setattr(replica, "_paused_until", float("-inf"))
    connections[replica.ALIAS] = own = DatabaseWrapper(told)  # of another name, tests may not use it
    vars(own)["_connection_pools"] = {}
    try:
        yield
    finally:
        own.close()
        own.close_pool()
        del connections[replica.ALIAS]
