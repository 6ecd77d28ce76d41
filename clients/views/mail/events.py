"""What the mail provider tells of mail that it took: the one address, but for signing in, that lets anybody in."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from billing_admin.web.needs import open_to_all

_NAMES = {"mailersend": "MailerSend", "sparkpost": "SparkPost"}


@csrf_exempt
@open_to_all
def events(request: HttpRequest) -> HttpResponseBase:
    """Bounces and complaints, by who knows the secrets of EMAIL_URL; others are refused with 400.

    It is not there where no secret is set. django-anymail checks, reads, and sends its signal `tracking`.
    """
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404("There is nothing here.")
    provider = settings.MAIL_PROVIDER
    name = _NAMES.get(provider, provider.capitalize())
    answer: HttpResponseBase = import_string(f"anymail.webhooks.{provider}.{name}TrackingWebhookView").as_view()(
        request
    )
    return answer
