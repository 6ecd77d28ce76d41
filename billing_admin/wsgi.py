"""The WSGI entry point, for any server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, behind the proxies that are trusted to say who asks.

    A Content-Type that it cannot take apart, before there is a request to answer, counts as none.
    """
    django = wrap_wsgi_with_proxy_headers(_django, settings.TRUSTED_PROXIES)
    try:
        return django(environ, start_response)
    except BadRequest:
        return django({**environ, "CONTENT_TYPE": ""}, start_response)
