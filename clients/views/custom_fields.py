"""Settings: the fields of a profile that the installation defines."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.forms.custom_fields import ChangeCustomFieldForm, CustomFieldForm
from clients.models import CustomField
from clients.services.custom_fields import add_custom_field, change_custom_field


@require_safe
@needs("clients.view_client")
def custom_fields(request: HttpRequest) -> HttpResponse:
    """Every field, those switched off too."""
    return render(request, "clients/custom_fields.html", {"fields": list(CustomField.objects.order_by("pk"))})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.change_customfield")
def add(request: HttpRequest) -> HttpResponseBase:
    """Define one more."""
    form = CustomFieldForm(request.POST if request.method == "POST" else None)
    url = reverse("custom_fields")
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            made = add_custom_field(
                name=cleaned["name"], kind=cleaned["kind"], choices=cleaned["choices"], by=staff(request)
            )
        except BusinessError as error:
            form.refuse(error)
        else:
            return leave_for(request, url, message=f"Every profile has the field “{made}” from now on.")
    return render_popup(request, "clients/custom_field.html", {"form": form}, title="Add Field", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.change_customfield")
def edit(request: HttpRequest, field_pk: int) -> HttpResponseBase:
    """Change one, or switch it off."""
    field = CustomField.objects.filter(pk=field_pk).first()
    if field is None:
        raise Http404("There is no such field.")
    form = ChangeCustomFieldForm(request.POST if request.method == "POST" else None, field=field)
    url = reverse("custom_fields")
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_custom_field(
                field=field, **form.typed(), by=staff(request), seen=form.cleaned_data["seen"]
            )
        except BusinessError as error:
            form.refuse(error)
        else:
            return leave_for(request, url, message=f"Field “{changed}” saved.")
    context = {"form": form, "field": field}
    return render_popup(request, "clients/custom_field.html", context, title=f"Field {field}", close_url=url)
