"""The product's settings, with the bare pages beside its own."""

from billing_admin.settings import *

ROOT_URLCONF = "tests.benchmarks.pages.bare"
