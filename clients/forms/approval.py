"""Asking for approval of what is above a limit, on the form that was refused for it."""

from django import forms
from django.http import QueryDict

from billing_admin.web.agree_field import AgreeField
from clients.models import NeedsApproval


class AskForm(forms.Form):
    """A tick that carries the figures it is for, and why it should be approved."""

    ask_approval = AgreeField()
    ask_reason = forms.CharField(
        max_length=500,
        label="Why it should be approved",
        help_text="Whoever decides reads it.",
        error_messages={"required": "Say why it should be approved."},
    )

    def __init__(self, data: QueryDict | None, *, above: NeedsApproval) -> None:
        super().__init__(data if data and "ask_approval" in data else None, use_required_attribute=False)
        self.above = above
        tick = self.fields["ask_approval"]
        assert isinstance(tick, AgreeField)
        tick.ask(above.why, "Ask for approval")

    @property
    def is_asked(self) -> bool:
        """Whether that was ticked for these very figures."""
        return self.cleaned_data.get("ask_approval") == self.above.why


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(choices=[("approve", "Approve"), ("refuse", "Refuse")], widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500, required=False, help_text="Needed to refuse. Whoever asked reads it."
    )  # fmt: skip
