"""What a passkey answers, as a browser sends it: looked at here before the library for passkeys reads it.

Anybody can send something else, who is signed in or not. The library makes as many bytes of a number as it says and
follows what is nested as deep as it goes; and what it does not expect it raises in many ways.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

UNKNOWN = "This passkey is not known for this account."
NOT_ADDED = "This passkey could not be added. Try again."
# Many times what a browser sends.
_LONGEST = 20_000
_TEXTS = ("id", "rawId", "type", "authenticatorAttachment")
_ANSWERS = ("attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle")
_RAISED = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error,
)  # fmt: skip


class CredentialField(forms.JSONField):
    """Texts under the names that a passkey's answer has; all else that was sent is left out, and kept nowhere."""

    widget = forms.HiddenInput

    def __init__(self, *, refusal: str = UNKNOWN, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": refusal, "invalid": refusal}, **kwargs)
        self.refusal = refusal

    def to_python(self, value: Any) -> Any:
        with reading(self.refusal):
            if len(str(value)) > _LONGEST:
                raise ValueError
            sent = super().to_python(value)
            return None if sent is None else _only_known(sent)


@contextmanager
def reading(refusal: str = UNKNOWN) -> Iterator[None]:
    """Say in one sentence what the library says in many ways; faults of the database are none of its."""
    try:
        yield
    except (ValidationError, *_RAISED):
        raise ValidationError(refusal) from None


def _only_known(sent: dict[str, Any]) -> dict[str, Any]:
    """Raises AttributeError, KeyError or TypeError where it is none."""
    kept = _texts(sent, _TEXTS) | {"response": _texts(sent["response"], _ANSWERS)}
    made = (sent.get("clientExtensionResults") or {}).get("credProps") or {}
    return kept | {"clientExtensionResults": {"credProps": {"rk": made.get("rk") is True}}}


def _texts(sent: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    found = {name: sent[name] for name in names if sent.get(name) is not None}
    if not all(isinstance(text, str) and text.isascii() and text.isprintable() for text in found.values()):
        raise TypeError
    return found
