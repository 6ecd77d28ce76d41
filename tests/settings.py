"""Settings of the tests: those of the product, on the throw-away database server unless DATABASE_URL names another."""

import os

from tests import throw_away_database

# pytest-django loads the settings before any conftest, and xdist's workers inherit the environment.
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = throw_away_database.claim()

from billing_admin.settings import *  # noqa: F403

# Else every browser of every test looks through all static files once more.
WHITENOISE_AUTOREFRESH = True

# Real hashing makes every test that signs in a quarter of a second slower.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A machine that is busy with two test processes and what they start may take longer than a page would wait.
DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 30  # noqa: F405

# Fails a request that writes other activity than docs/activity.md says of it.
MIDDLEWARE = ["tests.written_down.WrittenDown", *MIDDLEWARE]  # noqa: F405
