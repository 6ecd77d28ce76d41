"""Settings: how the whole system behaves."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.http import staff
from clients.models import CreditUse
from credits.forms import SettingsForm
from credits.models import CreditSettings
from credits.services.credit_use import change_credit_use


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("credits.view_credit", raise_exception=True)
def settings(request: HttpRequest) -> HttpResponseBase:
    """Automatic use of credit. Those with the right change it, others see it."""
    current = CreditSettings.objects.current()
    form = SettingsForm(request.POST or None, initial={"credit_use": current.credit_use})
    if request.method == "POST":
        if not request.user.has_perm("credits.change_creditsettings"):
            raise PermissionDenied("Changing this needs the right “Change how credit is used”.")
        if form.is_valid():
            use = CreditUse(form.cleaned_data["credit_use"])
            try:
                change_credit_use(credit_use=use, by=staff(request))
            except BusinessError as error:
                messages.info(request, str(error))
            else:
                messages.success(request, f"Automatic use of credit is “{use.label}” from now on.")
            return HttpResponseRedirect(reverse("settings"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "settings.html", {"form": form, "current": current}, status=status)
