"""What a link holds that lets whoever has it do something. Only its digest is stored."""

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """A token that nobody can guess, and its digest."""
    token = secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """By what a token is found."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
