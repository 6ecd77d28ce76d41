"""One's own e-mail address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from billing_admin.db.rates import Rate
from billing_admin.errors import BusinessError
from billing_admin.models import EmailChange
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import of_oneself, of_oneself_afresh
from clients.forms.staff import OwnEmailForm
from clients.selectors.staff import why_no_account_mail
from clients.services.staff.email import ask_for_email, confirm_email, email_change_of, forget_email_asked

from .alone import asked_too_often, not_valid, token_of

# Each sends a mail to whatever address is typed.
_ASKED = Rate("staff.own_email", limit=10, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@of_oneself_afresh
def own_email(request: HttpRequest) -> HttpResponseBase:
    """The address that one has, and another that waits to be confirmed."""
    person, url = staff(request), reverse("home")
    form = OwnEmailForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (refused := asked_too_often(request, _ASKED, person=person)):
        form.add_error(None, refused)
    elif form.is_bound and form.is_valid():
        try:
            change = ask_for_email(person=person, address=form.cleaned_data["address"])
        except BusinessError as error:
            add_error(form, error)
        else:
            said = f"A link is on its way to {change.address}. Open it where you are signed in, within a day."
            return leave_for(request, url, message=said)
    waiting = EmailChange.objects.filter(person=person).first()
    context = {
        "form": form, "person": person, "no_mail": why_no_account_mail(),
        "waiting": waiting if waiting and not waiting.has_expired else None,
    }  # fmt: skip
    return render_popup(request, "staff/own_email.html", context, title="Your E-mail Address", close_url=url)


@require_POST
@of_oneself
def keep_email(request: HttpRequest) -> HttpResponseBase:
    """Keep the address that one has; the link to the other is void."""
    url = reverse("staff:own_email")
    try:
        forget_email_asked(person=staff(request))
    except BusinessError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Your address stays as it is.")
    return HttpResponseRedirect(url)


@require_http_methods(["GET", "HEAD", "POST"])
@of_oneself
def confirm_own_email(request: HttpRequest) -> HttpResponseBase:
    """Say that mail to the new address arrives: whoever is signed in as the person who asked for it."""
    person, token = staff(request), token_of(request)
    try:
        change = email_change_of(token, person)
        if request.method == "POST":
            confirm_email(token=token, person=person)
            messages.success(request, f"Your address is {change.address} from now on.")
            return HttpResponseRedirect(reverse("home"))
    except BusinessError as error:
        return not_valid(request, str(error))
    return render(request, "staff/confirm_email.html", {"change": change, "person": person})
