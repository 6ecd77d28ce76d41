"""What Django and allauth tell of signing in, noted as our events. Connected when the program starts."""

from typing import Any

from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from .events import Event, note
from .fresh import mark_fresh
from .sessions import began, end_sessions


def connect() -> None:
    """Listen; once, however often it is called."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (mfa.authenticator_added, _added),
        (mfa.authenticator_reset, _made_anew),
        (mfa.authenticator_removed, _removed),
        (mfa.authentication_failed, _code_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"sign_in {receiver.__name__}")


def _signed_in(request: HttpRequest, user: User, **signal: Any) -> None:
    mark_fresh(request)
    began(request)
    note(Event.SIGNED_IN, user, request)


def _signed_out(request: HttpRequest, user: User | None, **signal: Any) -> None:
    if user is not None:
        note(Event.SIGNED_OUT, user, request)


def _added(request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note(Event.FACTOR_ADDED, user, request)
        _end_others(request, user)


def _made_anew(request: HttpRequest, user: User, **signal: Any) -> None:
    note(Event.CODES_MADE, user, request)


def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note(Event.FACTOR_REMOVED, user, request)
        _end_others(request, user)


def _end_others(request: HttpRequest, user: User) -> None:
    """Who was signed in elsewhere signs in as it is asked for from now on."""
    end_sessions(user, but=request.session.session_key, request=request)


def _code_failed(request: HttpRequest, user: User, **signal: Any) -> None:
    note(Event.CODE_FAILED, user, request)
