"""Answers are compressed where that helps, and kept in no cache."""

import gzip

import pytest
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.staff.groups import OWNER
from tests.factories import make_client, make_staff

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def owner() -> Browser:
    browser = Browser()
    browser.force_login(make_staff(OWNER, username="maria"))
    return browser


@pytest.fixture
def clients() -> None:
    for number in range(50):
        make_client(f"Client {number}", email=f"client{number}@mail.example")


def test_a_page_goes_out_at_a_fifth_of_its_size(owner, clients):
    url = reverse("clients:list")
    plain, packed = owner.get(url), owner.get(url, headers=GZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert b"Client 49" in gzip.decompress(packed.content)
    assert len(packed.content) * 5 < len(plain.content)


def test_the_length_says_nothing_of_what_is_in_a_page(owner, clients):
    url = reverse("clients:add")
    assert len({len(owner.get(url, headers=GZIP).content) for _ in range(12)}) > 1


def test_a_file_of_text_is_compressed_as_it_comes_and_an_archive_is_not(owner, clients):
    file = owner.post(reverse("credits:liability"), headers=GZIP)
    assert (file["Content-Type"].partition(";")[0], file["Content-Encoding"]) == ("text/csv", "gzip")
    assert b"Currency,Movement" in gzip.decompress(b"".join(file.streaming_content))
    archive = owner.post(reverse("clients:export", args=[make_client().number]), headers=GZIP)
    assert archive["Content-Type"] == "application/zip"
    assert "Content-Encoding" not in archive
    archive.close()


@pytest.mark.parametrize("url", ["/", "/clients/", "/sign-in/", "/no-such-page"])
def test_no_cache_keeps_a_page(owner, url):
    assert "no-store" in owner.get(url)["Cache-Control"]
