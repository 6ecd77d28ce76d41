"""What every test may use."""

import pytest

from billing_admin.embedded_database import LocalDatabaseError
from tests import migrated_template, throw_away_database


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the database server before xdist starts its workers; it is a claim of the first process alone."""
    try:
        throw_away_database.start()
    except LocalDatabaseError as error:
        raise pytest.UsageError(str(error)) from error
    migrated_template.use()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    throw_away_database.release()
