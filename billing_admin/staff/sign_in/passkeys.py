"""Passkeys belong to the name that a browser reached this by."""

import json
from ipaddress import ip_address
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.http.request import split_domain_port


def why_no_passkeys(request: HttpRequest) -> str:
    """Empty where there can be some; else why not, in a sentence."""
    host = split_domain_port(request.get_host())[0].strip("[]")
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return (
            f"Passkeys belong to a name, and this page was opened at the address {host}. Open it by its name to use "
            "one; on the machine that it runs on, localhost is one."
        )
    if not request.is_secure() and host != "localhost":
        return "Browsers offer passkeys over HTTPS only, and this page was opened without."
    return ""


def options_text(options: dict[str, Any]) -> str:
    """What a browser is to do with a passkey, for passkeys.js."""
    return json.dumps(options, cls=DjangoJSONEncoder)
