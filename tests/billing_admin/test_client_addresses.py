"""Who asks is who the connection comes from; what X-Forwarded-For says counts only from proxies that are named."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory

from billing_admin.models import RateCount
from billing_admin.wsgi import application

pytestmark = pytest.mark.django_db

PROXIES = ["127.0.0.1/32", "10.0.0.0/8"]


def counted(forwarded: str, address: str) -> str:
    """The address that a failure is counted for which comes through the server."""
    token = "a" * 32
    body = urlencode({"username": "olga", "password": "x", "csrfmiddlewaretoken": token}).encode()
    request = RequestFactory(REMOTE_ADDR=address, HTTP_COOKIE=f"csrftoken={token}", HTTP_X_FORWARDED_FOR=forwarded)
    environ = request.post("/sign-in/").environ | {
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    statuses = []
    request_started.disconnect(close_old_connections)  # it is the connection of the test
    try:
        application(environ, lambda status, headers: statuses.append(status))
    finally:
        request_started.connect(close_old_connections)
    assert statuses == ["200 OK"]
    return str(RateCount.objects.get(kind="sign_in").address)


@pytest.mark.parametrize(
    ("forwarded", "address", "expected"),
    [
        ("203.0.113.7", "198.51.100.9", "198.51.100.9"),  # anybody can write one
        ("203.0.113.7", "127.0.0.1", "203.0.113.7"),
        ("203.0.113.7", "10.1.2.3", "203.0.113.7"),
        ("192.0.2.1, 203.0.113.7", "127.0.0.1", "203.0.113.7"),  # what came with the request stands before
        ("192.0.2.1, 203.0.113.7, 10.9.9.9", "127.0.0.1", "203.0.113.7"),
        ("192.0.2.1, 10.9.9.9", "198.51.100.9", "198.51.100.9"),
        ("2001:db8:1:2:3::4", "127.0.0.1", "2001:db8:1:2::"),
        ("", "127.0.0.1", "127.0.0.1"),
        ("nonsense", "127.0.0.1", "::"),
    ],
)
def test_a_forwarded_address_counts_only_from_a_named_proxy(settings, forwarded, address, expected):
    settings.TRUSTED_PROXIES = PROXIES
    assert counted(forwarded, address) == expected


def test_where_no_proxy_is_named_none_is_trusted():
    assert counted("203.0.113.7", "127.0.0.1") == "127.0.0.1"
