"""`/metrics`, for Prometheus: whoever shows the token of BILLING_METRICS_TOKEN. Without one there is none."""

import os
from collections.abc import Callable
from http import HTTPMethod, HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from billing_admin.web.metrics import COUNTED
from billing_admin.web.probes import plain

from .figures import FiguresOfDatabase

PATH = "/metrics"


class MetricsMiddleware:
    """Answers it to any Host and over plain HTTP, as what asks is a program beside the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != PATH:
            return self.get_response(request)
        if not settings.METRICS_TOKEN:
            return plain("There are no metrics here: BILLING_METRICS_TOKEN is not set.", HTTPStatus.NOT_FOUND)
        if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
            said = "Show the token as “Authorization: Bearer …”."
            return plain(said, HTTPStatus.UNAUTHORIZED, **{"WWW-Authenticate": "Bearer"})
        if request.method not in (HTTPMethod.GET, HTTPMethod.HEAD):
            return plain("Only GET and HEAD are answered here.", HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET, HEAD")
        return HttpResponse(_written(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _written() -> bytes:
    registry = CollectorRegistry()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        _forget_the_dead(Path(folder))
        MultiProcessCollector(registry)
    else:  # one process alone, as under another server
        for each in COUNTED:
            registry.register(each)
    registry.register(FiguresOfDatabase())
    return generate_latest(registry)


def _forget_the_dead(folder: Path) -> None:
    """Count the connections of processes at work alone. What the others answered stays counted."""
    for pid in {path.stem.rpartition("_")[2] for path in folder.glob("gauge_live*_*.db")}:
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(int(pid), str(folder))
