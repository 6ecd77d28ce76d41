"""How mail is sent, what it says, and to whom a test goes."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import KeyField
from billing_admin.web.seen_form import SeenForm
from clients.models import MailSettings
from clients.models.mail.kinds import SWITCHED
from clients.selectors.mail_texts import Text
from clients.services.mail.set_up import sender_fields, switch_fields
from clients.services.mail.texts import text_fields


class SenderForm(SeenForm, forms.ModelForm):
    """Whom mail is from, and how fast and how large it may be."""

    mostly_optional = True

    class Meta:
        model = MailSettings
        fields = ("from_name", "from_address", "reply_to", "per_minute", "most_megabytes", "expiring_days")
        help_texts = {
            "from_address": "Another one switches all mail off until a test message of it went out.",
            "per_minute": "Mail servers refuse who sends too fast.",
            "most_megabytes": "With its files. Most mail servers take 10 to 25.",
        }

    def __init__(self, *args: Any, settings: MailSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_address"].required = True
        self.fields["from_address"].error_messages["required"] = "Give the address that mail is from."
        self.fields["expiring_days"].min_value = 1  # type: ignore[attr-defined]
        self.show_stored(sender_fields(settings))


class SwitchesForm(SeenForm):
    """Which kinds go out by themselves."""

    switched_on = forms.MultipleChoiceField(
        required=False,
        label="Mail that goes out by itself",
        choices=[(str(kind), kind.label) for kind in SWITCHED],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, settings: MailSettings, read_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(switch_fields(settings))
        self.fields["switched_on"].disabled = read_only or not settings.tested_at


class TestForm(forms.Form):
    """To whom the test message goes."""

    address = forms.EmailField(
        label="To",
        max_length=254,
        error_messages={"required": "Give an address.", "invalid": "This is no e-mail address."},
        help_text="Somebody of yours. It tells nothing about a client.",
    )


class TextForm(SeenForm):
    """Subject and text of a kind of mail in a language."""

    subject = forms.CharField(max_length=300, error_messages={"required": "Give a subject."})
    body = forms.CharField(
        label="Text",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        error_messages={"required": "Give a text."},
    )

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("subject", "body"):
            self.fields[name].widget.attrs |= {"lang": text.language, "dir": "auto"}
        self.show_stored(text_fields(text))


class SendForm(forms.Form):
    """That a document is sent now."""

    key = KeyField()
