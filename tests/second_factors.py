"""An authenticator app, as a phone has one, and accounts that use it."""

import base64
import hashlib
import hmac
import struct
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User


def code_of(secret: str) -> str:
    """What the app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def give_app(person: User) -> str:
    """Give somebody an authenticator app and recovery codes. Returns the key."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def codes_of(person: User) -> list[str]:
    """The recovery codes that are left."""
    return list(Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes())
