"""The database of so many clients that pages are walked on and that load is put on."""

import sys

from django.core.management import call_command
from django.utils import timezone

from billing_admin.home.month_sums import sum_months
from clients.models import Client
from credits.services.close_periods import close_periods
from tests.benchmarks.pages.addresses import HEAVY_FROM
from tests.benchmarks.synthetic.database import make_data


def fill(clients: int) -> None:
    """Bring its tables up to date, make the clients where there are none, and do what a night does for pages."""
    call_command("migrate", verbosity=0)
    if not Client.objects.exists():
        print(f"Making {clients:,} clients with their past …", file=sys.stderr, flush=True)
        make_data(clients=clients, due=timezone.localdate(), past=True, heavy=clients >= HEAVY_FROM)
    close_periods()
    sum_months(today=timezone.localdate())
