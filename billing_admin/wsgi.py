"""The WSGI entry point, for any server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django; a Content-Type that it cannot take apart, before there is a request to answer, counts as none."""
    try:
        return _django(environ, start_response)
    except BadRequest:
        return _django({**environ, "CONTENT_TYPE": ""}, start_response)
