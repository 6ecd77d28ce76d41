"""Hashing a password takes a core for long: only some threads of a process do it, so that pages are answered."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from billing_admin.db.limits import held_up

BUSY = "Too many people are signing in at this moment. Try again in a moment."


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's own. Raises Busy in a request where too many others are at it."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with held_up(BUSY):
            return super().encode(password, salt, iterations)
