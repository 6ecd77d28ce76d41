"""What lists need pages of their own for: saving a view, one's views, columns, and files that a worker made."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.listing.files import XLSX, ZIP
from billing_admin.listing.forms import ColumnsForm, SaveViewForm
from billing_admin.listing.saved_views import (
    ViewsOfList,
    address_of_view,
    choose_columns,
    delete_view,
    open_unfiltered,
    own_views,
    query_of,
    save_view,
)
from billing_admin.listing.sheets import may_have_sheet
from billing_admin.models import SavedFile
from billing_admin.rights import missing_rights
from billing_admin.web.columns import usual
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.lists import Listing
from billing_admin.web.needs import looks_itself, of_oneself


@require_http_methods(["GET", "HEAD", "POST"])
@looks_itself("what the list needs")
def save(request: HttpRequest, listed: str) -> HttpResponseBase:
    """Keep under a name what the address filters a list by, and its order."""
    listing = _listing(request, listed)
    form = SaveViewForm(request.POST or None)
    told = {"sort", *listing.filters.filters}
    query = {name: values for name, values in query_of(request.GET).items() if name in told}
    if request.method == "POST" and form.is_valid():
        try:
            view = save_view(listing=listed, query=query, by=staff(request), **form.cleaned_data)
        except BusinessError as error:
            add_error(form, error)
        else:
            address = f"{listing.path}?{address_of_view(view.query)}"
            return leave_for(request, address, message=f"View “{view.name}” saved.")
    close_url = f"{listing.path}?{address_of_view(query)}"
    context = {"form": form, "listing": listing, "query": query}
    return render_popup(request, "lists/save_view.html", context, title="Save View", close_url=close_url)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_itself("what the list needs")
def views(request: HttpRequest, listed: str) -> HttpResponseBase:
    """One's own views of a list: delete one, or let the list open with all rows again."""
    listing, person = _listing(request, listed), staff(request)
    if request.method == "POST":
        if "open" in request.POST:
            open_unfiltered(listing=listed, by=person)
            return leave_for(request, f"{listing.path}?view=all", message=f"The list opens with all {listing.nouns}.")
        view = own_views(listed, person).filter(pk=_number(request.POST.get("view"))).first()
        if view is None:
            messages.warning(request, "This view was deleted meanwhile.")
            return leave_for(request, f"{listing.path}?view=all")
        delete_view(view=view, by=person)
        return leave_for(request, f"{listing.path}?view=all", message=f"View “{view.name}” deleted.")
    saved = ViewsOfList(listed, person)
    context = {"listing": listing, "mine": [each for each in saved.views if not each["by"]], "opens": saved.opens_with}
    return render_popup(request, "lists/views.html", context, title="Your Views", close_url=f"{listing.path}?view=all")


@require_http_methods(["GET", "HEAD", "POST"])
@looks_itself("what the list needs")
def columns(request: HttpRequest, listed: str) -> HttpResponseBase:
    """Which columns of a list one sees."""
    listing, person = _listing(request, listed), staff(request)
    first, *offered = listing.offered
    form = ColumnsForm(request.POST or None, columns=offered, chosen=ViewsOfList(listed, person).columns)
    back = f"{listing.path}?{request.GET.urlencode() or 'view=all'}"
    if request.method == "POST":
        form = ColumnsForm(request.POST, columns=offered, chosen=[])
        if form.is_valid():
            chosen = form.cleaned_data["columns"]
            as_usual = set(chosen) == set(usual(offered))
            choose_columns(listing=listed, columns=[] if as_usual else [first.chosen_by, *chosen], by=person)
            return leave_for(request, back)
    context = {"form": form, "listing": listing}
    return render_popup(request, "lists/columns.html", context, title="Columns", close_url=back)


@require_safe
@of_oneself
def saved_file(request: HttpRequest, job_pk: int) -> HttpResponseBase:
    """A file that a worker made: for who asked for it, and for nobody else."""
    file = SavedFile.objects.filter(job=job_pk, job__asked_by=staff(request), content__isnull=False).first()
    if file is None:
        raise Http404("There is no such file; one is kept for a day.")
    if not may_have_sheet(file.job):
        raise PermissionDenied("Your account may no longer see what is in this file.")
    if request.method == "GET":
        asked = file.job.arguments
        listing = Listing.named[asked["list"]](staff(request), QueryDict(asked["query"]))
        listing.write_down(f"File that was made of {listing.label}", file=file.name)
    kind = ZIP if file.name.endswith(".zip") else XLSX
    return FileResponse(BytesIO(file.content or b""), filename=file.name, as_attachment=True, content_type=kind)


def _listing(request: HttpRequest, listed: str) -> Listing[Any]:
    """The list of this name, as the address filters it, for who may see it."""
    found = Listing.named.get(listed)
    if found is None or not found.page_name:
        raise Http404(f"There is no list {listed}.")
    if not request.user.has_perm(found.permission):
        raise PermissionDenied(missing_rights([found.permission]))
    listing = found(staff(request), request.GET)
    listing.path = reverse(found.page_name)
    return listing


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
