"""Who may open a page, and who may send a form to it: each view says it, and docs/rights.md is the table of all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from billing_admin.rights import missing_rights

from .http import staff

type View = Callable[..., HttpResponseBase]

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Rights:
    """What a view asks for: all of `to_see`, and `to_send` besides where a form is sent; or what is `said` of it.

    Where it is `fresh`, whoever sends a form confirms who it is, unless that was shown a moment ago.
    """

    to_see: tuple[str, ...] = ()
    to_send: tuple[str, ...] = ()
    said: str = ""
    fresh: bool = False


def needs(*to_see: str, to_send: str | tuple[str, ...] = (), fresh: bool = False) -> Callable[[View], View]:
    """Let only those through who have all these rights, and, for a form that is sent, `to_send` as well.

    A `fresh` one asks for the password again, or a passkey, before it takes a form of somebody who has not shown who
    it is within ten minutes. The form goes on as it was sent; one with files cannot be asked for.

    Raises PermissionDenied, which names what is missing.
    """
    rights = Rights(to_see, (to_send,) if isinstance(to_send, str) else to_send, fresh=fresh)

    def decorate(view: View) -> View:
        @wraps(view)
        def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = rights.to_see if request.method in _READING else (*rights.to_see, *rights.to_send)
            person = staff(request)
            if lacking := [right for right in asked if not person.has_perm(right)]:
                raise PermissionDenied(missing_rights(lacking))
            if fresh and request.method not in _READING and (answer := ask_to_confirm(request)):
                return answer
            return view(request, *args, **kwargs)

        return _marked(looked_at, rights)

    return decorate


def looks_itself(said: str) -> Callable[[View], View]:
    """Mark a view that looks at the rights itself, since its address says what it is about; `said` tells which."""

    def decorate(view: View) -> View:
        return _marked(view, replace(getattr(view, "rights", Rights()), said=said))

    return decorate


# For whoever is signed in: it shows and changes what is the person's own, or what the person may see anyway.
of_oneself = looks_itself("own")


def of_oneself_afresh(view: View) -> View:
    """Mark a view of what is the person's own that asks who it is to look at as well."""

    @wraps(view)
    def asked_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return ask_to_confirm(request) or view(request, *args, **kwargs)

    return _marked(asked_first, Rights(said="own", fresh=True))


def open_to_all(view: View) -> View:
    """Mark a view that needs nobody to be signed in."""
    return _marked(login_not_required(view), Rights(said="open"))


def ask_to_confirm(request: HttpRequest) -> HttpResponseBase | None:
    """Nothing where who it is was shown a moment ago, or is by what was sent; else the form that asks.

    SignInMiddleware, of `billing_admin.staff`, has put it there.
    """
    asked: HttpResponseBase | None = request.ask_to_confirm()  # type: ignore[attr-defined]
    return asked


def _marked(view: View, rights: Rights) -> View:
    view.rights = rights  # type: ignore[attr-defined]
    return view
