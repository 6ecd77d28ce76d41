"""Run the command that `make data` runs, on a server that answers and a database that is migrated."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    django.setup()
    from tests.benchmarks.synthetic.command import Command

    Command().run_from_argv(["make", "data", *sys.argv[1:]])
