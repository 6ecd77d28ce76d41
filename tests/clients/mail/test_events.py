"""What a provider tells later: by who knows the secret alone, once, and of our own messages alone."""

import base64
import json

import pytest

from clients.models import Activity, MailMessage
from tests.factories import make_client
from tests.mails import make_message

pytestmark = pytest.mark.django_db
SECRET = "hook:0123456789abcdef"


def bounce(**changes):
    told = {
        "RecordType": "Bounce", "Type": "HardBounce", "MessageID": "abc-1", "Email": "Ann@example.com",
        "BouncedAt": "2026-11-30T00:00:00Z", "Details": "550 5.1.1 No such user", "Description": "Hard bounce",
        "Tag": "", "Metadata": {}, "ID": 1,
    }  # fmt: skip
    return {**told, **changes}


@pytest.fixture
def postmark(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}


def tell(browser, body, secret=SECRET):
    basic = base64.b64encode(secret.encode()).decode()
    return browser.post(
        "/mail/events/", body, content_type="application/json", headers={"Authorization": f"Basic {basic}"}
    )


@pytest.fixture
def sent():
    return make_message(make_client("Acme"), provider_id="abc-1")


def test_a_bounce_is_noted_on_the_message_and_the_client_once(client, postmark, sent):
    for _ in range(2):
        assert tell(client, bounce()).status_code == 200
    sent.refresh_from_db()
    assert (sent.state, sent.why) == ("bounced", "It came back: 550 5.1.1 No such user")
    assert [row.summary for row in Activity.objects.filter(client=sent.client, verb="mail.came_back")] == [
        "Mail “Invoice issued” came back"
    ]


@pytest.mark.parametrize("changes", [{"MessageID": "other"}, {"Email": "else@example.com"}, {"MessageID": ""}])
def test_what_is_none_of_ours_changes_nothing(client, postmark, sent, changes):
    assert tell(client, bounce(**changes)).status_code == 200
    assert MailMessage.objects.get().state == "sent"


def test_a_delivery_changes_nothing(client, postmark, sent):
    told = bounce(RecordType="Delivery", Recipient="ann@example.com", DeliveredAt="2026-11-30T00:00:00Z")
    assert tell(client, told).status_code == 200
    assert MailMessage.objects.get().state == "sent"


@pytest.mark.parametrize("secret", ["hook:wrong", "", "hook", SECRET.upper()])
def test_who_does_not_know_the_secret_is_refused(client, postmark, sent, secret):
    assert tell(client, bounce(), secret).status_code == 400
    assert client.post("/mail/events/", bounce(), content_type="application/json").status_code == 400
    assert MailMessage.objects.get().state == "sent"


@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_what_is_nested_beyond_measure_is_refused(client, settings, provider):
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    assert tell(client, "[" * 100_000).status_code == 400


def test_what_comes_in_the_clear_is_refused_and_not_led_on(client, postmark, sent, settings):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    assert tell(client, bounce()).status_code == 400
    assert MailMessage.objects.get().state == "sent"
    assert client.get("/sign-in/").status_code == 301


def test_without_a_secret_there_is_nothing(client, settings, sent):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {}
    assert tell(client, bounce()).status_code == 404
    assert MailMessage.objects.get().state == "sent"


@pytest.mark.parametrize("provider", ["brevo", "mailjet", "mailtrap", "sparkpost"])
def test_each_provider_has_its_view(client, settings, provider):
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": SECRET}
    assert client.head("/mail/events/").status_code == 200
    assert client.get("/mail/events/").status_code == 405


@pytest.mark.parametrize(
    ("provider", "key"),
    [
        ("mailersend", "MAILERSEND_SIGNING_SECRET"),
        ("mailgun", "MAILGUN_WEBHOOK_SIGNING_KEY"),
        ("mandrill", "MANDRILL_WEBHOOK_KEY"),
    ],
)
def test_what_is_not_signed_is_refused(client, settings, provider, key):
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": SECRET, key: "k"}
    assert client.head("/mail/events/").status_code == 200
    assert tell(client, {"a": 1}).status_code == 400


@pytest.mark.parametrize(
    "body", [b"{", b"[", b"\xff", b"[]", b"1", b"null", b'"a"', b'{"RecordType": []}', b'{"RecordType": "Bounce"}']
)
@pytest.mark.parametrize("provider", ["postmark", "brevo", "mailjet", "sparkpost"])
def test_what_cannot_be_read_is_refused(client, settings, sent, body, provider):
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": SECRET}
    assert tell(client, body).status_code in ((200, 400) if body[-1:] in (b"]", b"}") else (400,))
    assert MailMessage.objects.get().state == "sent"


def test_what_cannot_be_read_is_refused_before_it_is_checked(client, settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "mailgun", {"MAILGUN_WEBHOOK_SIGNING_KEY": "k", "WEBHOOK_SECRET": SECRET}
    assert tell(client, b"{").status_code == 400


def test_a_bounce_told_while_the_message_is_being_sent_is_not_lost(client, postmark):
    make_message(make_client("Acme"), state="sending", sender=1)
    first = tell(client, bounce())
    assert (first.status_code, first.headers["Retry-After"]) == (503, "60")
    assert tell(client, bounce(Email="else@example.com")).status_code == 200
    MailMessage.objects.update(state="sent", provider_id="abc-1")
    assert tell(client, bounce()).status_code == 200
    assert MailMessage.objects.get().state == "bounced"


def test_a_bounce_told_twice_is_not_asked_for_again(client, postmark, sent):
    tell(client, bounce())
    make_message(sent.client, state="sending", sender=1, key="other")
    assert tell(client, bounce()).status_code == 200


@pytest.mark.parametrize("name", ["MessageID", "Email", "Details"])
@pytest.mark.parametrize("odd", ["\\u0000", "\\ud800"])
def test_what_is_no_character_is_read_as_something_else(client, postmark, sent, name, odd):
    body = json.dumps(bounce(**{name: "abc@x.example-ODD"})).replace("ODD", odd)
    assert tell(client, body).status_code == 200
    assert MailMessage.objects.get().state == ("bounced" if name == "Details" else "sent")


def test_what_is_too_large_is_refused(client, postmark, sent):
    assert tell(client, bounce(Details="x" * 3_000_000)).status_code == 413
    assert MailMessage.objects.get().state == "sent"
