"""Texts of mail: changed, looked at, tried out, reset; with no place that there is not."""

import pytest
from django.urls import reverse

from billing_admin.errors import BusinessError
from billing_admin.mail.words import Words, delivered
from clients.models import Activity, MailTemplate
from clients.selectors.mail_texts import Text, words_of
from clients.services.mail.texts import reset_text, save_text
from tests.factories import make_staff
from tests.mail import switch_on
from tests.pages import fill, get_page, parse
from tests.unchanged import refused

pytestmark = pytest.mark.django_db
GERMAN = Text("invoice", 0, "de")


@pytest.mark.parametrize("kind", ["invitation", "password_reset", "email_change"])
def test_mail_with_a_link_keeps_it_in_its_text_and_nowhere_else(kind):
    text = Text(kind, 0, "en")
    said = "Without {link}, on a line of its own and once, this mail is of no use."
    for body in ("Join us.", "Join {link} now", "{link}\n{link}"):
        with refused(said, "body"):
            save_text(text=text, words=Words("Join", body), by=None)
    with refused("A subject is seen by many: put {link} into the text.", "subject"):
        save_text(text=text, words=Words("Join {link}", "{link}"), by=None)
    save_text(text=text, words=Words("Join", "Here:\n\n{link}"), by=None)


@pytest.fixture
def signed_in(client):
    ann = make_staff(username="ann")
    ann.email = "ann@hosting.example"
    ann.save()
    client.force_login(ann)
    return client


def page_of(browser, query="kind=invoice&language=de"):
    return get_page(browser, f"{reverse('mail:text')}?{query}")


def test_a_text_is_changed_and_reset(signed_in):
    said = {"subject": "Ihre  Rechnung\r\n{number}", "body": "Hallo {name},\r\n\r\nBetrag: {to_pay}\r\n"}
    page = parse(fill(signed_in, page_of(signed_in), "#text", said, follow=True))
    assert page.texts(".toast p") == ["Saved. Mail that is sent from now on says this."]
    assert words_of("invoice", "de-AT") == Words("Ihre Rechnung {number}", "Hallo {name},\n\nBetrag: {to_pay}")
    assert words_of("invoice", "en") == delivered("invoice", "en")
    links = get_page(signed_in, reverse("mail:texts")).all("a[aria-label]")
    assert [link["aria-label"] for link in links if link.text == "Changed"] == ["Invoice issued in German, changed"]
    popup = get_page(signed_in, page.links()["Reset"])
    fill(signed_in, popup, "form[novalidate]")
    assert MailTemplate.objects.count() == 0
    assert words_of("invoice", "de") == delivered("invoice", "de")
    assert set(Activity.objects.values_list("verb", flat=True)) == {"mail_text.changed", "mail_text.reset"}


def test_an_unknown_place_is_refused_beside_its_field(signed_in):
    answer = fill(signed_in, page_of(signed_in), "#text", {"body": "Hallo {vorname}"})
    assert answer.status_code == 422
    page = parse(answer)
    assert "There is no {vorname} in this text. There are {number}," in page.one("#text").text
    assert "There is no {vorname}" in page.one("#preview").text
    assert MailTemplate.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (Words(" \n", "x"), "Give a subject."),
        (Words("x", " \n"), "Give a text."),
        (Words("x" * 301, "x"), "The subject has 301 characters; 300 are kept at most."),
        (Words("{reason}", "x"), "There is no {reason} in this text."),
    ],
)
def test_what_cannot_be_sent_is_refused(words, says):
    with pytest.raises(BusinessError, match=says.replace("{", r"\{")):
        save_text(text=GERMAN, words=words, by=None)


def test_saving_what_is_delivered_is_a_reset():
    save_text(text=GERMAN, words=Words("Rechnung {number}", "Hallo"), by=None)
    assert save_text(text=GERMAN, words=delivered("invoice", "de"), by=None) is None
    assert MailTemplate.objects.count() == 0
    with refused("It says what is delivered already; nothing was changed."):
        reset_text(text=GERMAN, by=None)


def test_the_preview_says_what_is_typed_escaped(signed_in):
    typed = {"subject": "Für {name}", "body": "<b>{total}</b>\nBezahlt: {credit_applied}"}
    answer = signed_in.post(f"{reverse('mail:text_preview')}?kind=invoice&language=de", typed)
    preview = parse(answer)
    assert preview.one(".mail-subject").text == "Für Maria Keller"
    assert preview.one(".mail-text").text.startswith("<b>1.240,00 EUR</b> Bezahlt: 40,00 EUR")


def test_the_look_is_in_a_sandbox(signed_in):
    answer = signed_in.post(f"{reverse('mail:text_look')}?kind=test&language=fr", {"body": "<script>x</script>"})
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", "style-src 'unsafe-inline'"} <= set(policy)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert parse(answer).one("p").text == "<script>x</script>"
    assert parse(answer).node.get("lang") == "fr"


@pytest.mark.parametrize("query", ["kind=x", "language=nl", "kind=invoice&level=1", "kind=reminder&level=4", "level=²"])
def test_there_is_no_other_text(signed_in, query):
    assert signed_in.get(f"{reverse('mail:text')}?{query}").status_code == 404


def test_a_text_is_tried_out_from_its_page(signed_in):
    switch_on()
    popup = get_page(signed_in, page_of(signed_in, "kind=reminder&level=3&language=es").links()["Send a Test Message"])
    assert "Reminder 3 in Spanish" in popup.text
    answer = fill(signed_in, popup, "form[novalidate]", follow=True)
    assert parse(answer).texts(".toast p") == ["A test message to ann@hosting.example is on its way."]
