"""The installation that most faults befall one after the other: each bills another month of it."""

from collections.abc import Iterator

import pytest

from tests.setup.conftest import data_dirs

from .installation import Installation, embedded


@pytest.fixture(scope="package")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """With an embedded server of its own, which is durable."""
    with data_dirs() as make:
        yield embedded(make(), tmp_path_factory.mktemp("logs"))
