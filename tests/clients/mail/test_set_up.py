"""Settings → Mail: nothing goes out before a sender is set and a test message of it went out."""

import pytest
from django.urls import reverse
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.home.attention import matters
from billing_admin.staff.groups import BILLING
from clients.models import Activity, MailMessage, MailSettings
from clients.services.mail.by_hand import send_again
from clients.services.mail.set_up import set_sender, switch_kinds
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.mail import send_all, switch_on, tell
from tests.pages import fill, get_page, parse
from tests.unchanged import refused

pytestmark = pytest.mark.django_db
SENDER = {"from_name": "Acme, Hosting", "from_address": "billing@hosting.example"}


@pytest.fixture
def signed_in(client):
    ann = make_staff(username="ann")
    ann.email = "ann@hosting.example"
    ann.save()
    client.force_login(ann)
    return client


def settings_page(browser):
    return get_page(browser, reverse("mail:settings"))


def sender(**changes):
    kept = {"from_name": "Acme", "from_address": "billing@hosting.example", "reply_to": "", "per_minute": 120}
    return {**kept, "most_megabytes": 10, "expiring_days": 7, "by": None, **changes}


def test_a_sender_a_test_and_only_then_a_switch(signed_in, server):
    page = settings_page(signed_in)
    assert all("disabled" in box.attributes for box in page.all("#switches input[type=checkbox]"))
    page = parse(fill(signed_in, page, "#sender", SENDER, follow=True))
    assert page.texts(".toast p") == [
        "Mail is from billing@hosting.example from now on. Send a test message: until it went out, no other mail does."
    ]
    popup = get_page(signed_in, reverse("mail:test"))
    assert popup.one("#id_address")["value"] == "ann@hosting.example"
    fill(signed_in, popup, "form[novalidate]")
    assert "One is waiting." in settings_page(signed_in).one("#switches .alert").text
    assert send_all() == 1
    assert server.recipients == ["ann@hosting.example"]
    assert server.taken[0]["From"] == '"Acme, Hosting" <billing@hosting.example>'
    page = settings_page(signed_in)
    page = parse(fill(signed_in, page, "#switches", {"switched_on": ["invoice", "payment"]}, follow=True))
    assert page.texts(".toast p") == ["2 kinds of mail go out by themselves from now on."]
    assert MailSettings.objects.get().switched_on == ["invoice", "payment"]
    assert list(Activity.objects.exclude(verb="sign_in.done").order_by("pk").values_list("verb", flat=True)) == [
        "mail_settings.changed", "mail.tested", "mail_settings.changed",
    ]  # fmt: skip


def test_another_sender_says_what_becomes_of_mail_that_waits(signed_in):
    switch_on("invoice", from_address="old@hosting.example")
    make_invoice(make_client(email="a@example.com"), usd(5))
    page = parse(fill(signed_in, settings_page(signed_in), "#sender", SENDER, follow=True))
    assert page.one(".toast p").text.endswith(
        "no other mail does. 1 message that waited will be withheld; send them again from Mail after it."
    )


def test_mail_withheld_as_the_sender_changed_is_counted_on_home(signed_in, server):
    tell("a@example.com", "b@example.com")
    fill(signed_in, settings_page(signed_in), "#sender", SENDER | {"from_address": "other@hosting.example"})
    send_all()
    (told,) = [each for each in matters(make_staff(), timezone.localdate()) if "withheld" in each.words]
    assert told.words == "2 messages withheld as the sender changed"
    assert len(get_page(signed_in, told.url).all("tbody tr")) == 2
    send_again(message=MailMessage.objects.first(), by=None)
    assert len(get_page(signed_in, told.url).all("tbody tr")) == 1


def test_nothing_of_before_goes_out(server):
    make_invoice(make_client(email="a@example.com"), usd(5))
    switch_on("invoice")
    assert MailMessage.objects.count() == 0
    make_invoice(make_client(email="b@example.com"), usd(5))
    assert MailMessage.objects.count() == 1


def test_no_switch_before_a_test():
    set_sender(**sender())
    with refused("Send a test message first, and see that it goes out.", field="switched_on"):
        switch_kinds(switched_on=["invoice"], by=None)


def test_another_sender_has_to_be_tested_again():
    switch_on("invoice", "payment", from_address="old@hosting.example")
    changed = set_sender(**sender(from_name="Acme Hosting"))
    assert (changed.switched_on, changed.tested_at) == ([], None)
    switch_on("invoice", from_address="billing@hosting.example")
    renamed = set_sender(**sender(from_name="Acme again", per_minute=60))
    assert renamed.switched_on == ["invoice"]
    assert renamed.tested_at is not None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"from_address": "nobody"}, "from_address"),
        ({"from_address": "zoë@hosting.example"}, "from_address"),
        ({"from_name": "Acme\r\nBcc: evil@example.com"}, "from_address"),
        ({"reply_to": "a@example.com\nBcc: b@example.com"}, "reply_to"),
    ],
)
def test_a_sender_that_is_none_is_refused(typed, field):
    with pytest.raises(BusinessError) as error:
        set_sender(**sender(**typed))
    assert error.value.field == field
    assert MailSettings.objects.count() == 0


def test_a_line_break_in_the_form_is_refused(signed_in):
    answer = fill(signed_in, settings_page(signed_in), "#sender", {**SENDER, "from_name": "Acme\r\nBcc: x@example.com"})
    assert answer.status_code == 422
    assert "line break" in parse(answer).one("#sender").text


def test_a_change_of_somebody_else_is_shown(signed_in):
    page = settings_page(signed_in)
    set_sender(**sender(from_name="Other"))
    answer = fill(signed_in, page, "#sender", SENDER)
    assert answer.status_code == 422
    assert "stored now: “Other”" in parse(answer).one("#sender").text
    assert MailSettings.objects.get().from_name == "Other"


def test_only_who_may_sets_mail(client):
    client.force_login(make_staff(BILLING))
    assert client.get(reverse("mail:settings")).status_code == 403
    assert "Mail" in get_page(client, reverse("home")).links()


def test_no_test_to_what_is_no_address(signed_in):
    switch_on()
    popup = get_page(signed_in, reverse("mail:test"))
    answer = fill(signed_in, popup, "form[novalidate]", {"address": "zoë@example.com"})
    assert answer.status_code == 422
    assert "letters before the @" in parse(answer).text or "no e-mail address" in parse(answer).text
    assert MailMessage.objects.count() == 0
