"""What is sent is bounded: in bytes, in fields, in files. Refused in a sentence, with nothing saved."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from billing_admin.web import bodies
from billing_admin.web.bodies import LARGEST_REQUEST, with_whole_bodies
from billing_admin.wsgi import application
from clients.models.document import LARGEST_MEGABYTES, MEGABYTE
from credits.forms.batches import LARGEST
from tests.factories import make_staff
from tests.pages import parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    client.force_login(make_staff())
    return client


def said(answer):
    return parse(answer).one("[data-error-text]").text


def test_the_largest_file_of_any_form_fits_into_a_request():
    assert max(LARGEST_MEGABYTES * MEGABYTE, LARGEST) + 500_000 < LARGEST_REQUEST


@pytest.mark.parametrize("address", ["/sign-in/", "/clients/add/", "/no-such-page/"])
def test_what_is_too_large_is_refused_unread(owner, address):
    with nothing_changes():
        answer = owner.generic("POST", address, b"a=1", "text/plain", headers={"Content-Length": "30000000"})
    assert answer.status_code == 413
    assert said(answer) == "What was sent has 30.0 MB; 26 MB are taken at most. Nothing was saved."


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "9" * 40, "3, 3"])
def test_a_length_that_is_none_is_refused(owner, length):
    assert owner.generic("POST", "/clients/add/", b"a=1", headers={"Content-Length": length}).status_code in (400, 413)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ("note=" + "a" * 3_000_000, "What was typed into the form is more than 2.6 MB. Nothing was saved."),
        ("&".join(["a=1"] * 1_001), "The form has more than 1,000 fields. Nothing was saved."),
    ],
    ids=["large", "many"],
)
def test_a_form_that_is_too_large_is_refused_in_a_sentence(owner, sent, sentence):
    with nothing_changes():
        answer = owner.generic("POST", "/clients/add/", sent.encode(), "application/x-www-form-urlencoded")
    assert (answer.status_code, said(answer)) == (413, sentence)


def test_too_many_files_are_refused_in_a_sentence(owner):
    files = {f"file{place}": SimpleUploadedFile("a.csv", b"a") for place in range(101)}
    with nothing_changes():
        answer = owner.post("/clients/import/", files)
    assert (answer.status_code, said(answer)) == (413, "More than 100 files were sent at once. Nothing was saved.")


class Breaking(io.BytesIO):
    """What a client sends that goes away after some bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if part := super().read(size):
            return part
        raise OSError("the client went away")


def asked(body: io.BytesIO, length: int) -> tuple[str, bytes]:
    environ = RequestFactory().post("/sign-in/").environ | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
    told: list[Any] = []
    parts = with_whole_bodies(application)(environ, lambda status, headers: told.append(status))
    return told[0], b"".join(parts)


def test_what_breaks_off_is_refused():
    for body in (Breaking(b"username=a"), io.BytesIO(b"username=a")):
        status, page = asked(body, 1_000)
        assert status == "400 Bad Request"
        assert b"What was sent broke off. Nothing was saved." in page


def test_what_is_too_large_by_its_head_is_not_taken_in():
    body = io.BytesIO(b"username=a")
    assert asked(body, LARGEST_REQUEST + 1)[0].startswith("413 ")
    assert body.tell() == 0


def test_who_finds_half_of_the_threads_reading_is_asked_to_wait():
    taken = [bodies._reading.acquire(blocking=False) for _ in range(9)].count(True)
    try:
        status, page = asked(io.BytesIO(b"username=a"), 10)
    finally:
        for _ in range(taken):
            bodies._reading.release()
    assert taken == 2
    assert status == "503 Service Unavailable"
    assert b"Others are sending much at this moment" in page
    assert asked(io.BytesIO(b"username=a"), 10)[0] == "403 Forbidden"  # it is read, and lacks its token


def test_a_toast_says_why_a_popup_was_not_taken(owner):
    answer = owner.generic("POST", "/clients/add/", b"a", headers={"HX-Request": "true", "Content-Length": "30000000"})
    assert said(answer).startswith("What was sent has 30.0 MB")
