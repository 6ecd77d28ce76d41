"""What holds for whoever is signed in, on every page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from billing_admin.web.http import leave_for

from .fresh import ask_to_confirm
from .session_store import SessionStore


def while_enrolling[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Mark a view that somebody may use who has yet to add the second factor that a role asks for."""
    view.while_enrolling = True  # type: ignore[attr-defined]
    return view


class SignInMiddleware:
    """Lets views ask whoever is signed in to confirm who it is, and leads who must add a second factor to that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.ask_to_confirm = partial(ask_to_confirm, request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or getattr(view, "while_enrolling", False):
            return None
        assert isinstance(request.session, SessionStore)
        return leave_for(request, reverse("mfa_index")) if request.session.must_enrol else None
