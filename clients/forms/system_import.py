"""Where another system is, and what staff decide about what was read of it."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.core.validators import RegexValidator
from django.forms import BoundField
from django.utils import timezone

from billing_admin.importing.questions import Question
from billing_admin.models import SystemImport
from billing_admin.text import pluralize
from billing_admin.web.form_fields import DateField

_SERVER = RegexValidator(
    r"\A[A-Za-z0-9._:-]+\Z", "Give the name or the IP address of the server alone, as in db.example.com."
)
_ONE_LINE = RegexValidator(r"\A[^\x00-\x1f\x7f]*\Z", "This takes one line, without control characters.")

# What questions are about, by the beginning of their keys.
_SUBJECTS = {
    "units": "Amounts", "currency": "Currencies", "duplicates": "Clients", "status": "Statuses of invoices",
    "negative lines": "Invoices", "nothing due": "Invoices", "method": "Payment methods",
    "money of nobody": "Transactions", "credit category": "Credit", "negative balance": "Credit",
}  # fmt: skip


class ConnectForm(forms.Form):
    """The database of another system. The password goes to the process that reads, and nowhere else."""

    system = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (SystemImport.System.WHMCS, SystemImport.System.FOSSBILLING)],
    )  # fmt: skip
    source = forms.CharField(
        max_length=100, required=False, label="Name", validators=[_ONE_LINE],
        help_text="What this installation is called here; the system's own name where it is empty. A second import of "
        "the same brings only what is new.",
    )  # fmt: skip
    host = forms.CharField(max_length=255, label="Server", initial="localhost", validators=[_SERVER])
    port = forms.IntegerField(min_value=1, max_value=65535, initial=3306)
    database = forms.CharField(max_length=64, validators=[_ONE_LINE])
    user = forms.CharField(
        max_length=80, label="User name", validators=[_ONE_LINE], help_text="One that may only read is best.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    password = forms.CharField(
        required=False, strip=False, max_length=500, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        validators=[_ONE_LINE], help_text="Asked each time and kept nowhere.",
    )  # fmt: skip
    ssl_ca = forms.CharField(
        required=False, max_length=255, label="Certificate authority", validators=[_ONE_LINE],
        help_text="Where the connection leaves your network: the file on this server (PEM) by which the other "
        "server’s certificate is checked. Without it nothing is encrypted.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if data is not None and not data.get("source") and (system := data.get("system")):
            data["source"] = SystemImport.System(system).label
        return data

    @property
    def address(self) -> str:
        """All of it as one address of one line; it has the password in it."""
        said: dict[str, Any] = self.cleaned_data
        who = quote(said["user"], safe="") + (f":{quote(said['password'], safe='')}" if said["password"] else "")
        host = f"[{said['host']}]" if ":" in said["host"] else said["host"]
        more = f"?ssl-ca={quote(said['ssl_ca'], safe='')}" if said["ssl_ca"] else ""
        return f"mysql://{who}@{host}:{said['port']}/{quote(said['database'], safe='')}{more}"


class DecisionsForm(forms.Form):
    """All questions of an import, each with its answer or the default."""

    def __init__(self, *args: Any, run: SystemImport, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for place, question in enumerate(questions):
            rows = f"{pluralize(question.rows, 'row')}." if question.rows else ""
            said = f"{rows} Not answered yet: this is the default.".strip()
            common: dict[str, Any] = {
                "label": question.text, "initial": question.answer(run),
                "help_text": rows if question.is_answered(run) else said,
            }  # fmt: skip
            self.fields[f"question_{place}"] = (
                forms.ChoiceField(choices=question.choices, **common)
                if question.choices
                else forms.CharField(max_length=200, validators=[_ONE_LINE], **common)
            )

    @property
    def answers(self) -> dict[str, str]:
        """The answers, by the key of their question."""
        return {question.key: self.cleaned_data[f"question_{place}"] for place, question in enumerate(self.questions)}

    @property
    def subjects(self) -> list[tuple[str, list[BoundField]]]:
        """Its fields under what they are about."""
        found: dict[str, list[BoundField]] = {}
        for place, question in enumerate(self.questions):
            subject = _SUBJECTS.get(question.key.partition(":")[0], "Others")
            found.setdefault(subject, []).append(self[f"question_{place}"])
        return list(found.items())


class SwitchForm(forms.Form):
    """From which day on."""

    day = DateField(
        label="Billed here from", initial=timezone.localdate,
        help_text="What fell due before that day stays with the other system. Switch its automation off there first.",
    )  # fmt: skip
