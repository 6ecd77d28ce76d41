"""Every answer, static files and errors among them, keeps other sites out and asks a browser for nothing."""

import pytest
from django.conf import settings as current
from django.test import Client as Browser
from django.test import override_settings

from billing_admin.web.answers import ISOLATED
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

STATIC = "/static/favicon.svg"
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@pytest.fixture
def owner(client):
    client.force_login(make_staff())
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status"), [("/", 200), (STATIC, 200), ("/no-such-page/", 404), ("/clients/?after=x", 400)]
)
def test_every_answer_is_isolated(owner, address, status):
    answer = owner.get(address)
    b"".join(answer)  # a file is closed once it was read
    assert answer.status_code == status
    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    allowed = {part.partition("=")[0] for part in answer["Permissions-Policy"].split(", ") if not part.endswith("=()")}
    assert allowed == {"publickey-credentials-create", "publickey-credentials-get"}
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer


def test_an_error_of_ours_is_isolated_too(owner, settings):
    settings.ROOT_URLCONF = "tests.billing_admin.failing"
    answer = owner.get("/")
    assert answer.status_code == 500
    assert {name: answer.get(name) for name in ISOLATED} == ISOLATED
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "[::1", ""])
def test_a_foreign_host_is_refused_before_anything_is_done(owner, host):
    answer = owner.get("/clients/", headers={"Host": host} if host else {}, SERVER_NAME=host or "evil.example")
    assert answer.status_code == 400
    assert b"evil" not in answer.content
    assert {name: answer.get(name) for name in ISOLATED} == ISOLATED


def test_what_a_proxy_was_told_of_the_host_counts_for_nothing(owner):
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    answer = owner.get("/", headers=forwarded)
    assert (answer.status_code, b"evil.example" in answer.content) == (200, False)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_the_way_to_https_is_isolated_and_leads_to_no_other_host():
    answer = Browser().get("/clients/?next=//evil.example/")
    assert answer["Location"] == "https://testserver/clients/?next=//evil.example/"
    assert {name: answer.get(name) for name in ISOLATED} == ISOLATED


def test_nobody_promises_https_to_the_makers_of_browsers_unasked():
    assert current.SECURE_HSTS_PRELOAD is False
    assert current.SILENCED_SYSTEM_CHECKS == ["security.W021"]
