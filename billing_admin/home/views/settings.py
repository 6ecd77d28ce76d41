"""Settings: how the whole system behaves."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.seen import ChangedMeanwhile
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from clients.models import CreditUse
from credits.forms import LimitsForm, SettingsForm
from credits.models import CreditSettings
from credits.services.credit_use import change_credit_use
from credits.services.limits import set_credit_limits


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="credits.change_creditsettings")
def settings(request: HttpRequest) -> HttpResponseBase:
    """Automatic use of credit, and the limits of what is given by hand, a form each.

    Those with the right change it, others see it.
    """
    current = CreditSettings.objects.current()
    sent = request.POST if request.method == "POST" else None
    of_limits = sent is not None and "largest_grants" in sent
    form = SettingsForm(None if of_limits else sent, current=current)
    limits = LimitsForm(sent if of_limits else None, limits=current, auto_id="id_limits_%s")
    if request.method == "POST":
        if limits.is_valid():
            try:
                set_credit_limits(**limits.cleaned_data, by=staff(request))
            except ChangedMeanwhile as error:
                limits.refuse(error)
            except BusinessError as error:
                messages.info(request, str(error))
                return HttpResponseRedirect(reverse("settings"))
            else:
                messages.success(request, "Credit above these limits is given only where staff say yes to it.")
                return HttpResponseRedirect(reverse("settings"))
        if form.is_valid():
            use = CreditUse(form.cleaned_data["credit_use"])
            try:
                data = form.cleaned_data
                change_credit_use(credit_use=use, by=staff(request), seen=data["seen"], reason=data["reason"])
            except ChangedMeanwhile as error:
                form.refuse(error)
            except BusinessError as error:
                messages.info(request, str(error))
                return HttpResponseRedirect(reverse("settings"))
            else:
                messages.success(request, f"Automatic use of credit is “{use.label}” from now on.")
                return HttpResponseRedirect(reverse("settings"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if sent is not None else HTTPStatus.OK
    context = {"form": form, "limits": limits, "current": current}
    return render(request, "settings.html", context, status=status)
