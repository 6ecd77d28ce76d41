"""Signing in: the page, also as it answers whom it does not let try, and the second step."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.db.limits import Busy
from billing_admin.db.rates import give_back, take
from billing_admin.web.http import next_url
from billing_admin.web.needs import of_oneself, open_to_all

from .addresses import counted_address
from .attempts import PASSKEY, too_often
from .events import Event, note
from .forms import WRONG, SignInForm
from .middleware import while_enrolling
from .passkeys import options_text, why_no_passkeys

SECONDS_OF_OTHERS = 2
_PASSWORD = "password"  # noqa: S105


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Let somebody in who has the password, after the second factor where there is one."""
    after = next_url(request, reverse("home"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(after)
    form = SignInForm(request.POST if request.method == "POST" else None, request=request)
    try:
        if form.is_valid():
            return perform_password_login(request, {}, _begun(form.person, after))
    except Busy as busy:  # too many others are at it
        again = SignInForm(request=request, initial={"username": request.POST.get("username", "")})
        return _refused(_page(request, again, refused=str(busy)), HTTPStatus.SERVICE_UNAVAILABLE, SECONDS_OF_OTHERS)
    answer = _page(request, form)
    for error in form.non_field_errors().as_data():
        if error.code == "too_often":
            _refused(answer, HTTPStatus.TOO_MANY_REQUESTS, (error.params or {})["seconds"])
    return answer


class CodeView(AuthenticateView):
    """The second step: a code, a passkey or a recovery code, as long as the password is the one of the first step."""

    template_name = "account/code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        login = self.stage.login
        if not constant_time_compare(login.state[_PASSWORD], login.user.get_session_auth_hash()):
            messages.error(request, WRONG)
            return self.stage.abort()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        passkeys = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        options = options_text(context["js_data"]["request_options"]) if passkeys.exists() else ""
        return {**context, "passkey_options": options, "no_passkeys": why_no_passkeys(self.request)}


code = open_to_all(CodeView.as_view())


class PasskeyView(LoginWebAuthnView):
    """Signing in with a passkey alone: GET, by a script, is what the browser is to sign; POST is the answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            address = counted_address(request)
            if seconds := take(PASSKEY, address, address=address):
                return JsonResponse({"said": too_often(seconds)}, status=HTTPStatus.TOO_MANY_REQUESTS)
        return super().get(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        note(Event.FAILED, None, self.request)
        messages.error(self.request, "This passkey is not known here. Sign in with your password.")
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': next_url(self.request, '/')})}")

    def form_valid(self, form: Any) -> HttpResponse:
        give_back(PASSKEY, counted_address(self.request))
        answer: HttpResponse = super().form_valid(form)
        return answer


passkey = open_to_all(PasskeyView.as_view())


@never_cache
@require_safe
@while_enrolling
@of_oneself
def signed_in(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the token that a form needs: for a page that was opened before (session.js)."""
    return JsonResponse({"person": request.user.pk, "token": get_token(request)})


def _begun(person: User | None, after: str) -> Login:
    """Between the steps, it is known which password was right: another one given meanwhile ends it."""
    assert person is not None
    return Login(user=person, redirect_url=after, state={_PASSWORD: person.get_session_auth_hash()})


def _page(request: HttpRequest, form: SignInForm, *, refused: str = "") -> HttpResponse:
    context = {
        "form": form,
        "refused": refused,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "no_passkeys": why_no_passkeys(request),
        "nobody_yet": request.method != "POST" and not User.objects.exists(),
    }
    return render(request, "account/sign_in.html", context)


def _refused(answer: HttpResponse, status: HTTPStatus, seconds: int) -> HttpResponse:
    answer.status_code = status
    answer["Retry-After"] = str(seconds)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would log it once more
    return answer
