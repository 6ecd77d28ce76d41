"""What the mail provider tells of mail that it took: the one address, but for signing in, that lets anybody in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from billing_admin.web.needs import open_to_all
from clients.services.mail.events import StillBeingSent

_NAMES = {"mailersend": "MailerSend", "sparkpost": "SparkPost"}


class _Reading:
    """What cannot be read is the fault of who sent it."""

    def run_validators(self, request: HttpRequest) -> None:
        with _read():
            super().run_validators(request)  # type: ignore[misc]

    def parse_events(self, request: HttpRequest) -> Any:
        with _read():
            return super().parse_events(request)  # type: ignore[misc]


@contextmanager
def _read() -> Iterator[None]:
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadRequest("This cannot be read as events of mail.") from error


@csrf_exempt
@open_to_all
def events(request: HttpRequest) -> HttpResponseBase:
    """Bounces and complaints, by who knows the secrets of EMAIL_URL; others, and what cannot be read, get a 400.

    It is not there where no secret is set. django-anymail checks, reads, and sends its signal `tracking`. An event of a
    message that is not marked as sent yet gets a 503: providers tell it again, so that none is lost.
    """
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404("There is nothing here.")
    if settings.HTTPS and not request.is_secure():
        raise BadRequest("Events of mail are taken over HTTPS alone.")  # led there, the secret would be sent twice
    provider = settings.MAIL_PROVIDER
    name = _NAMES.get(provider, provider.capitalize())
    of_provider = import_string(f"anymail.webhooks.{provider}.{name}TrackingWebhookView")
    view: Any = type(name, (_Reading, of_provider), {})
    try:
        answer: HttpResponseBase = view.as_view()(request)
    except StillBeingSent as error:
        return HttpResponse(str(error), status=503, content_type="text/plain", headers={"Retry-After": "60"})
    return answer
