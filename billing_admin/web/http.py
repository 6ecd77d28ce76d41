"""Answers to popups, with htmx and without it.

A popup is a template that begins with `{% extends popup_base %}`: see templates/components/popup.html. The same URL is
a fragment for the dialog when htmx asks for it and a full page otherwise, so every answer varies by htmx's headers.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from django_htmx.middleware import HtmxDetails

DIALOG_TARGET = "dialog-body"


class HtmxHttpRequest(HttpRequest):
    """A request after HtmxMiddleware, for annotations."""

    htmx: HtmxDetails


def staff(request: HttpRequest) -> User:
    """The person signed in. LoginRequiredMiddleware has let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def is_for_dialog(request: HttpRequest) -> bool:
    """Whether the answer goes into the open dialog, not into a page of its own."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and htmx.target == DIALOG_TARGET


def vary_by_htmx[Response: HttpResponseBase](response: Response) -> Response:
    """Keep caches from giving a fragment to somebody who asked for the page, or the other way round."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def render_popup(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: str,
    close_url: str,
    wide: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show a popup. `title` is a verb or a question; `close_url` is where Cancel leads when there is no dialog.

    A bound form with errors makes it 422, so that a view may return the same call for the empty and the refused form.
    """
    form = (context or {}).get("form")
    if status == HTTPStatus.OK and form is not None and form.is_bound and form.errors:
        status = HTTPStatus.UNPROCESSABLE_CONTENT
    base = "components/popup.html" if is_for_dialog(request) else "components/popup_page.html"
    popup = {"popup_base": base, "popup_title": title, "popup_wide": wide, "close_url": close_url}
    return vary_by_htmx(render(request, template, {**popup, **(context or {})}, status=status))


def dialog_saved(
    request: HttpRequest,
    *,
    message: str,
    events: Iterable[str] = (),
    fallback_url: str,
    popup: HttpResponse | None = None,
    level: str = "good",
) -> HttpResponseBase:
    """Saved: close the dialog, announce what changed to the panels behind, say it in a toast.

    A `popup` that is given stays open instead. Without htmx: the message and a redirect to `fallback_url`.
    """
    if not is_for_dialog(request):
        messages.add_message(request, messages.SUCCESS if level == "good" else messages.WARNING, message)
        return HttpResponseRedirect(fallback_url)
    answer = popup or trigger_client_event(HttpResponse(status=HTTPStatus.NO_CONTENT), "dialogClose")
    return announce(answer, *events, message=message, level=level)


def sent_before(
    request: HttpRequest, message: str, *, fallback_url: str, leave: bool = False, **answer: Any
) -> HttpResponseBase:
    """The same form was sent before and nothing was done now: as `dialog_saved`, but not told as a success.

    `leave` goes to `fallback_url`, to what the form made the first time, from the dialog too.
    """
    if leave:
        messages.warning(request, message)
        return leave_for(request, fallback_url)
    return dialog_saved(request, message=message, level="attention", fallback_url=fallback_url, **answer)


def announce(response: HttpResponse, *events: str, message: str = "", level: str = "good") -> HttpResponse:
    """Let an htmx answer of any kind name what changed, for a popup that stays open and shows its own new state."""
    for event in events:
        trigger_client_event(response, event)
    if message:
        trigger_client_event(response, "toast", {"text": message, "level": level})
    return vary_by_htmx(response)


def leave_for(request: HttpRequest, url: str, *, message: str = "") -> HttpResponseBase:
    """Saved, and the page behind the dialog no longer exists or is no longer the right one: go to another."""
    if message:
        messages.success(request, message)
    if getattr(request, "htmx", None):
        return vary_by_htmx(HttpResponseClientRedirect(url))
    return HttpResponseRedirect(url)


def ids_of(request: HttpRequest, name: str) -> list[int]:
    """The ids that the address has under this name, as `3,5`.

    Raises BadRequest for what is no id.
    """
    ids = [each for each in request.GET.get(name, "").split(",") if each]
    if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in ids):
        raise BadRequest(f"“{name}” holds what is no id.")
    return [int(each) for each in ids]


def next_url(request: HttpRequest, default: str) -> str:
    """The `next` of the form or address if it is a page of ours, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else default
