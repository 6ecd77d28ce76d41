"""How the popups about credit answer when they are done."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from billing_admin.web.http import dialog_saved

# What a movement of credit may have changed on the page behind the popup.
CHANGED = ("creditsChanged", "invoicesChanged")


def done(request: HttpRequest, message: str, url: str) -> HttpResponseBase:
    """Close the popup, let the panels behind it draw themselves anew, and say what happened."""
    return dialog_saved(request, message=message, events=CHANGED, fallback_url=url)
