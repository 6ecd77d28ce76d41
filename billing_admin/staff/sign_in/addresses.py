"""From where somebody signs in. Behind a proxy, REMOTE_ADDR is what a trusted one said: see `billing_admin/wsgi.py`."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.http import HttpRequest

# Where the server does not say: all of these are counted as one.
UNKNOWN = IPv6Address("::")


def counted_address(request: HttpRequest) -> str:
    """What failures are counted for: of IPv6 the first half, because one household or server has all of the second."""
    return counted(client_address(request))


def counted(address: IPv4Address | IPv6Address) -> str:
    """As `counted_address`, of an address that somebody named."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False).network_address)
    return str(address)


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address:
    """As the server gave it; `::` where it gave none."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return UNKNOWN
    return getattr(address, "ipv4_mapped", None) or address


def check_proxies(**_check: Any) -> list[CheckMessage]:
    """Warn where there is a proxy and nobody is told its address: then everybody signs in from one and the same."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "BILLING_HTTPS says that there is a proxy in front, and BILLING_TRUSTED_PROXIES names none: all people "
            "count as one address, so that anybody who fails to sign in often keeps everybody out.",
            hint="Set BILLING_TRUSTED_PROXIES to the addresses or networks of the proxies, separated by commas.",
            id="billing_admin.W001",
        )
    ]
