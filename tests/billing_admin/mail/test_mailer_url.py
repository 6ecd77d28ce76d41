"""EMAIL_URL: what it comes to, and what is said of one that cannot be used, without the password in it."""

import warnings
from typing import Any

import pytest
from django.core.mail import mailers
from django.test import override_settings

from billing_admin.mail.mailer_url import MailerUrlError, read_mailer_url


def options(url: str) -> dict[str, Any]:
    found: dict[str, Any] = read_mailer_url(url).mailers["default"]["OPTIONS"]
    return found


def test_without_a_url_mail_is_kept_here() -> None:
    read = read_mailer_url(" ")
    assert read.mailers == {"default": {"BACKEND": "clients.services.mailbox.EmailBackend"}}
    assert (read.provider, read.anymail) == ("", {})


def test_a_server_is_read_from_its_parts() -> None:
    assert options("smtp://us%40er:p%3A%2F%23ss@mail.example.com:587") == {
        "host": "mail.example.com", "port": 587, "username": "us@er", "password": "p:/#ss", "use_tls": True,
        "use_ssl": False, "timeout": 20,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://localhost", 25, False, False),
        ("smtp://user:pass@127.0.0.1:1025", 1025, False, False),
        ("smtp://user:pass@mail.example.com:25?tls=1", 25, True, False),
        ("smtp://mail.example.com:587?tls=0", 587, False, False),
        ("smtps://user:pass@mail.example.com", 465, False, True),
        ("SMTPS://user:pass@mail.example.com:4465", 4465, False, True),
    ],
)
def test_encryption_goes_with_the_port(url: str, port: int, tls: bool, ssl: bool) -> None:
    read = options(url)
    assert (read["port"], read["use_tls"], read["use_ssl"]) == (port, tls, ssl)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.example.com", "has no scheme"),
        ("smtp:mail.example.com", "has no scheme"),
        ("smtp://", "names no host"),
        ("smtp://user:s3cret@:587", "names no host"),
        ("smtp://user:s3cret@mail.example.com:port", "it is no address"),
        ("smtp://user:s3cret@mail.example.com:99999", "it is no address"),
        ("smtp://user:s3cret/x@mail.example.com:587", "it is no address"),
        ("smtp://user:s3cret@[::1:587", "it is no address"),
        ("smtp://user:s3cret@mail.example.com:587/inbox", "something stands after the host"),
        ("smtp://user:s3cret@mail.example.com:587#x", "something stands after the host"),
        ("smtp://user:s3cret@mail.example.com:587\nBcc", "a space or a line break"),
        ("smtp://user@mail.example.com:587", "a user needs a password"),
        ("smtp://:s3cret@mail.example.com:587", "a password a user"),
        ("smtp://user:s3cret@mail.example.com:25", "unencrypted"),
        ("smtp://user:s3cret@mail.example.com:587?tls=0", "unencrypted"),
        ("smtp://user:s3cret%C3%A4@mail.example.com:587", "not ASCII"),
        ("smtp://user:%ff%fes3cret@mail.example.com:587", "UTF-8"),
        ("smtp://user:s3cret@mail.example.com:587?tls=s3cret", "tls is 1 or 0"),
        ("smtp://mail.example.com?timeout=0", "from 1 to 300"),
        ("smtp://mail.example.com?timeout=²", "from 1 to 300"),
        ("smtp://mail.example.com?ssl=1", "an option that there is not"),
        ("smtp://user:12?s3cret@mail.example.com:587", "an option that there is not"),
        ("postmark://key@?webhook=user:0123456789abc&s3cret", "an option that there is not"),
        ("smtp://mail.example.com?tls=1&tls=0", "twice"),
        ("smtp://mail.example.com?webhook=user:0123456789abc", "tells no events"),
        ("pigeon://s3cret@", "There are smtp, smtps, brevo, mailersend, mailgun,"),
        ("postmark://", "one key"),
        ("postmark://s3cret", "one key"),
        ("postmark://key:s3cret@", "one key"),
        ("postmark://s3cret@?eu=1", "an option that there is not"),
        ("mailgun://s3cret@", "the domain that sends"),
        ("mailjet://s3cret@", "two keys"),
        ("postmark://s3cret@?webhook=short:er", "16 characters"),
        ("postmark://s3cret@?webhook=0123456789abcdef", "16 characters"),
        ("postmark://s3cret@?webhook=user:0123456789abc&signing=s3cret", "signs nothing"),
        ("mailgun://s3cret@example.com?webhook=user:0123456789abc", "signing is the key"),
        ("mailgun://s3cret@example.com?signing=s3cret", "16 characters"),
        ("smtp://mail.example.com?signing=s3cret", "tells no events"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(url: str, says: str) -> None:
    with pytest.raises(MailerUrlError) as raised:
        read_mailer_url(url)
    assert says in str(raised.value)
    chain: list[BaseException | None] = [raised.value, raised.value.__cause__]
    assert not any("s3cret" in str(error) for error in chain)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(
    "url",
    [
        "brevo://key@", "mailersend://key@", "mailgun://key@example.com", "mailgun://key@example.com?eu=1",
        "mailjet://key:secret@", "mailtrap://key@", "mandrill://key@", "postmark://key@", "sparkpost://key@?eu=1",
        "postmark://key@?webhook=user:0123456789abcdef", "smtp://localhost:2525", "smtps://user:pass@localhost",
    ],
)  # fmt: skip
def test_django_makes_a_mailer_of_each(url: str) -> None:
    with warnings.catch_warnings(), override_settings(MAILERS=read_mailer_url(url).mailers):
        warnings.simplefilter("error")
        assert type(mailers["default"]).__module__.startswith(("anymail.backends.", "billing_admin.mail.smtp"))


def test_the_secret_of_events_is_read() -> None:
    assert read_mailer_url("postmark://key@?webhook=user:0123456789abcdef").anymail == {
        "WEBHOOK_SECRET": "user:0123456789abcdef"
    }
    assert read_mailer_url("mailgun://key@a.example?webhook=user:0123456789abcdef&signing=k").anymail == {
        "WEBHOOK_SECRET": "user:0123456789abcdef",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "k",
    }
