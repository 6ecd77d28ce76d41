"""Sign-in & security: a person's own password, second factors and sessions."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing_admin.text import pluralize
from billing_admin.web.http import dialog_saved, render_popup, staff
from billing_admin.web.needs import of_oneself, of_oneself_afresh

from .events import Event, note
from .forms import ChangePasswordForm
from .middleware import while_enrolling
from .passkeys import options_text, why_no_passkeys
from .session_store import SessionStore
from .sessions import end_sessions, sessions_of

PAGE = reverse_lazy("mfa_index")


@never_cache
@require_safe
@while_enrolling
@of_oneself
def security(request: HttpRequest) -> HttpResponseBase:
    """How one signs in, and where one is signed in."""
    person = staff(request)
    assert isinstance(request.session, SessionStore)
    factors = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    codes = _only(factors, Authenticator.Type.RECOVERY_CODES)
    context = {
        "app": _only(factors, Authenticator.Type.TOTP),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "no_passkeys": why_no_passkeys(request),
        "must_enrol": request.session.must_enrol,
        "sessions": sessions_of(person, request),
    }
    return render(request, "account/security.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@while_enrolling
@of_oneself
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Another password; every other session ends."""
    form = ChangePasswordForm(staff(request), request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        person = form.save()  # PostgreSQL ends all sessions with it
        update_session_auth_hash(request, person)  # and this one goes on
        note(Event.PASSWORD_CHANGED, staff(request), request)
        said = "Your password was changed. You are signed out everywhere else."
        return dialog_saved(request, message=said, fallback_url=str(PAGE))
    return render_popup(
        request, "account/password.html", {"form": form}, title="Change Password", close_url=str(PAGE)
    )  # fmt: skip


@require_POST
@while_enrolling
@of_oneself
def end_session(request: HttpRequest, session_pk: int) -> HttpResponseBase:
    """End one session of one's own."""
    if end_sessions(staff(request), only=session_pk, request=request):
        messages.success(request, "That session was ended.")
    else:
        messages.warning(request, "That session had ended already.")
    return HttpResponseRedirect(str(PAGE))


@require_POST
@while_enrolling
@of_oneself
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """End all sessions of one's own but this one."""
    if ended := end_sessions(staff(request), but=request.session.session_key, request=request):
        messages.success(request, f"{pluralize(ended, 'other session')} ended.")
    else:
        messages.warning(request, "You are signed in nowhere else; nothing was done.")
    return HttpResponseRedirect(str(PAGE))


class _AddPasskey(AddWebAuthnView):
    """A passkey that signs in by itself, and so has to know its owner by finger, face or PIN."""

    template_name = "account/add_passkey.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if said := why_no_passkeys(request):
            messages.warning(request, said)
            return HttpResponseRedirect(str(PAGE))
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = webauthn.begin_registration(staff(self.request), True)
        return {"form": self.get_form(), "options": options_text(options), **kwargs}


def _only(factors: list[Authenticator], type: Authenticator.Type) -> Authenticator | None:
    return next((factor for factor in factors if factor.type == type), None)


def _own(view: Any) -> Any:
    """A view of allauth about one’s own second factors: who it is was shown a moment ago. (allauth takes PUT too.)"""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(while_enrolling(of_oneself_afresh(view))))


add_app = _own(ActivateTOTPView.as_view(template_name="account/add_app.html"))
remove_app = _own(DeactivateTOTPView.as_view(template_name="account/remove_app.html", success_url=PAGE))
add_passkey = _own(_AddPasskey.as_view())
rename_passkey = _own(EditWebAuthnView.as_view(template_name="account/rename_passkey.html", success_url=PAGE))
remove_passkey = _own(RemoveWebAuthnView.as_view(template_name="account/remove_passkey.html", success_url=PAGE))
recovery_codes = _own(ViewRecoveryCodesView.as_view(template_name="account/recovery_codes.html"))
new_recovery_codes = _own(GenerateRecoveryCodesView.as_view(template_name="account/new_codes.html"))
