"""Signing in, and confirming who it is."""

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from billing_admin.db.limits import Busy
from billing_admin.db.rates import Rate, forget, take

from .accounts import find_account, is_password
from .attempts import CODE, Attempt, too_often
from .credentials import NOT_ADDED, CredentialField, reading
from .events import Event, note

WRONG = "No account has this name and this password. Capital and small letters are told apart in both."
LONGEST_PASSWORD = 4096
LONGEST_PASSKEY_NAME = 60
_NO_PASSWORD = {"required": "Give your password."}
_NO_CODE = "Give a code."
PASSWORD_HELP = "At least ten characters, and none of the usual ones. Several words do well."  # noqa: S105
# A code of an authenticator app signs in once; it is good for half a minute.
_CODE_ONCE = Rate("code_used", 1, 90)


def check_password(request: HttpRequest, name: str, person: User | None, password: str) -> None:
    """Count a try and look at the password.

    Raises ValidationError, with the code `too_often` and `seconds` where it was not looked at; and Busy.
    """
    attempt = Attempt.at(request, name, person)
    if seconds := attempt.begin():
        note(Event.REFUSED, person, request)
        raise ValidationError(too_often(seconds), code="too_often", params={"seconds": seconds})
    try:
        right = is_password(person, password)
    except Busy:
        attempt.undo()
        note(Event.BUSY, person, request)
        raise
    if not right:
        note(Event.FAILED, person, request)
        raise ValidationError(WRONG, code="wrong")
    attempt.succeed()


class SignInForm(forms.Form):
    """A name and a password. Once it is valid, `person` is who it is."""

    username = forms.CharField(
        label="User name or e-mail",
        max_length=254,
        error_messages={"required": "Give your user name or e-mail."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        strip=False,
        max_length=LONGEST_PASSWORD,
        error_messages=_NO_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.person: User | None = None

    def clean(self) -> None:
        if self.errors:
            return
        name = self.cleaned_data["username"]
        person = find_account(name)
        check_password(self.request, name, person, self.cleaned_data["password"])
        self.person = person


class ConfirmForm(forms.Form):
    """The password of who is signed in, once more."""

    confirm_password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=LONGEST_PASSWORD,
        error_messages=_NO_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_confirm_password(self) -> str:
        assert isinstance(self.request.user, User)
        try:
            name = self.request.user.get_username()
            check_password(self.request, name, self.request.user, self.cleaned_data["confirm_password"])
        except ValidationError as error:
            if error.code != "wrong":
                raise
            raise ValidationError("This is not your password.") from error
        return ""  # nobody needs it any more


class ChangePasswordForm(PasswordChangeForm):
    """The old password counts as a try to sign in."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_mismatch": "The two new passwords are not the same."
    }

    def __init__(self, user: User, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request
        for name, label, missing, help_text in (
            ("old_password", "Your password", "Give your password.", ""),
            ("new_password1", "New password", "Choose a new password.", PASSWORD_HELP),
            ("new_password2", "New password again", "Type the new password once more.", ""),
        ):
            field = self.fields[name]
            field.label, field.help_text, field.error_messages["required"] = label, help_text, missing

    def clean_old_password(self) -> str:
        assert isinstance(self.user, User)
        try:
            check_password(self.request, self.user.get_username(), self.user, self.cleaned_data["old_password"])
        except ValidationError as error:
            if error.code != "wrong":
                raise
            raise ValidationError("This is not your password.") from error
        return str(self.cleaned_data["old_password"])


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey of who is signed in, or has given the password. (There is nothing to guess, and nothing to count.)"""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with reading():
            return super().clean_credential()


class SignInPasskeyForm(LoginWebAuthnForm):
    """A passkey that says whose it is."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with reading():
            return super().clean_credential()


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that was just made, under a name to know it by."""

    name = forms.CharField(required=False, max_length=LONGEST_PASSKEY_NAME)
    credential = CredentialField(refusal=NOT_ADDED)

    def clean(self) -> dict[str, Any]:
        with reading(NOT_ADDED):
            return dict(super().clean())


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for it."""

    name = forms.CharField(max_length=LONGEST_PASSKEY_NAME)


def _count_code(person: User) -> None:
    if seconds := take(CODE, str(person.pk), person=person.pk):
        raise ValidationError(too_often(seconds))


def _was_used(person: User, code: str) -> bool:
    """Mark a code as used; whether it was before."""
    return bool(take(_CODE_ONCE, f"{person.pk} {normalize_user_code(code)}"))


class CodeForm(AuthenticateForm):
    """A code of the authenticator app, or a recovery code, after the password. Each is good once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].error_messages["required"] = _NO_CODE
        self.fields["code"].help_text = "From your authenticator app, or one of your recovery codes."
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "autofocus": True}

    def clean_code(self) -> str:
        _count_code(self.user)
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and _was_used(self.user, code):
            raise ValidationError("This code was used before. Wait for the next one.")
        forget(CODE, str(self.user.pk))
        return code


class AddAppForm(ActivateTOTPForm):
    """The first code of an authenticator app, which shows that it has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code that the app shows"
        self.fields["code"].error_messages["required"] = _NO_CODE
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _was_used(self.user, code)
        return code
