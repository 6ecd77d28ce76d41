"""The file of a list: exactly what is filtered, in the order asked for, for a spreadsheet or for any program."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect

from billing_admin.csv_files.xlsx import xlsx_file
from billing_admin.db.positions import counted
from billing_admin.errors import BusinessError
from billing_admin.listing.sheets import MAKE_SHEET, MAKE_ZIP, ask_for_sheet
from billing_admin.web.csv_export import csv_response
from billing_admin.web.http import staff
from billing_admin.web.lists import Listing

type Rows = Iterator[list[Any]]

# More rows than these a worker writes.
MOST_AT_ONCE = 2_000

# More rows than these are no file that a spreadsheet is good for.
MOST_IN_A_SHEET = 100_000

# So many documents are in one ZIP at most, which is kept in the database for a day.
MOST_IN_A_ZIP = 1_000

ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_response(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase:
    """All of it as a file; refused where a filter cannot be read, or a spreadsheet would not hold it."""
    if listing.filters.problem:
        return _refused(listing.filters.problem)
    if request.POST.get("file") == "zip" and listing.has_documents:
        return _zip_response(request, listing)
    if request.POST.get("file") != "xlsx":
        name = f"{listing.file_title}.csv"
        listing.write_down(listing.file_label, file=name, rows=listing.in_file.count())
        headings = [column.heading for column in listing.file_columns([])]
        return csv_response(name, headings, listing.file_rows())
    rows = listing.in_file.values_list("pk")
    if (count := counted(rows, MOST_IN_A_SHEET)) is None:
        return _refused(
            f"More than {MOST_IN_A_SHEET:,} {listing.nouns} are too many for Excel. Filter them, or save CSV."
        )
    if counted(rows, MOST_AT_ONCE) is None:
        return _asked_for(request, listing, MAKE_SHEET, listing.file_label, count)
    name = f"{listing.file_title}.xlsx"
    listing.write_down(listing.file_label, file=name, rows=count)
    return FileResponse(sheet_of(listing), as_attachment=True, filename=name, content_type=XLSX)


def _zip_response(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase:
    """The documents of the rows; always made by a worker, which may have to draw them."""
    found = counted(listing.in_file.values_list("pk"), MOST_IN_A_ZIP)
    if found is None:
        return _refused(f"More than {MOST_IN_A_ZIP:,} {listing.nouns} are too many for one ZIP. Filter them first.")
    if not found:
        return _refused(f"There are no {listing.nouns} to save documents of.")
    what = f"Documents of {listing.file_label[:1].lower()}{listing.file_label[1:]}"
    return _asked_for(request, listing, MAKE_ZIP, what, found)


def _asked_for(request: HttpRequest, listing: Listing[Any], kind: str, what: str, rows: int) -> HttpResponseBase:
    """Have a worker make the file, and show on the page of the list how that stands."""
    try:
        job = ask_for_sheet(listing, by=staff(request), kind=kind)
    except BusinessError as error:
        return _refused(str(error))
    listing.write_down(what, file=job.file.name, rows=rows)
    query = request.GET.copy()
    query["job"] = str(job.pk)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")


def sheet_of(listing: Listing[Any], told: Callable[[Rows], Rows] = lambda rows: rows) -> IO[bytes]:
    """All of it as a file for a spreadsheet; `told` sees the rows go by."""
    columns = listing.file_columns([])
    headings, amounts = [column.heading for column in columns], [column.is_amount for column in columns]
    return xlsx_file(listing.label, headings, amounts, told(listing.file_rows()))


def _refused(text: str) -> HttpResponse:
    return HttpResponse(text, "text/plain; charset=utf-8", HTTPStatus.UNPROCESSABLE_CONTENT)
