"""Failures to sign in, counted by axes in the database for all processes, and looked up before anything is hashed."""

import logging
import math
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from .addresses import client_address, counted_address

# As much of a name counts and is written down: no account has a longer one, and forms let longer ones pass.
LONGEST_NAME = 150

_log = logging.getLogger("billing_admin.sign_in")


class SignInAttempts(AxesDatabaseHandler):
    """Bounds the failures of an account from an address, as axes does, and of an address whatever the account.

    A success forgets those of its account from its address alone: who has one account cannot go on guessing at others.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or self._address_is_locked(request)

    def seconds_to_wait(self, request: HttpRequest, credentials: dict[str, Any] | None) -> int:
        """How long whoever was refused is refused yet; at least a second."""
        rows = _of_address(request)
        if not self._address_is_locked(request):
            (rows,) = self.get_user_attempts(request, credentials)
        now = timezone.now()
        latest = rows.aggregate(latest=Max("attempt_time"))["latest"] or now - settings.AXES_COOLOFF_TIME
        return max(1, math.ceil((latest + settings.AXES_COOLOFF_TIME - now).total_seconds()))

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is not None:
            refused = getattr(request, "axes_locked_out", False)
            write_down(
                "Sign-in refused after too many failures" if refused else "Sign-in failed",
                counted_name(request, credentials), request, logging.WARNING,
            )  # fmt: skip
        super().user_login_failed(sender, credentials, request, **kwargs)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        write_down("Signed in", user.get_username(), request, logging.INFO)
        super().user_logged_in(sender, request, user, **kwargs)

    def _address_is_locked(self, request: HttpRequest) -> bool:
        failures = _of_address(request).aggregate(failures=Sum("failures_since_start"))["failures"] or 0
        return failures >= settings.FAILURE_LIMIT_OF_AN_ADDRESS


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name of the account that is tried, whether there is one or not."""
    return str((credentials or request.POST).get(User.USERNAME_FIELD) or "")[:LONGEST_NAME]


def write_down(what: str, name: str, request: HttpRequest, level: int) -> None:
    """One line, whatever the name: what is not to be printed in it is escaped."""
    _log.log(level, "%s: %r from %s", what, name, client_address(request))


def forget_old_attempts() -> int:
    """Remove the failures that no longer count. (Each sign-in does so too.) Returns of how many rows."""
    return AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME).delete()[0]


def _of_address(request: HttpRequest) -> QuerySet:
    """Those that count, of the address that asks."""
    since = get_cool_off_threshold(request)
    return AccessAttempt.objects.filter(ip_address=counted_address(request), attempt_time__gte=since)
