"""URLs of a program whose faults repeat what somebody typed, in each of the ways in which errors do that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from billing_admin.errors import BusinessError
from billing_admin.web.needs import open_to_all

# What a person would be known by, with an end of a line in it.
NAME, MAIL = "Zaphod\nBeeblebrox", "zaphod@heart-of-gold.example"
PRIVATE = ("Zaphod", "Beeblebrox", "heart-of-gold")


def execute(sql: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE people (name text CHECK (name <> ''), mail text UNIQUE, born date)")
        cursor.execute("INSERT INTO people VALUES (%s, %s, now())", [NAME, MAIL])
        cursor.execute(sql, values)


def chained() -> None:
    try:
        raise ValueError(NAME)
    except ValueError as error:
        raise RuntimeError(f"{MAIL}: {error}") from error


def raising(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


FAULTS: dict[str, Callable[[], Any]] = {
    "unique": lambda: execute("INSERT INTO people VALUES (%s, %s, now())", NAME, MAIL),
    "check": lambda: execute(f"INSERT INTO people VALUES ('', %s, now()) -- {MAIL}", MAIL + NAME),
    "value": lambda: execute("SELECT %s::text::date", NAME),
    "number": lambda: int(NAME),
    "key": lambda: {}[MAIL],
    "refused": raising(BusinessError(f"{NAME} has no credit")),
    "form": raising(ValidationError({"mail": [MAIL]})),
    "chain": chained,
    "group": raising(ExceptionGroup(MAIL, [ValueError(NAME), KeyError(MAIL)])),
    "file": lambda: Path(f"/no/such/{MAIL}").read_text(),
}


@open_to_all
def fail(request: HttpRequest, fault: str) -> HttpResponse:
    """A fault of ours."""
    FAULTS[fault]()
    return HttpResponse()


urlpatterns = [path("<str:fault>/", fail, name="fail")]
handler500 = "billing_admin.web.error_pages.server_error"
