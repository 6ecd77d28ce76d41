"""Texts that stand in the database for nobody to read who has only the database: sessions and seeds of codes."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """It was sealed with another SECRET_KEY, or is not what was sealed."""


def seal(text: str) -> str:
    """What only this installation can read, with its SECRET_KEY."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, also with one of SECRET_KEY_FALLBACKS.

    Raises Unreadable.
    """
    try:
        return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


@lru_cache(maxsize=4)
def _box(*keys: str) -> MultiFernet:
    digests = [hashlib.sha256(b"billing_admin.sealed" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
