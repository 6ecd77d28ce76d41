"""The guide and the question marks: what they say is reachable, safe and used."""

import re

import pytest
from django.conf import settings
from django.urls import resolve

from billing_admin.guide import pages
from billing_admin.guide.pages import PAGES, guide_page
from billing_admin.web.help_texts import HELP
from tests.factories import give_credit, make_client, make_invoice, make_staff, person_with, usd
from tests.pages import get_page

pytestmark = pytest.mark.django_db

TEMPLATES = {path: path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html")}
USED = re.compile(r"""{% help "([a-z-]+)" %}|{% panel [^%]*help="([a-z-]+)\"""")
# Of pictures, whose panels are called as their texts are.
BY_KEY = {"flow", "held", "overdue", "written-off"}


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def test_every_file_of_the_folder_is_a_page():
    assert {path.stem for path in (settings.BASE_DIR / "docs" / "guide").glob("*.md")} == set(PAGES)


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_has_its_title_and_its_links_lead_somewhere(client, slug):
    client.force_login(person_with("view_client"))
    page = get_page(client, f"/guide/{slug}/")
    assert page.one("h1").text == guide_page(slug).title
    assert page.one("nav[aria-label=Guide] [aria-current]").text == guide_page(slug).title
    assert len(page.one("article").text) > 200
    for address in page.one("article").links().values():
        resolve(address)


def test_the_guide_begins_with_credit_and_an_unknown_page_is_none(signed_in):
    assert get_page(signed_in, "/guide/").one("h1").text == "Credit"
    assert signed_in.get("/guide/nothing/").status_code == 404
    assert signed_in.get("/guide/README/").status_code == 404


def test_the_persons_menu_leads_to_the_guide(signed_in):
    menu = get_page(signed_in, "/").one(".bar-person .menu-body").links()
    assert menu == {
        "Your E-mail Address": "/account/e-mail/", "Sign-in & security": "/account/", "Guide": "/guide/",
    }  # fmt: skip


def test_a_page_has_no_html_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "odd.md").write_text(
        "# Odd\n\n<script>alert(1)</script> [x](javascript:alert(1)) [y](credit.md) **bold** <b>b</b>\n"
    )
    monkeypatch.setattr(pages, "_FOLDER", tmp_path)
    body = guide_page.__wrapped__("odd").body
    assert "<script" not in body
    assert "<b>" not in body
    assert 'href="javascript' not in body
    assert '<a href="/guide/credit/">y</a>' in body
    assert "<strong>bold</strong>" in body


@pytest.mark.parametrize("key", HELP)
def test_help_is_two_sentences_and_leads_to_a_page_that_there_is(key):
    text = HELP[key]
    assert len(re.findall(r"[.](?= |$)", text.words)) == 2
    assert text.page in ("", *PAGES)


def test_every_text_of_help_is_used_and_every_one_used_is_there():
    used = {first or second for text in TEMPLATES.values() for first, second in USED.findall(text)}
    assert used | BY_KEY == set(HELP)


@pytest.mark.parametrize(
    "address",
    [
        "/settings/",
        "/settings/company/",
        "/settings/company/rates/",
        "/settings/tax/",
        "/settings/numbering/",
        "/settings/invoice-runs/",
        "/settings/files/",
        "/settings/fields/",
        "/settings/roles/",
        "/transactions/methods/",
    ],
)
def test_every_setting_has_a_question_mark(signed_in, address):
    page = get_page(signed_in, address)
    titles = page.texts("main .fieldset h2, main .panel-head h2")
    assert len(page.all("main .help")) == max(1, len(titles))


def test_every_report_and_picture_has_a_question_mark(signed_in):
    acme = make_client()
    make_invoice(acme, usd(10))
    give_credit(acme, usd(10))
    page = get_page(signed_in, "/reports/")
    assert len(page.all(".report-list .help")) == len(page.all(".report-list li"))
    for address in ("/", "/reports/", "/credits/liability/"):
        page = get_page(signed_in, address)
        for chart in page.all(".chart"):
            panel = next(panel for panel in page.all(".panel") if chart.node in list(panel.node.iter()))
            assert panel.all(".help"), address


def test_a_question_mark_opens_its_words_and_leads_to_the_guide(signed_in):
    mark = get_page(signed_in, "/settings/").all("main .help")[0]
    assert mark.one("summary")["aria-label"] == "What this is: credit use"
    assert mark.all("p")[0].text == HELP["credit-use"].words
    assert mark.links() == {"More in the guide": "/guide/credit/"}
