"""What is done to every answer; but for what isolates it, to every answer that is no static file."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# What a page could ask a browser for and never does. Passkeys are asked for by pages of ours alone.
_NEVER = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "unload", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
_OWN = ("publickey-credentials-create", "publickey-credentials-get")
ISOLATED = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{each}=()" for each in _NEVER), *(f"{each}=(self)" for each in _OWN)]),
}

COMPRESSED = ("text/html", "text/csv", "text/plain", "application/json")


class CompressText(GZipMiddleware):
    """Compress pages and files of text; what is compressed already, as a ZIP, stays as it is.

    Against guesses by length (BREACH) Django masks the token of each form anew and adds up to a hundred random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if kind in COMPRESSED else response


class IsolateAnswers:
    """No other site has anything of ours within its pages, and no page asks a browser for what it does not need.

    It stands before all others, so that it has what they answer: static files, errors, and the way to HTTPS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ISOLATED.items():
            response.headers[name] = value
        return response


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
