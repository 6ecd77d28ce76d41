"""Import Clients: upload a file, look at what would become of it, import it; and the saved mappings."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from billing_admin.web.answer_form import AnswerForm
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.waiting_files import WaitingFile
from clients.forms.importing import BY_HEADER, OWN, ClientFileForm, ClientFileMappingForm
from clients.models import ClientFile, ClientFileMapping
from clients.selectors.client_files import client_file_mappings, waiting_client_files
from clients.services.importing.mappings import delete_mapping, save_mapping
from clients.services.importing.ready import BY_CODE, READY
from clients.services.importing.recognise import recognise
from clients.services.importing.result import SHOWN
from clients.services.importing.upload import (
    answer_client_file,
    discard_client_file,
    import_client_file,
    keep_client_file,
    mapping_of,
    preview_client_file,
)

# How many changed values and possible duplicates a page lists; the command lists all of them.
LISTED = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
@takes_long
def import_page(request: HttpRequest) -> HttpResponseBase:
    """Upload a file; below it the files that wait and the mappings."""
    form = ClientFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            how = _read_by(form.cleaned_data["read_by"], file.name, content)
            upload = keep_client_file(name=file.name, content=content, by=staff(request), **how)
        except BusinessError as error:
            form.add_error("file", str(error))
        else:
            return HttpResponseRedirect(reverse("clients:import_preview", args=[upload.pk]))
    context = {
        "form": form,
        "waiting": [
            WaitingFile(
                reverse("clients:import_preview", args=[file.pk]),
                file.name,
                _label(file),
                file.uploaded_by.get_username(),
                file.uploaded_at,
            )
            for file in waiting_client_files()
        ],
        "mappings": list(client_file_mappings()),
        "ready": READY,
    }
    return render(request, "clients/import.html", context, status=422 if form.is_bound else 200)


def _read_by(chosen: str, name: str, content: bytes) -> dict[str, Any]:
    """What reads the file: what was chosen, or what its header says."""
    if chosen == OWN:
        return {}
    if chosen == BY_HEADER:
        ready = recognise(name, content)
        return {"ready_mapping": ready.code} if ready else {}
    if chosen in BY_CODE:
        return {"ready_mapping": chosen}
    return {"mapping": ClientFileMapping.objects.filter(pk=chosen).first()}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
@takes_long
def import_preview(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """What would become of each row, and the button that imports them all; or what the file leaves open."""
    upload = ClientFile.objects.select_related("mapping", "uploaded_by").filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    problem = ""
    if request.method == "POST":
        try:
            run = import_client_file(upload=upload, by=staff(request), **_agreed(request, upload))
        except NeedsAnswer:
            pass  # the preview asks it
        except BusinessError as error:
            problem = str(error)
        else:
            said = f"{pluralize(run.imported, 'client')} imported from {upload.name}."
            messages.success(request, " ".join([said, *run.notices]))
            return HttpResponseRedirect(reverse("clients:list"))
    return _preview(request, upload, problem)


def _agreed(request: HttpRequest, upload: ClientFile) -> dict[str, Any]:
    agreed: dict[str, Any] = {"skip_bad": request.POST.get("skip_bad") == "on"}
    if mapping_of(upload) is not None:
        choice = request.POST.get("lookalikes", "")
        agreed |= {
            "accept_changes": request.POST.get("accept_changes") == "on",
            "above_limit": request.POST.get("above_limit") == "on",
            "with_lookalikes": {"import": True, "leave_out": False}.get(choice),
            "seen": request.POST.get("seen", ""),
        }
    return agreed


def _preview(
    request: HttpRequest, upload: ClientFile, problem: str, answer_form: AnswerForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "upload": upload,
        "label": _label(upload),
        "shown": SHOWN,
        "listed": LISTED,
        "slice": f":{LISTED}",
    }
    try:
        run = preview_client_file(upload)
    except NeedsAnswer as error:
        form = answer_form or AnswerForm(question=error.question, choices=error.choices)
        context |= {"question": str(error), "answer_form": form}
    except BusinessError as error:
        problem = str(error)
    else:
        context |= {
            "run": run,
            "bad": run.bad.count,
            "credit": totals_text(run.credit) if run.credit else "",
            "twins": len({each.line for each in run.lookalikes}),
        }
    status = 422 if problem or (answer_form and answer_form.errors) else 200
    return render(request, "clients/import_preview.html", context | {"problem": problem}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
@takes_long
def import_answer(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """Take what staff say about something that the file leaves open."""
    upload = ClientFile.objects.select_related("mapping", "uploaded_by").filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("clients:import_preview", args=[file_pk]))
    try:
        preview_client_file(upload)
    except NeedsAnswer as error:
        form = AnswerForm(request.POST, question=error.question, choices=error.choices)
        if not form.is_valid():
            return _preview(request, upload, "", form)
        try:
            answer_client_file(upload=upload, question=error.question, answer=form.cleaned_data["answer"])
        except BusinessError:
            return _gone(request)
    except BusinessError:
        pass  # the preview says it
    return HttpResponseRedirect(reverse("clients:import_preview", args=[file_pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
def import_discard(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """Forget an uploaded file."""
    upload = ClientFile.objects.filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    if request.method != "POST":  # the button stands on the preview
        return HttpResponseRedirect(reverse("clients:import_preview", args=[file_pk]))
    try:
        discard_client_file(upload=upload)
    except BusinessError:
        return _gone(request)
    messages.success(request, f"{upload.name} discarded; nothing of it was imported.")
    return HttpResponseRedirect(reverse("clients:import"))


def _gone(request: HttpRequest) -> HttpResponseBase:
    messages.warning(request, "This file was imported or discarded already; nothing was done.")
    return HttpResponseRedirect(reverse("clients:import"))


def _label(upload: ClientFile) -> str:
    mapping = mapping_of(upload)
    return mapping.name if mapping else "Billing Admin’s own format"


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
def add_mapping(request: HttpRequest) -> HttpResponseBase:
    """Save how the files of one more system are read; `?from=` begins with a copy of a ready mapping."""
    ready = BY_CODE.get(request.GET.get("from", ""))
    return _mapping_form(request, ready.mapping if ready else ClientFileMapping())


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
def edit_mapping(request: HttpRequest, mapping_pk: int) -> HttpResponseBase:
    """Change how the files of one system are read."""
    return _mapping_form(request, _mapping(mapping_pk))


def _mapping_form(request: HttpRequest, mapping: ClientFileMapping) -> HttpResponseBase:
    url = reverse("clients:import")
    is_new = mapping.pk is None
    form = ClientFileMappingForm(request.POST or None, instance=mapping)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_mapping(mapping=form.instance, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=f"Mapping {saved} {'added' if is_new else 'changed'}.")
    title = "Add Mapping" if is_new else f"Mapping {mapping.name}"
    return render_popup(request, "clients/import_mapping.html", {"form": form}, title=title, close_url=url, wide=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
def delete_mapping_view(request: HttpRequest, mapping_pk: int) -> HttpResponseBase:
    """Delete a mapping; the clients that came by it stay."""
    mapping = _mapping(mapping_pk)
    if request.method != "POST":  # the button stands in the list of mappings
        return HttpResponseRedirect(reverse("clients:import"))
    try:
        delete_mapping(mapping=mapping, by=staff(request))
    except BusinessError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"Mapping {mapping} deleted.")
    return HttpResponseRedirect(reverse("clients:import"))


def _mapping(pk: int) -> ClientFileMapping:
    mapping = ClientFileMapping.objects.filter(pk=pk).first()
    if mapping is None:
        raise Http404("There is no such mapping.")
    return mapping
