"""A passkey, as a device keeps one, without a browser: it is made for a name and signs what it is asked to."""

import hashlib
import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import User
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

_THERE, _KNOWN, _MADE = 0x01, 0x04, 0x40


class Passkey:
    """One of `person`. Changing an attribute makes it one that lies about it."""

    def __init__(self, person: User, *, host: str = "testserver", id: bytes = b"") -> None:
        self.host, self.origin = host, f"https://{host}"
        self.id = id or secrets.token_bytes(16)
        self.handle = user_pk_to_url_str(person).encode()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.flags = _THERE | _KNOWN

    def make(self, challenge: str = "", **more: Any) -> str:
        """What the browser sends when it was made for this challenge."""
        public = ES256.from_cryptography_key(self.key.public_key())
        of_key = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(self._host_digest, AuthenticatorData.FLAG(self.flags | _MADE), 0, of_key)
        said = CollectedClientData.create("webauthn.create", challenge, self.origin)
        response = {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._sent(response, clientExtensionResults={"credProps": {"rk": True}}, **more)

    def sign(self, challenge: str) -> str:
        """What the browser sends when it was asked to sign this challenge."""
        data = AuthenticatorData.create(self._host_digest, AuthenticatorData.FLAG(self.flags), 1)
        said = CollectedClientData.create("webauthn.get", challenge, self.origin)
        signature = self.key.sign(bytes(data) + said.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(said), "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature), "userHandle": websafe_encode(self.handle),
        }  # fmt: skip
        return self._sent(response)

    @property
    def _host_digest(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()

    def _sent(self, response: dict[str, str], **more: Any) -> str:
        id = websafe_encode(self.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": response, **more})


def give_passkey(person: User, name: str = "Key", **details: Any) -> Passkey:
    """Give somebody a passkey and recovery codes."""
    made = Passkey(person, **details)
    WebAuthn.add(person, name, json.loads(made.make()))
    RecoveryCodes.activate(person)
    return made


def challenge_in(options: str | dict[str, Any]) -> str:
    """What is to be signed, of what a page or an answer gives to the browser."""
    found: dict[str, Any] = json.loads(options) if isinstance(options, str) else options
    return str(found["publicKey"]["challenge"])
