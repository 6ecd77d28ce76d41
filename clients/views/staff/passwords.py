"""A forgotten password: asking for a link, and choosing another with it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.db.rates import Rate
from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.needs import open_to_all
from clients.forms.staff import ForgottenForm, NewPasswordForm
from clients.selectors.staff import why_no_account_mail
from clients.services.staff.reset import ask_for_reset, person_of, reset_password

from .alone import asked_too_often, not_valid, token_of

_ASKED = Rate("staff.forgotten", limit=10, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Have a link sent. The answer is the same whether there is such an account or not."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    no_mail = bool(why_no_account_mail())
    if form.is_bound and form.is_valid() and not no_mail:
        if refused := asked_too_often(request, _ASKED):
            form.add_error(None, refused)
        else:
            ask_for_reset(typed=form.cleaned_data["name"])
            return render(request, "staff/reset_asked.html")
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "staff/forgotten.html", {"form": form, "no_mail": no_mail}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def new_password(request: HttpRequest) -> HttpResponseBase:
    """Choose another password with the link of a mail; who was signed in under the old one is signed out."""
    token = token_of(request)
    try:
        person = person_of(token)
    except BusinessError as error:
        return not_valid(request, str(error))
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (refused := asked_too_often(request)):
        form.add_error(None, refused)
    elif form.is_bound and form.is_valid():
        try:
            reset_password(token=token, password=form.cleaned_data["password"])
        except BusinessError as error:
            add_error(form, error)
        else:
            messages.success(request, "The new password counts from now on. Sign in with it.")
            return HttpResponseRedirect(reverse("account_login"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "staff/new_password.html", {"form": form, "person": person}, status=status)
