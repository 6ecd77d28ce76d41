"""How the popups about credit answer when they are done."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django_htmx.http import trigger_client_event

from billing_admin.web.http import announce, dialog_saved, is_for_dialog
from credits.services.ledger import AlreadyDone

# What a movement of credit may have changed on the page behind the popup.
CHANGED = ("creditsChanged", "invoicesChanged")


def done(request: HttpRequest, message: str, url: str) -> HttpResponseBase:
    """Close the popup, let the panels behind it draw themselves anew, and say what happened."""
    return dialog_saved(request, message=message, events=CHANGED, fallback_url=url)


def done_before(request: HttpRequest, error: AlreadyDone, url: str) -> HttpResponseBase:
    """The same form came a second time: nothing was done, so it is not told as a success."""
    if not is_for_dialog(request):
        messages.warning(request, str(error))
        return HttpResponseRedirect(url)
    closed = trigger_client_event(HttpResponse(status=HTTPStatus.NO_CONTENT), "dialogClose")
    return announce(closed, *CHANGED, message=str(error), level="attention")
