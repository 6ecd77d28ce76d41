"""One press for the tests of a file: starting it takes longer than drawing."""

import pytest

from billing_admin.documents import Press


@pytest.fixture(scope="module")
def press():
    with Press() as press:
        yield press
