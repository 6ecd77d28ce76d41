"""Texts with places, the one look of a letter, and what is delivered in each language."""

import pytest
from django.core.exceptions import ValidationError
from lxml import html as parsed

from billing_admin.errors import BusinessError
from billing_admin.mail.letters import sender_of
from billing_admin.mail.look import html_of
from billing_admin.mail.placeholders import fill, fill_subject, put_in, require_known
from billing_admin.mail.words import PLACES, REMINDER_LEVELS, delivered, example

LANGUAGES = ["en", "de", "fr", "es"]
EVERY = [(kind, level) for kind in PLACES for level in (range(1, 4) if kind == "reminder" else (0,))]


def test_places_are_filled_and_nothing_is_run() -> None:
    template = "Hello {name},\n{number} {{number}} %(x)s } ${a"
    assert fill(template, {"name": "{number}", "number": "7"}) == "Hello {number},\n7 {7} %(x)s } ${a"


@pytest.mark.parametrize(
    "place", ["{nmae}", "{Name}", "{}", "{name.__class__}", "{name!r}", "{ name }", "{0}", "{% now %}"]
)
def test_an_unknown_place_is_refused_with_the_list(place: str) -> None:
    with pytest.raises(BusinessError) as refused:
        fill(f"Hello {place}", {"name": "Ann", "number": "7"})
    assert str(refused.value) == f"There is no {place} in this text. There are {{name}}, {{number}}."
    with pytest.raises(BusinessError) as refused:
        require_known(f"Hello {place}", ["name"], field="body")
    assert refused.value.field == "body"


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    template = "A: {a}\nB: {b}\nC: {a} {b}\n\n{b}\n\nEnd\n"
    assert fill(template, {"a": "1", "b": ""}) == "A: 1\nC: 1\n\nEnd"


def test_a_subject_is_one_short_line() -> None:
    assert fill_subject("Credit:\r\n{reason}", {"reason": "a\nb\r\nBcc: x\x00\x1b[1m"}) == "Credit: a b Bcc: x[1m"
    assert len(fill_subject("{reason}", {"reason": "x" * 500})) == 200


def test_what_staff_typed_can_be_put_in_later() -> None:
    kept = fill("For {reason}, {name}", {"name": "{reason}"}, keep=["reason"])
    assert kept == "For {reason}, (reason)"
    assert put_in(kept, "reason", "{name}\x00") == "For {name}, (reason)"


def test_everything_in_a_letter_is_escaped_and_nothing_asked_elsewhere() -> None:
    html = html_of("<script>x</script> & “y”\n\nA: <b>\nB: 2", company="<Acme>", language="en")
    page = parsed.fromstring(html)
    assert page.xpath("//script | //img | //link | //a | //*[@src] | //*[@href]") == []
    assert "http" not in html
    assert "url(" not in html
    assert page.xpath("//p")[0].text_content() == "<script>x</script> & “y”"
    assert page.xpath("//td[@class='company']")[0].text_content() == "<Acme>"
    assert [[cell.text_content() for cell in row] for row in page.xpath("//table[@class='facts']//tr")] == [
        ["A", "<b>"], ["B", "2"],
    ]  # fmt: skip
    assert "prefers-color-scheme: dark" in html


def test_lines_that_are_no_facts_stay_a_paragraph() -> None:
    page = parsed.fromstring(html_of("Kind regards\nAcme\n\nTotal: 5", company="A", language="fr"))
    assert page.get("lang") == "fr"
    assert page.xpath("//table[@class='facts']") == []
    assert len(page.xpath("//p[1]/br")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "level"), EVERY)
def test_every_kind_has_words_in_every_language(kind: str, level: int, language: str) -> None:
    words, values = delivered(kind, language, level), example(kind, language, "Acme", level)
    require_known(words.subject + words.body, PLACES[kind])
    assert set(values) == set(PLACES[kind])
    assert "{" not in fill(words.body, values) + fill_subject(words.subject, values)
    used = {name for name in PLACES[kind] if f"{{{name}}}" in words.subject + words.body}
    english = delivered(kind, "en", level)
    assert used == {name for name in PLACES[kind] if f"{{{name}}}" in english.subject + english.body}
    assert used >= set(PLACES[kind]) - {"client_number", "total", "days", "issued_on"}
    assert language == "en" or words != english
    page = parsed.fromstring(html_of(fill(words.body, values), company="Acme", language=language))
    assert len(page.xpath("//table[@class='facts']//tr")) >= 2


def test_a_language_without_words_reads_english() -> None:
    assert delivered("invoice", "nl") == delivered("invoice", "en")
    assert delivered("invoice", "de-AT") == delivered("invoice", "de")
    assert delivered("reminder", "en", 9) == delivered("reminder", "en", REMINDER_LEVELS)


def test_a_sender_is_quoted_where_it_has_to_be() -> None:
    assert sender_of("Acme, Ltd", "billing@example.com") == '"Acme, Ltd" <billing@example.com>'
    assert sender_of("", "billing@example.com") == "billing@example.com"


@pytest.mark.parametrize(
    ("name", "address"),
    [("Acme\r\nBcc: x@example.com", "a@example.com"), ("Acme", "a@example.com\nb"), ("Acme", "a"), ("Acme", "")],
)
def test_a_sender_that_is_none_is_refused(name: str, address: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        sender_of(name, address)
    assert not isinstance(refused.value, ValidationError)
