"""EMAIL_URL, the one variable that says how mail leaves: a server that speaks SMTP, or a provider by its keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# None: nothing leaves the house.
MAILBOX = "clients.services.mailbox.EmailBackend"
_SMTP = "billing_admin.mail.smtp.EmailBackend"
_SECONDS = 20  # Django itself would wait for ever
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")
_HELP = "It is smtp://user:password@host:587, or as a provider and its keys, as postmark://TOKEN@ (docs/deploy.md)."

Options = dict[str, Any]


@dataclass(frozen=True)
class MailerUrl:
    """What EMAIL_URL came to: `mailers` for Django, and by what secrets the provider's events are told from others."""

    mailers: dict[str, dict[str, Any]]
    provider: str = ""  # as in EMAIL_URL; "smtp", or empty for the mailbox
    anymail: Mapping[str, str] = field(default_factory=dict)


class MailerUrlError(ImproperlyConfigured):
    """EMAIL_URL cannot be used. The text names what is wrong and never says what stands there: it holds a password."""

    def __init__(self, why: str) -> None:
        super().__init__(f"EMAIL_URL: {why} {_HELP}")


def read_mailer_url(url: str) -> MailerUrl:
    """What to send with. Without a URL mail is kept in the mailbox that a page shows.

    Raises MailerUrlError.
    """
    if not (url := url.strip()):
        return MailerUrl(_mailers(MAILBOX, {}))
    parts = _split(url)
    query = _query(parts)
    scheme = parts.scheme.lower()
    if scheme in ("smtp", "smtps"):
        if "webhook" in query or "signing" in query:
            raise MailerUrlError("webhook is for providers; a server that speaks SMTP tells no events.")
        return MailerUrl(_mailers(_SMTP, _smtp_options(parts, query)), "smtp")
    if (options := _PROVIDERS.get(scheme)) is None:
        raise MailerUrlError(f"there is no “{_shown(scheme)}”. There are smtp, smtps, {', '.join(sorted(_PROVIDERS))}.")
    anymail = _secrets(scheme, query)
    found = options(parts, query)
    _require_nothing_left(query)
    return MailerUrl(
        _mailers(f"anymail.backends.{scheme}.EmailBackend", {**found, "timeout": (_SECONDS, _SECONDS)}), scheme, anymail
    )


def _mailers(backend: str, options: Options) -> dict[str, dict[str, Any]]:
    return {"default": {"BACKEND": backend, **({"OPTIONS": options} if options else {})}}


def _split(url: str) -> SplitResult:
    if any(ord(character) <= 32 or ord(character) == 127 for character in url):
        raise MailerUrlError("it holds a space or a line break; write them as %20.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        # What Python says quotes the URL, and with it the password.
        raise MailerUrlError(
            "it is no address; @, :, / and # in a password are written as %40, %3A, %2F, %23."
        ) from None
    if "://" not in url or not parts.scheme:
        raise MailerUrlError("it has no scheme.")
    if parts.fragment or parts.path not in ("", "/"):
        raise MailerUrlError("something stands after the host; /, ? and # in a password are written as %2F, %3F, %23.")
    return parts


def _query(parts: SplitResult) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if len({name for name, _value in pairs}) < len(pairs):
        raise MailerUrlError("one of its options stands there twice.")
    return dict(pairs)


# Those that sign what they tell, too, and the setting of anymail that takes the key.
_SIGNING = {
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
}


def _secrets(provider: str, query: dict[str, str]) -> dict[str, str]:
    """By what the provider's events are told from what others send; nothing where none are listened to."""
    secret, key = query.pop("webhook", ""), query.pop("signing", "")
    if not secret and not key:
        return {}
    user, _, password = secret.partition(":")
    if not (user and password) or len(secret) < 16:
        raise MailerUrlError("webhook is user:password, together 16 characters or more.")
    if provider not in _SIGNING:
        if key:
            raise MailerUrlError("this provider signs nothing: signing is for Mailgun, MailerSend and Mandrill.")
        return {"WEBHOOK_SECRET": secret}
    if not key.isascii() or not key:
        raise MailerUrlError("this provider signs its events: signing is the key, beside webhook.")
    return {"WEBHOOK_SECRET": secret, _SIGNING[provider]: key}


def _require_nothing_left(query: dict[str, str]) -> None:
    if query:
        # Its name may be the rest of a password.
        raise MailerUrlError(
            "it has an option that there is not here; ? and & in a password or key are written as %3F, %26."
        )


def _shown(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"


def _smtp_options(parts: SplitResult, query: dict[str, str]) -> Options:
    host = parts.hostname or ""
    if not host:
        raise MailerUrlError("it names no host.")
    ssl = parts.scheme.lower() == "smtps"
    port = parts.port if parts.port is not None else 465 if ssl else 25
    if not port:
        raise MailerUrlError("its port is 0.")
    tls = not ssl and _flag(query, "tls", default=port == 587)
    user, password = _user(parts)
    if (user or password) and not (user and password):
        raise MailerUrlError("a user needs a password, and a password a user.")
    if not (user + password).isascii():
        raise MailerUrlError("its user or password has letters that are not ASCII; a mail server is given none.")
    if password and not (ssl or tls or _is_this_machine(host)):
        raise MailerUrlError("the password would go to another machine unencrypted. Use port 587, ?tls=1, or smtps://.")
    seconds = query.pop("timeout", str(_SECONDS))
    if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds) <= 300):
        raise MailerUrlError("timeout is a number of seconds from 1 to 300.")
    _require_nothing_left(query)
    return {
        "host": host, "port": port, "username": user, "password": password, "use_tls": tls, "use_ssl": ssl,
        "timeout": int(seconds),
    }  # fmt: skip


def _flag(query: dict[str, str], name: str, default: bool) -> bool:
    typed = query.pop(name, "").lower()
    if not typed:
        return default
    if typed not in _YES + _NO:
        raise MailerUrlError(f"{name} is 1 or 0.")
    return typed in _YES


def _user(parts: SplitResult) -> tuple[str, str]:
    try:
        return unquote(parts.username or "", errors="strict"), unquote(parts.password or "", errors="strict")
    except UnicodeDecodeError:
        raise MailerUrlError("its user or password is not written in UTF-8.") from None


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _one_key(name: str) -> Callable[[SplitResult, dict[str, str]], Options]:
    def options(parts: SplitResult, query: dict[str, str]) -> Options:
        key, more = _user(parts)
        if not key or more or parts.hostname:
            raise MailerUrlError("this provider takes one key: provider://KEY@.")
        return {name: key}

    return options


def _mailgun(parts: SplitResult, query: dict[str, str]) -> Options:
    key, more = _user(parts)
    if not key or more or not parts.hostname:
        raise MailerUrlError(
            "Mailgun takes a key and the domain that sends: mailgun://KEY@example.com, in the EU with ?eu=1."
        )
    api = "https://api.eu.mailgun.net/v3" if _flag(query, "eu", default=False) else "https://api.mailgun.net/v3"
    return {"api_key": key, "sender_domain": parts.hostname, "api_url": api}


def _mailjet(parts: SplitResult, query: dict[str, str]) -> Options:
    key, secret = _user(parts)
    if not (key and secret) or parts.hostname:
        raise MailerUrlError("Mailjet takes two keys: mailjet://KEY:SECRET@.")
    return {"api_key": key, "secret_key": secret}


def _sparkpost(parts: SplitResult, query: dict[str, str]) -> Options:
    options = _one_key("api_key")(parts, query)
    if _flag(query, "eu", default=False):
        options["api_url"] = "https://api.eu.sparkpost.com/api/v1"
    return options


# Those of django-anymail that need nothing but HTTP.
_PROVIDERS: dict[str, Callable[[SplitResult, dict[str, str]], Options]] = {
    "brevo": _one_key("api_key"),
    "mailersend": _one_key("api_token"),
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mailtrap": _one_key("api_token"),
    "mandrill": _one_key("api_key"),
    "postmark": _one_key("server_token"),
    "sparkpost": _sparkpost,
}
