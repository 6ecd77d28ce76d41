"""What a provider's answer over HTTP means for a letter, as django-anymail tells it."""

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage
from requests import ConnectionError, ConnectTimeout, ReadTimeout
from requests.exceptions import ProxyError, SSLError
from urllib3.exceptions import NewConnectionError

from .letters import Outcome

# It was not taken, and may be later: no right to send or nothing paid (which somebody has to mend), asked too often,
# closed for now.
_AGAIN = {401, 402, 403, 407, 408, 425, 429, 503}
# It may have been taken: the server broke while it was at it, or one in between gave up waiting.
_PERHAPS = {500, 502, 504}


def provider_id(email: EmailMessage) -> str:
    """By which a provider names the message in the events that it tells later."""
    found = getattr(getattr(email, "anymail_status", None), "message_id", None)
    return found[:200] if isinstance(found, str) else ""


def is_of_provider(error: Exception) -> bool:
    """Whether a provider, or the way to it, is what failed."""
    return isinstance(error, AnymailError)


def outcome_of(error: Exception) -> Outcome:
    """What became of a letter whose sending failed so."""
    if isinstance(error, AnymailRecipientsRefused):
        return Outcome("refused", "The mail provider refuses the address.")
    if not isinstance(error, AnymailAPIError):
        return Outcome("failed", _cut(f"The mail provider cannot send this: {_first_line(error)}"))
    code = error.status_code
    if code is None:
        return _without_answer(error)
    words = _cut(f"The mail provider answered {code}: {_said(error)}")
    if code in _AGAIN:
        return Outcome("again", words, for_all="yes")
    if code in _PERHAPS or code < 400:
        return Outcome("perhaps", words, for_all="maybe")
    return Outcome("failed", words)


def _without_answer(error: AnymailAPIError) -> Outcome:
    if isinstance(error, ConnectTimeout | ProxyError | SSLError) or _never_connected(error):
        return Outcome("again", "The mail provider cannot be reached.", for_all="yes")
    if isinstance(error, ReadTimeout | ConnectionError):
        said = "The mail provider was given the message and then did not answer."
        return Outcome("perhaps", said, for_all="maybe")
    return Outcome("perhaps", "The mail provider’s answer could not be read.")


def _never_connected(error: AnymailAPIError) -> bool:
    cause = error.__cause__
    inner = cause.args[0] if isinstance(cause, ConnectionError) and cause.args else None
    return isinstance(getattr(inner, "reason", inner), NewConnectionError)


def _said(error: AnymailAPIError) -> str:
    """The provider's own sentence; what stands beside it may be long and is for machines."""
    response = error.response
    try:
        told = response.json()
    except (AttributeError, ValueError):
        told = None
    if isinstance(told, dict):
        for name in ("Message", "message", "error", "ErrorMessage", "detail"):
            if isinstance(said := told.get(name), str) and said.strip():
                return " ".join(said.split())
    return str(getattr(response, "reason", "") or "no reason given")


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split("\n", 1)[0].split())


def _cut(text: str) -> str:
    return text if len(text) <= 500 else text[:499] + "…"
