"""The page of a list."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from billing_admin.jobs.pages import job_on_page, job_response
from billing_admin.listing.files import file_response
from billing_admin.listing.saved_views import ViewsOfList, address_of_view
from billing_admin.listing.sheets import MAKE_FILE
from billing_admin.web.http import staff, vary_by_htmx
from billing_admin.web.lists import Listing


def show_list(request: HttpRequest, template: str, listing: Listing[Any], **context: Any) -> HttpResponseBase:
    """The page of a list, or its panel alone, when a popup has changed what it shows; POST: its file."""
    if request.method == "POST":
        return file_response(request, listing)
    sheet = job_on_page(request, MAKE_FILE, staff(request).pk) if "job" in request.GET else None
    if (answer := job_response(request, sheet)) is not None:
        return answer
    if listing.page_name and listing.client is None:
        saved = ViewsOfList(listing.file_name, staff(request))
        if saved.opens_with and not request.GET:
            return HttpResponseRedirect(f"{request.path}?{address_of_view(saved.opens_with)}")
        listing.chosen_columns = saved.columns
        context["saved"] = saved
    elif listing.page_name:
        told = {"sort", *listing.filters.filters}
        context["views"] = ViewsOfList(listing.file_name, staff(request)).for_one_client(told)
    again = bool(listing.panel_id) and request.headers.get("HX-Target") == listing.panel_id
    context |= {"listing": listing, "sheet": sheet, "client": listing.client}
    return vary_by_htmx(render(request, "components/list.html#panel" if again else template, context))
