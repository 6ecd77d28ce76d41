"""How often somebody may try: counted before a password is hashed, for all processes together. See docs/sign-in.md."""

import math
import unicodedata
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest

from billing_admin.db.rates import Rate, forget, give_back, take
from billing_admin.text import pluralize

from .addresses import counted_address

# Of one name from one address; of one address, whatever the names. An account is never refused from everywhere, or
# anybody could keep the Owner out.
ACCOUNT = Rate("sign_in", 5, 300)
ADDRESS = Rate("sign_in_address", 20, 300)
# Codes of one person from anywhere: who gets to try them knows the password.
CODE = Rate("sign_in_code", 5, 300)
# Each lets the browser of nobody in particular begin a session.
PASSKEY = Rate("sign_in_passkey", 30, 300)


@dataclass(frozen=True)
class Attempt:
    """One try with a password: at an account, or at a name that is none. `person` is for `unlock` alone."""

    name: str
    address: str
    person: int | None

    @classmethod
    def at(cls, request: HttpRequest, name: str, person: User | None) -> "Attempt":
        return cls(name, counted_address(request), person.pk if person else None)

    def begin(self) -> int:
        """Count it. Returns 0, or how many seconds are to be waited; then it does not count.

        The address first: who tries one made-up name after the other leaves no more rows than that lets through.
        """
        if seconds := take(ADDRESS, self.address, address=self.address):
            return seconds
        if seconds := take(ACCOUNT, self._key, person=self.person, address=self.address):
            give_back(ADDRESS, self.address)
        return seconds

    def undo(self) -> None:
        """It does not count: the password was not looked at."""
        give_back(ACCOUNT, self._key)
        give_back(ADDRESS, self.address)

    def succeed(self) -> None:
        """Forget the failures of this account from this address alone: who has one cannot go on guessing at others."""
        give_back(ADDRESS, self.address, forget(ACCOUNT, self._key))

    @property
    def _key(self) -> str:
        """By the name as it is typed, whether it is an account's or not: else its refusals told which is.

        In whatever letters: PostgreSQL takes `ı` and `ſ` of an e-mail for `i` and `s`.
        """
        name = unicodedata.normalize("NFKC", self.name).upper().casefold()
        return f"{name} from {self.address}"


def too_often(seconds: int) -> str:
    """When to try again. It is the same whether there is such an account or not, and whatever the password."""
    return f"Signing in failed too often. Try again in {pluralize(math.ceil(seconds / 60), 'minute')}."
