"""The limits of a role or a person: for each kind at once, for one client in a day, and in a day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from billing_admin.web.form_fields import AmountsField
from billing_admin.web.seen_form import SeenForm
from clients.models import LimitKind
from clients.models.limits import Scope


class LimitsOfForm(SeenForm):
    """A field for each kind and scope, named `kind.scope`."""

    def __init__(self, *args: Any, limits: Mapping[str, dict[str, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in LimitKind:
            for scope in Scope:
                self.fields[f"{kind}.{scope}"] = AmountsField(
                    required=False,
                    max_length=2_000,
                    label=scope.label,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    least=Decimal(0),
                )
        self.show_stored(limits)

    @property
    def by_kind(self) -> list[tuple[str, list[BoundField]]]:
        """Kind → its fields."""
        return [(kind.label, [self[f"{kind}.{scope}"] for scope in Scope]) for kind in LimitKind]


class SwitchForm(forms.Form):
    """Whether limits are in force."""

    on = forms.BooleanField(required=False)
