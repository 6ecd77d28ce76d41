"""The product's settings, with the bare pages beside its own."""

from billing_admin.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.pages.bare"
