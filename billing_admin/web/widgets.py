"""Django's plain form controls, drawn without its templates, which take a millisecond for each currency to choose from.

What they come to is what django/forms/templates says, to the byte.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from billing_admin.web.markup import attributes, escaped


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_written(widget["value"])}"'
    return (
        f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{value}{attributes(widget["attrs"])}>'
    )


def _textarea(widget: Mapping[str, Any]) -> str:
    value = escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        parts.append(f'\n  <optgroup label="{escaped(group)}">' if group else "")
        parts += (f"\n  {_option(option)}\n" for option in options)
        parts.append("\n  </optgroup>" if group else "")
    return f"{''.join(parts)}\n</select>"


def _option(option: Mapping[str, Any]) -> str:
    return (
        f'<option value="{_written(option["value"])}"{attributes(option["attrs"])}>{escaped(option["label"])}</option>'
    )


def _written(value: Any) -> str:
    return escaped(value if isinstance(value, SafeString) else str(value))


_INPUTS = ("checkbox", "date", "email", "hidden", "input", "number", "password", "search", "tel", "text", "url")

# Django's name of the template → what draws it.
DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}
