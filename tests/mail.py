"""Mail in tests: switched on, and sent as a queue worker does, to a real server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings
from django.utils import timezone

from billing_admin.mail.mailer_url import read_mailer_url
from clients.models import MailMessage, MailSettings
from clients.services.mail.send import send_mail
from tests.factories import give_credit, make_client, usd
from tests.mail_servers import Server

FAST = 60_000  # messages a minute


def switch_on(*kinds: str, **settings: object) -> MailSettings:
    """Mail of these kinds goes out, as after a test message."""
    return MailSettings.objects.update_or_create(
        defaults={
            "from_name": "Acme Hosting", "from_address": "billing@hosting.example", "tested_at": timezone.now(),
            "switched_on": list(kinds), "per_minute": FAST, **settings,
        }
    )[0]  # fmt: skip


@contextmanager
def going_to(server: Server) -> Iterator[Server]:
    """Mail of this process goes to this server."""
    with override_settings(MAILERS=read_mailer_url(server.url).mailers):
        yield server


def tell(*addresses: str) -> list[MailMessage]:
    """A message to a client of each address, waiting: about credit, for which nothing is drawn."""
    switch_on("credit", "invoice", "payment")
    for address in addresses:
        give_credit(make_client(email=address), usd(5), tell=True)
    return list(MailMessage.objects.order_by("pk"))


def send_all() -> int:
    """Send what is due, here and now; returns how many were taken."""
    return send_mail(ending=threading.Event())


def states() -> list[tuple[str, str]]:
    """State of each message, and why, in the order in which they were queued."""
    return list(MailMessage.objects.order_by("pk").values_list("state", "why"))
