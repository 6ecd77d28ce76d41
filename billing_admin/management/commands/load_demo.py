"""`manage.py load_demo`: clients, items and eighteen months of billing to look around in."""

import random
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any, TextIO, cast

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from billing_admin.demo.colleagues import make_colleagues
from billing_admin.demo.files import write_files
from billing_admin.demo.login import LOADED, PASSWORD, USERNAME, is_demo, make_login, password_is_known
from billing_admin.demo.mail import send_some
from billing_admin.demo.story import months, play
from billing_admin.home.month_sums import sum_months
from billing_admin.text import pluralize
from clients.models import Activity, Client

SEED = 1998


class Command(BaseCommand):
    help = (
        "Load demo data into an empty database, and make the staff login that it prints. In the demo’s own database it "
        "adds nothing; where others have clients or users it refuses."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=2000, metavar="N", help="how many clients (2000)")

    def handle(self, *args: Any, clients: int, **options: Any) -> None:
        console = Console(file=cast(TextIO, self.stdout), no_color=bool(options["no_color"]), highlight=False)
        loaded = _is_migrated() and is_demo()
        if not loaded and _is_migrated() and (Client.objects.exists() or User.objects.exists()):
            raise CommandError(
                f"The database {connection.settings_dict['NAME']} has clients or users and is not the demo’s: nothing "
                "was changed. Give the demo an empty one by DATABASE_URL, or serve this one with “manage.py serve”."
            )
        call_command("migrate", verbosity=0, stdout=StringIO())
        if loaded:
            console.print(f"The demo is there already, with {pluralize(Client.objects.count(), 'client')}.")
        else:
            _load(clients, make_login(), console)
        if password_is_known():
            console.print(f"Sign in as [bold]{USERNAME}[/bold] with the password [bold]{PASSWORD}[/bold]")


def _is_migrated() -> bool:
    """Whether there are tables to look into."""
    return {Client._meta.db_table, User._meta.db_table} <= set(connection.introspection.table_names())


def _load(count: int, staff: User, console: Console) -> None:
    # The same data every time on the same day; nothing here is a secret.
    chance = random.Random(SEED)  # noqa: S311
    today = timezone.localdate()
    months_ahead = months(today)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Loading demo data", total=len(months_ahead) + 1)
        with tempfile.TemporaryDirectory() as folder:
            files = write_files(Path(folder), count=count, starts_on=months_ahead[0], chance=chance)
            call_command("import_clients", str(files.clients), verbosity=0, stdout=StringIO())
            call_command("import_billable_items", str(files.items), verbosity=0, stdout=StringIO())
        progress.advance(task)
        play(today=today, by=staff, chance=chance, progress=lambda month: progress.advance(task))
    make_colleagues(by=staff)
    send_some(by=staff)
    sum_months(today=today)
    Activity.objects.record(by=staff, client=None, verb=LOADED, summary="Demo data loaded")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    console.print(f"Loaded {count:,} clients and {len(months_ahead)} months of invoices, payments and credit.")
