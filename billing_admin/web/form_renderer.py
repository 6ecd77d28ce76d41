"""Forms look the same everywhere because Django renders them through our two templates."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates as Engine

from billing_admin.web.widgets import DRAWN


class FormRenderer(DjangoTemplates):
    """`{{ form }}` is components/form.html and `{{ form.name.as_field_group }}` is components/field.html.

    The widgets themselves stay Django's: the style sheet speaks to `input`, `select` and `textarea` inside `.field`.
    Those that every form has are drawn by `widgets.py`.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)

    @cached_property
    def engine(self) -> Engine:
        """Django's own engine for widgets, with our templates folder in front."""
        return self.backend(
            {
                "NAME": "forms",
                "DIRS": [settings.BASE_DIR / "templates", Path(forms.__file__).parent / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {},
            }
        )
