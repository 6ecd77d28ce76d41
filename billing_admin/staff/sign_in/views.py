"""The sign-in page, also as it answers whom it does not let try."""

import logging
import math
from http import HTTPStatus
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing_admin.db.limits import Busy
from billing_admin.text import pluralize
from billing_admin.web.needs import of_oneself, open_to_all

from .attempts import counted_name, write_down

TEMPLATE = "registration/sign_in.html"
SECONDS_OF_OTHERS = 2

_login = LoginView.as_view(template_name=TEMPLATE, redirect_authenticated_user=True)


@open_to_all
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Let somebody in who has the password. Where too many others are at it, say so at once."""
    try:
        return _login(request)
    except Busy as busy:
        write_down("Sign-in refused while others are signing in", counted_name(request), request, logging.WARNING)
        return _refused(request, str(busy), HTTPStatus.SERVICE_UNAVAILABLE, SECONDS_OF_OTHERS)


@never_cache
@require_safe
@of_oneself
def signed_in(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the token that a form needs: for a page that was opened before (session.js)."""
    return JsonResponse({"person": request.user.pk, "token": get_token(request)})


def refuse(request: HttpRequest, _answer: Any = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """Say when to try again. It is the same whether there is such an account or not, and whatever the password."""
    seconds = AxesProxyHandler.get_implementation().seconds_to_wait(request, credentials)
    minutes = pluralize(math.ceil(seconds / 60), "minute")
    said = f"Signing in failed too often. Try again in {minutes}."
    return _refused(request, said, HTTPStatus.TOO_MANY_REQUESTS, seconds)


def _refused(request: HttpRequest, said: str, status: HTTPStatus, seconds: int) -> HttpResponse:
    form = AuthenticationForm(request, initial={"username": counted_name(request)})
    sent = {"form": form, "refused": said, "next": request.POST.get("next", "")}
    answer = render(request, TEMPLATE, sent, status=status)
    answer["Retry-After"] = str(seconds)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would log it once more
    return answer
