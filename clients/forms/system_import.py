"""Where another system is, and what staff decide about what was read of it."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.utils import timezone

from billing_admin.importing.questions import Question
from billing_admin.models import SystemImport


class ConnectForm(forms.Form):
    """The database of another system. The password goes to the process that reads, and nowhere else."""

    system = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (SystemImport.System.WHMCS, SystemImport.System.FOSSBILLING)],
    )  # fmt: skip
    source = forms.CharField(
        max_length=100, required=False, label="Name",
        help_text="What this installation is called here; the system's own name where it is empty. A second import of "
        "the same brings only what is new.",
    )  # fmt: skip
    host = forms.CharField(max_length=255, label="Server", initial="localhost")
    port = forms.IntegerField(min_value=1, max_value=65535, initial=3306)
    database = forms.CharField(max_length=64)
    user = forms.CharField(max_length=80, label="User name", help_text="One that may only read is best.")
    password = forms.CharField(
        required=False, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Asked each time and kept nowhere.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if data is not None and not data.get("source") and (system := data.get("system")):
            data["source"] = SystemImport.System(system).label
        return data

    @property
    def address(self) -> str:
        """All of it as one address; it has the password in it."""
        said: dict[str, Any] = self.cleaned_data
        who = quote(said["user"], safe="") + (f":{quote(said['password'], safe='')}" if said["password"] else "")
        host = f"[{said['host']}]" if ":" in said["host"] else said["host"]
        return f"mysql://{who}@{host}:{said['port']}/{quote(said['database'], safe='')}"


class DecisionsForm(forms.Form):
    """All questions of an import, each with its answer or the default."""

    def __init__(self, *args: Any, run: SystemImport, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for place, question in enumerate(questions):
            answer = question.answer(run)
            rows = f"{question.rows:,} row{'' if question.rows == 1 else 's'}" if question.rows else ""
            common: dict[str, Any] = {"label": question.text, "initial": answer, "help_text": rows}
            self.fields[f"question_{place}"] = (
                forms.ChoiceField(choices=question.choices, **common)
                if question.choices
                else forms.CharField(max_length=200, **common)
            )

    @property
    def answers(self) -> dict[str, str]:
        """The answers, by the key of their question."""
        return {question.key: self.cleaned_data[f"question_{place}"] for place, question in enumerate(self.questions)}


class SwitchForm(forms.Form):
    """From which day on."""

    day = forms.DateField(
        label="Billed here from", widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate,
        help_text="What fell due before that day stays with the other system. Switch its automation off there first.",
    )  # fmt: skip
