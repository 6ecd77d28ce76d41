"""The saved formats of files of payments: add, change, delete, and say what the column of ids is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from transactions.forms import MappingForm
from transactions.models import PaymentFileMapping
from transactions.services.importing.formats.ready import ready_format
from transactions.services.importing.formats.saved import confirm_ids, delete_format, save_format


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def add_format(request: HttpRequest) -> HttpResponseBase:
    """Save how the files of one more bank are read; a ready format can be begun with."""
    ready = ready_format(request.GET.get("ready", ""))
    return _format(request, ready.mapping() if ready else None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def edit_format(request: HttpRequest, format_pk: int) -> HttpResponseBase:
    """Change how the files of one bank are read."""
    return _format(request, _mapping(format_pk))


def _format(request: HttpRequest, mapping: PaymentFileMapping | None) -> HttpResponseBase:
    url = reverse("transactions:import")
    is_saved = mapping is not None and mapping.pk is not None
    form = MappingForm(request.POST or None, instance=mapping)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_format(mapping=form.instance, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=f"File format {saved} {'changed' if is_saved else 'added'}.")
    title = f"File Format {mapping.name}" if mapping and is_saved else "Add File Format"
    context = {"form": form, "mapping": mapping if is_saved else None}
    return render_popup(request, "transactions/format.html", context, title=title, close_url=url, wide=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def delete_format_view(request: HttpRequest, format_pk: int) -> HttpResponseBase:
    """Delete a format; what was booked by it stays."""
    mapping = _mapping(format_pk)
    if request.method != "POST":  # the button stands in the list of formats
        return HttpResponseRedirect(reverse("transactions:import"))
    try:
        delete_format(mapping=mapping, by=staff(request))
    except BusinessError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"File format {mapping} deleted.")
    return HttpResponseRedirect(reverse("transactions:import"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def confirm_format_ids(request: HttpRequest, format_pk: int) -> HttpResponseBase:
    """Say whether the ids of a format are the gateway's own or what payers write."""
    mapping = _mapping(format_pk)
    if request.method == "POST" and not mapping.id_confirmed:  # the buttons stand on Import Payments
        column, never_twice = mapping.id_column, request.POST.get("never_twice") == "yes"
        confirm_ids(mapping=mapping, never_twice=never_twice, by=staff(request))
        what = "the transaction ID" if never_twice else "the payer’s reference"
        messages.success(request, f"“{column}” of {mapping} is {what}.")
    return HttpResponseRedirect(reverse("transactions:import"))


def _mapping(pk: int) -> PaymentFileMapping:
    mapping = PaymentFileMapping.objects.filter(pk=pk).first()
    if mapping is None:
        raise Http404("There is no such file format.")
    return mapping
