"""What every test may use."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.template import PartialTemplate, Template  # type: ignore[attr-defined]
from django.test.utils import _TestState

from billing_admin.embedded_database import LocalDatabaseError
from tests import migrated_template, throw_away_database

# Tests start many processes. Where the environment keeps Python from storing what it compiled, each of them would
# compile all of Django again, which takes three times as long as what it is started for.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("PYTHONPYCACHEPREFIX", str(throw_away_database.DATA_DIR / "bytecode"))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the database server before xdist starts its workers; it is a claim of the first process alone."""
    try:
        throw_away_database.start()
    except LocalDatabaseError as error:
        raise pytest.UsageError(str(error)) from error
    migrated_template.use()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, else in random order, so that at the end no worker is left alone with it."""
    items.sort(key=lambda item: not (item.get_closest_marker("slow") or item.get_closest_marker("browser")))


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def plain_templates(django_test_environment: None) -> Iterator[None]:
    """Pages are looked at, not the contexts of their templates: keeping a copy of each takes a tenth of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]
        patch.setattr(PartialTemplate, "_render", _TestState.saved_data.partial_template_render)  # type: ignore[attr-defined]
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End what is still connected, for the database is dropped next: a killed process's session may outlive it."""
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    throw_away_database.release()
