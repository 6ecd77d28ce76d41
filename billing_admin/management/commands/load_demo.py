"""`manage.py load_demo`: clients, items and eighteen months of billing to look around in."""

import random
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any, TextIO, cast

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from billing_admin.demo.files import write_files
from billing_admin.demo.story import months, play
from billing_admin.staff.groups import OWNER
from clients.models import Client

USERNAME = "demo"
PASSWORD = "credit where due"  # noqa: S105 printed for everybody to see; made by this command only
SEED = 1998


class Command(BaseCommand):
    help = "Load demo data into an empty database, and make the staff login that it prints. Run again, it adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=2000, metavar="N", help="how many clients (2000)")

    def handle(self, *args: Any, clients: int, **options: Any) -> None:
        console = Console(file=cast(TextIO, self.stdout), no_color=bool(options["no_color"]), highlight=False)
        staff = _staff()
        if Client.objects.exists():
            console.print(f"{Client.objects.count():,} clients are there already; no demo data was loaded.")
        else:
            _load(clients, staff, console)
        console.print(f"Sign in as [bold]{USERNAME}[/bold] with the password [bold]{PASSWORD}[/bold]")


def _staff() -> User:
    staff, made = User.objects.get_or_create(
        username=USERNAME, defaults={"first_name": "Robin", "last_name": "Marsh", "email": "robin@example.com"}
    )
    if made:
        staff.set_password(PASSWORD)
        staff.save()
        staff.groups.add(Group.objects.get(name=OWNER))
    return staff


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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    console.print(f"Loaded {count:,} clients and {len(months_ahead)} months of invoices, payments and credit.")
