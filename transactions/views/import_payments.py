"""Import Payments: upload a file, look at what would become of each row, book it; and the saved file formats."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.limits import takes_long
from transactions.forms import MappingForm, UploadForm
from transactions.models import PaymentFile, PaymentFileMapping
from transactions.selectors.files import file_mappings, waiting_files
from transactions.services.importing.book import preview_payments, totals_of
from transactions.services.importing.formats import delete_format, save_format
from transactions.services.importing.match import Outcome
from transactions.services.importing.read import OWN_FORMAT
from transactions.services.importing.upload import LARGEST, book_upload, discard_upload, keep_upload

# How many rows a preview shows; all of them are counted.
SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
@takes_long
def import_page(request: HttpRequest) -> HttpResponseBase:
    """Upload a file; below it the files that wait and the saved formats."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = keep_upload(
                name=file.name,
                content=file.read(LARGEST + 1) if file.size <= LARGEST else b" " * (LARGEST + 1),
                mapping=form.cleaned_data["mapping"],
                by=staff(request),
            )
        except BusinessError as error:
            form.add_error("file", str(error))
        else:
            return HttpResponseRedirect(reverse("transactions:preview", args=[upload.pk]))
    context = {"form": form, "waiting": list(waiting_files()), "mappings": list(file_mappings())}
    return render(request, "transactions/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
@takes_long
def preview(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """What would become of each row, and the button that books them all."""
    upload = PaymentFile.objects.select_related("mapping__payment_method", "uploaded_by").filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    problem = ""
    if request.method == "POST":
        try:
            run = book_upload(upload=upload, by=staff(request), skip_bad=request.POST.get("skip_bad") == "on")
        except BusinessError as error:
            problem = str(error)
        else:
            messages.success(
                request, f"{pluralize(run.imported, 'payment')} booked from {upload.name}. {' '.join(run.notices)}"
            )
            return HttpResponseRedirect(reverse("transactions:list"))
    return _preview(request, upload, problem)


def _preview(request: HttpRequest, upload: PaymentFile, problem: str) -> HttpResponse:
    context = {"upload": upload, "problem": problem, "shown": SHOWN}
    try:
        run = preview_payments(name=upload.name, content=bytes(upload.content), mapping=upload.mapping or OWN_FORMAT)
    except BusinessError as error:
        context["problem"] = str(error)
    else:
        counts = [(outcome, run.count(outcome), totals_of(run.matches, outcome)) for outcome in Outcome]
        context |= {
            "run": run,
            "counts": [(outcome, count, total) for outcome, count, total in counts if count],
            "matches": run.matches[:SHOWN],
            "bookable": run.imported,
            "bad": run.bad.count,
        }
    return render(request, "transactions/preview.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
def discard(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """Forget an uploaded file."""
    upload = PaymentFile.objects.filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    if request.method != "POST":  # the button stands on the preview
        return HttpResponseRedirect(reverse("transactions:preview", args=[file_pk]))
    try:
        discard_upload(upload=upload)
    except BusinessError:
        return _gone(request)
    messages.success(request, f"{upload.name} discarded; nothing of it was booked.")
    return HttpResponseRedirect(reverse("transactions:import"))


def _gone(request: HttpRequest) -> HttpResponseBase:
    messages.warning(request, "This file was booked or discarded already; nothing was done.")
    return HttpResponseRedirect(reverse("transactions:import"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
def add_format(request: HttpRequest) -> HttpResponseBase:
    """Save how the files of one more bank are read."""
    return _format(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
def edit_format(request: HttpRequest, format_pk: int) -> HttpResponseBase:
    """Change how the files of one bank are read."""
    return _format(request, _mapping(format_pk))


def _format(request: HttpRequest, mapping: PaymentFileMapping | None) -> HttpResponseBase:
    url = reverse("transactions:import")
    form = MappingForm(request.POST or None, instance=mapping)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_format(mapping=form.instance, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=f"File format {saved} {'changed' if mapping else 'added'}.")
    title = f"File Format {mapping.name}" if mapping else "Add File Format"
    context = {"form": form, "mapping": mapping}
    return render_popup(request, "transactions/format.html", context, title=title, close_url=url, wide=True)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
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


def _mapping(pk: int) -> PaymentFileMapping:
    mapping = PaymentFileMapping.objects.filter(pk=pk).first()
    if mapping is None:
        raise Http404("There is no such file format.")
    return mapping
