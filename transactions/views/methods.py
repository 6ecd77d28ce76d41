"""Payment methods: a small page to add, rename and switch them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from transactions.forms import MethodForm
from transactions.models import PaymentMethod
from transactions.selectors.lists import payment_methods
from transactions.services.methods import add_payment_method, rename_payment_method, switch_payment_method


@require_safe
@needs("transactions.view_transaction")
def methods(request: HttpRequest) -> HttpResponse:
    """All methods, with what can be done to each."""
    return render(request, "transactions/methods.html", {"methods": list(payment_methods())})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.manage_payment_methods")
def add_method(request: HttpRequest) -> HttpResponseBase:
    """Add a way to pay."""
    return _named(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.manage_payment_methods")
def rename_method(request: HttpRequest, method_pk: int) -> HttpResponseBase:
    """Call it something else, also on its past transactions."""
    return _named(request, _method(method_pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.manage_payment_methods")
def switch_method(request: HttpRequest, method_pk: int) -> HttpResponseBase:
    """Offer it, or offer it no longer."""
    method = _method(method_pk)
    if request.method != "POST":  # the button stands on the page of all methods
        return HttpResponseRedirect(reverse("transactions:methods"))
    try:
        active = switch_payment_method(
            method=method, active=request.POST.get("active") == "1", by=staff(request)
        ).active
    except BusinessError as error:
        messages.warning(request, str(error))
    else:
        said = "is offered again" if active else "is no longer offered; its transactions stay"
        messages.success(request, f"{method} {said}.")
    return HttpResponseRedirect(reverse("transactions:methods"))


def _named(request: HttpRequest, method: PaymentMethod | None) -> HttpResponseBase:
    url = reverse("transactions:methods")
    form = MethodForm(request.POST or None, initial={"name": method.name} if method else None)
    if request.method == "POST" and form.is_valid():
        name: str = form.cleaned_data["name"]
        try:
            if method is None:
                message = f"Payment method {add_payment_method(name=name, by=staff(request))} added."
            else:
                renamed = rename_payment_method(method=method, name=name, by=staff(request))
                message = f"{method} is called {renamed} now."
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=message)
    title = f"Rename {method}" if method else "Add Payment Method"
    return render_popup(request, "transactions/method.html", {"form": form}, title=title, close_url=url)


def _method(pk: int) -> PaymentMethod:
    method = PaymentMethod.objects.filter(pk=pk).first()
    if method is None:
        raise Http404("There is no such payment method.")
    return method
