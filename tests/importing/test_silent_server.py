"""Whatever else listens at the host and port that somebody typed is left soon, and told in the same sentence."""

import socket
import time

import pytest

from billing_admin.errors import BusinessError
from billing_admin.importing import mysql
from billing_admin.importing.address import read_address


def test_a_port_that_accepts_and_says_nothing_is_left_soon(monkeypatch):
    monkeypatch.setattr(mysql, "SECONDS_TO_CONNECT", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = read_address(f"mysql://u:p@127.0.0.1:{silent.getsockname()[1]}/whmcs")
        begun = time.monotonic()
        with pytest.raises(BusinessError, match="does not answer"), mysql.reading(address):
            pass
    assert time.monotonic() - begun < 5
