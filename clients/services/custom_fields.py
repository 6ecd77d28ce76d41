"""Defining fields of a client's profile, and storing what is typed into them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.days import day_asked
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError, require_length
from billing_admin.seen import Seen, changes_to_store
from billing_admin.text import Names
from clients.models import Activity, CustomField
from clients.models.custom_field import LONGEST_VALUE, PREFIX, as_text

from .importing.columns import FIELDS

MOST_CHOICES = 100


@db_transaction.atomic
def add_custom_field(*, name: str, kind: str, choices: Iterable[str] = (), by: Actor) -> CustomField:
    """Give every client's profile one more field. Its kind stays."""
    lock_typed_words()
    lock_key("custom fields")
    field = CustomField(name=name.strip(), kind=kind, choices=_ordered(choices))
    _check(field)
    field.save(force_insert=True)
    _record(field, by, "added", f"Field of profiles added ({field.get_kind_display()})")
    return field


@db_transaction.atomic
def change_custom_field(
    *, field: CustomField, name: str, choices: Iterable[str], is_on: bool, by: Actor, seen: Seen | None = None
) -> CustomField:
    """Give a field another name or other choices, or switch it off or on. What clients have stays.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    lock_typed_words()
    lock_key("custom fields")
    field = CustomField.objects.get(pk=field.pk)
    typed = {"name": name.strip(), "choices": _ordered(choices), "is_on": is_on}
    before = definition_of(field)
    changes = changes_to_store(stored=before, typed=typed, seen=seen)
    if not changes:
        raise BusinessError("Nothing was changed on this field.")
    for changed, value in changes.items():
        setattr(field, changed, value)
    _check(field)
    field.save(update_fields=list(changes))
    state = "" if field.is_on else ", switched off"
    _record(field, by, "changed", f"Field of profiles changed{state}", before)
    return field


def definition_of(field: CustomField) -> dict[str, Any]:
    """What can be changed of a field, as it is stored."""
    return {"name": field.name, "choices": field.choices, "is_on": field.is_on}


def forget_fields_naming(names: Names) -> None:
    """Let no field be called after a client that is deleted, and none have it as a choice: under `lock_typed_words`."""
    for field in CustomField.objects.order_by("pk"):
        called = f"Renamed field {field.pk}" if names.in_text(field.name) else field.name
        choices = [choice for choice in field.choices if not names.in_text(choice)]
        if (called, choices) != (field.name, field.choices):
            CustomField.objects.filter(pk=field.pk).update(name=called, choices=choices)


def with_values(custom: Mapping[str, str], changes: Mapping[str, Any]) -> dict[str, str]:
    """A client's values after `changes`, `custom_12` → value; an empty one goes.

    Raises BusinessError where a field cannot have the value.
    """
    fields = {field.field_name: field for field in CustomField.objects.filter(pk__in=[_id(name) for name in changes])}
    values = dict(custom)
    for name, value in changes.items():
        text = as_text(value).strip()
        if name not in fields:
            raise BusinessError("A field of the profile was taken away meanwhile; nothing was saved.")
        _check_value(fields[name], text)
        values.pop(name.removeprefix(PREFIX), None)
        if text:
            values[name.removeprefix(PREFIX)] = text
    return values


def _id(name: str) -> int:
    return int(name.removeprefix(PREFIX))


def _check_value(field: CustomField, text: str) -> None:
    require_length(text, field.name, LONGEST_VALUE)
    if text and not _fits(field, text):
        raise BusinessError(f"“{text[:60]}” is nothing that “{field.name}” can be.", field=field.field_name)


def _fits(field: CustomField, text: str) -> bool:
    match field.kind:
        case CustomField.Kind.NUMBER:
            return re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", text, re.ASCII) is not None
        case CustomField.Kind.DATE:
            return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) is not None and bool(day_asked(text))
        case CustomField.Kind.CHOICE:
            return text in field.choices
        case CustomField.Kind.YES_NO:
            return text in ("yes", "no")
    return text.isprintable()


def _ordered(choices: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(choice.strip() for choice in choices if choice.strip()))


def _check(field: CustomField) -> None:
    if not field.name:
        raise BusinessError("Give the field a name.", field="name")
    require_length(field.name, "name", 60)
    if field.kind not in CustomField.Kind.values:
        raise BusinessError(f"“{field.kind}” is no kind of field.", field="kind")
    is_new = not CustomField.objects.filter(pk=field.pk, name=field.name).exists()
    if is_new and field.name.casefold() in (taken.casefold() for taken in FIELDS):
        raise BusinessError(
            f"“{field.name}” is a column of every file of clients; call the field otherwise.", field="name"
        )
    if CustomField.objects.filter(name__iexact=field.name).exclude(pk=field.pk).exists():
        raise BusinessError(f"There is a field “{field.name}” already.", field="name")
    if (field.kind == CustomField.Kind.CHOICE) != bool(field.choices):
        text = "Give at least one choice." if not field.choices else "Only a field of the kind Choice has choices."
        raise BusinessError(text, field="choices")
    if len(field.choices) > MOST_CHOICES or any(len(choice) > 100 for choice in field.choices):
        raise BusinessError(f"Up to {MOST_CHOICES} choices of up to 100 characters are kept.", field="choices")


def _record(field: CustomField, by: Actor, verb: str, summary: str, before: Mapping[str, Any] | None = None) -> None:
    """What it is and was called, and its choices, stand in the note, as all that was typed."""
    after, was = definition_of(field), before or {}
    data: dict[str, Any] = {"custom_field": field.pk, "is_on": field.is_on}
    note = field.name
    if was:
        data |= {"before": {"is_on": was["is_on"]}, "after": {"is_on": field.is_on}}
        note += f", “{was['name']}” before" if was["name"] != field.name else ""
        note += f"; choices {_listed(after)}, {_listed(was)} before" if was["choices"] != field.choices else ""
    verb = f"custom_field.{verb}"
    Activity.objects.record(by=by, client=None, verb=verb, summary=summary, note=note, data=data)


def _listed(definition: Mapping[str, Any]) -> str:
    return ", ".join(f"“{choice}”" for choice in definition["choices"]) or "none"
