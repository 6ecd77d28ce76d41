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
from .rates import count

type View = Callable[..., HttpResponseBase]

_READING = ("GET", "HEAD", "OPTIONS")
# Whoever sends something by these saves a file.
_FILES = frozenset(("clients.save_lists", "clients.export_client"))


@dataclass(frozen=True)
class Rights:
    """What a view asks for: all of `to_see`, and `to_send` besides where a form is sent; or what is `said` of it."""

    to_see: tuple[str, ...] = ()
    to_send: tuple[str, ...] = ()
    said: str = ""


def needs(*to_see: str, to_send: str | tuple[str, ...] = ()) -> Callable[[View], View]:
    """Let only those through who have all these rights, and, for a form that is sent, `to_send` as well.

    Raises PermissionDenied, which names what is missing.
    """
    rights = Rights(to_see, (to_send,) if isinstance(to_send, str) else to_send)

    def decorate(view: View) -> View:
        @wraps(view)
        def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = rights.to_see if request.method in _READING else (*rights.to_see, *rights.to_send)
            person = staff(request)
            if lacking := [right for right in asked if not person.has_perm(right)]:
                raise PermissionDenied(missing_rights(lacking))
            if request.method not in _READING and not _FILES.isdisjoint(asked):
                count(request, "file")
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


def open_to_all(view: View) -> View:
    """Mark a view that needs nobody to be signed in."""
    return _marked(login_not_required(view), Rights(said="open"))


def _marked(view: View, rights: Rights) -> View:
    view.rights = rights  # type: ignore[attr-defined]
    return view
