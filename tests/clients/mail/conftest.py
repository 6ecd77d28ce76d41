"""A mail server that takes everything."""

from collections.abc import Iterator

import pytest

from tests.mail import going_to
from tests.mail_servers import Server, mail_server


@pytest.fixture
def server() -> Iterator[Server]:
    """What this process sends arrives here."""
    with mail_server() as made, going_to(made):
        yield made
