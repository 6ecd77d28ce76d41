"""What the tests of credit share."""

from pathlib import Path

import pytest

HEADER = "Client ID,Amount,Currency,Description,Category,Expires,Priority,Reference"


@pytest.fixture
def credit_file(tmp_path):
    """Write rows under the header; returns the path."""

    def write(*rows: str, header: str = HEADER, name: str = "downtime.csv") -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in (header, *rows)))
        return path

    return write
