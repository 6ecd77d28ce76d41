"""The file of a list: exactly what is filtered, in the order asked for."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from billing_admin.web.csv_export import csv_response
from billing_admin.web.lists import Listing


def file_response(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase:
    """All of it as a CSV file; refused where a filter cannot be read."""
    if listing.filters.problem:
        return _refused(listing.filters.problem)
    listing.write_down(listing.file_label)
    headings = [column.heading for column in listing.file_columns([])]
    return csv_response(f"{listing.file_title}.csv", headings, listing.file_rows())


def _refused(text: str) -> HttpResponse:
    return HttpResponse(text, "text/plain; charset=utf-8", HTTPStatus.UNPROCESSABLE_CONTENT)
