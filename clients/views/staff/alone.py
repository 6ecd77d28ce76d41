"""What the pages have in common that a link from a mail opens, without anybody being signed in."""

import math
from http import HTTPStatus

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from billing_admin.db.rates import Rate, take
from billing_admin.staff.sign_in.addresses import counted_address
from billing_admin.text import pluralize

# Each costs a hash or a mail: nobody needs so many from one address, and an office behind one has enough.
_PER_ADDRESS = Rate("staff.links", limit=30, seconds=60 * 60)


def token_of(request: HttpRequest) -> str:
    """What the link holds. It stands behind the question mark, which is in no log of ours.

    No other host is told of it: these pages load nothing from any, and our Referrer-Policy is same-origin. (With
    no-referrer browsers send forms with `Origin: null`, which is refused.)
    """
    return request.GET.get("token", "")[:200]


def not_valid(request: HttpRequest, why: str) -> HttpResponse:
    """The link is not taken (any more)."""
    return render(request, "staff/not_valid.html", {"why": why}, status=HTTPStatus.GONE)


def asked_too_often(request: HttpRequest, rate: Rate = _PER_ADDRESS, *, person: User | None = None) -> str:
    """Count one more from this address, or of this person; when to try again where that was too often, else nothing."""
    address = counted_address(request)
    whose = f"person {person.pk}" if person else address
    if seconds := take(rate, whose, person=person.pk if person else None, address=address):
        return f"This was asked for too often. Try again in {pluralize(math.ceil(seconds / 60), 'minute')}."
    return ""
