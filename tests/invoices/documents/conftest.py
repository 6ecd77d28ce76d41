"""One press for a file, and the rules of EN 16931 for all: compiling them takes longer than looking."""

import pytest

from billing_admin.documents import Press

from .rules import Rules


@pytest.fixture(scope="module")
def press():
    with Press() as press:
        yield press


@pytest.fixture(scope="session")
def rules():
    return Rules()
