"""What is done to every answer that is no static file."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = ("text/html", "text/csv", "text/plain", "application/json")


class CompressText(GZipMiddleware):
    """Compress pages and files of text; what is compressed already, as a ZIP, stays as it is.

    Against guesses by length (BREACH) Django masks the token of each form anew and adds up to a hundred random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if kind in COMPRESSED else response


class KeepOutOfCaches:
    """No browser and no proxy keeps a page: the next person at the machine would find clients' data by going back.

    What was typed into a form is kept by typed.js instead, until the person signs out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
