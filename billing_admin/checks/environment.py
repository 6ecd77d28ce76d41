"""What the environment says that does not go together, and folders that others may read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from billing_admin.environment import text

SHORTEST_TOKEN = 20
_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


def check_secret_key(**_check: Any) -> Iterator[CheckMessage]:
    """A key of this folder is another one on each machine."""
    if text("DATABASE_URL") and not text("DJANGO_SECRET_KEY"):
        yield Warning(
            "DATABASE_URL names a database that other machines may share, and the secret key is one of this folder: "
            "who signs in on one machine is signed out on the next, and a lost folder loses all second factors.",
            hint="Set DJANGO_SECRET_KEY to a long random text, the same on all machines; the one so far is in "
            f"{Path(settings.DATA_DIR) / 'secret-key'}.",
            id="billing_admin.W002",
        )


def check_hosts(**_check: Any) -> Iterator[CheckMessage]:
    """The names that the site is asked by."""
    if "*" in settings.ALLOWED_HOSTS:
        yield Warning(
            "DJANGO_ALLOWED_HOSTS has “*”: the site answers to any name, and whoever makes one up decides what is "
            "written into its answers.",
            hint="Name the hosts that browsers use, as billing.example.com.",
            id="billing_admin.W003",
        )
    elif settings.HTTPS and _is_for_this_machine():
        yield Warning(
            "BILLING_HTTPS says that there is a proxy in front, and DJANGO_ALLOWED_HOSTS names this machine alone: "
            "every page that is asked for by another name is refused.",
            hint="Set DJANGO_ALLOWED_HOSTS to the names that browsers use, as billing.example.com.",
            id="billing_admin.W003",
        )


def check_https(**_check: Any) -> Iterator[CheckMessage]:
    """What leaves this machine is encrypted."""
    if not settings.HTTPS and not _is_for_this_machine():
        yield Warning(
            "The site is served to other machines over plain HTTP: whoever is on the way reads passwords and pages.",
            hint="Put a proxy with TLS in front, and set BILLING_HTTPS=1 and BILLING_TRUSTED_PROXIES.",
            id="billing_admin.W004",
        )


def check_folders(**_check: Any) -> Iterator[CheckMessage]:
    """What seals sessions is read by nobody else."""
    folder = Path(settings.DATA_DIR)
    for path, bits, may in ((folder / "secret-key", 0o077, "read"), (folder, 0o022, "write")):
        if path.exists() and path.stat().st_mode & bits:
            yield Warning(
                f"Others than the account of the service may {may} {path} (mode {path.stat().st_mode & 0o777:o}).",
                hint=f"chmod {'600' if may == 'read' else '755'} {path}",
                id="billing_admin.W005",
            )


def check_links(**_check: Any) -> Iterator[CheckMessage]:
    """Mail leads back to the site."""
    if settings.MAIL_PROVIDER and not settings.PUBLIC_URL:
        yield Warning(
            "Mail leaves by EMAIL_URL, and BILLING_URL does not say where browsers find the site: nobody can be "
            "invited or reset a password by mail.",
            hint="Set BILLING_URL, as https://billing.example.com.",
            id="billing_admin.W006",
        )


def check_metrics_token(**_check: Any) -> Iterator[CheckMessage]:
    """Nobody guesses what opens the metrics."""
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Warning(
            f"BILLING_METRICS_TOKEN has {len(settings.METRICS_TOKEN)} characters and can be guessed: what is owed in "
            "credit can be read with it.",
            hint="Make it 32 random characters: openssl rand -hex 16",
            id="billing_admin.W018",
        )


def _is_for_this_machine() -> bool:
    return set(settings.ALLOWED_HOSTS) <= _THIS_MACHINE


CHECKS = (check_secret_key, check_hosts, check_https, check_folders, check_links, check_metrics_token)
