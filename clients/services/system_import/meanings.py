"""What the words and ids of another system mean here: currencies, countries, languages, groups, statuses, fields."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf.locale import LANG_INFO
from django.db import connection

from billing_admin.countries import find_country, meant_country
from billing_admin.errors import BusinessError
from billing_admin.importing.questions import LEAVE_OUT, Question
from billing_admin.models import SystemImport
from billing_admin.money.currencies import CURRENCIES
from clients.models import Client, CustomField
from clients.services.importing.columns import FIELDS

_STATUSES = {
    "": Client.Status.ACTIVE, "active": Client.Status.ACTIVE, "inactive": Client.Status.INACTIVE,
    "closed": Client.Status.CLOSED, "suspended": Client.Status.INACTIVE, "disabled": Client.Status.INACTIVE,
    "canceled": Client.Status.CLOSED, "cancelled": Client.Status.CLOSED, "archived": Client.Status.CLOSED,
    "deleted": Client.Status.CLOSED,
}  # fmt: skip
_LANGUAGES = {
    "portuguese-br": "pt-br", "portuguese-pt": "pt", "chinese": "zh-hans", "chinese-cn": "zh-hans",
    "chinese-tw": "zh-hant", "farsi": "fa", "norwegian": "nb",
}  # fmt: skip
# What a field of that system is here; what is none of these is read as text.
_KINDS = {
    "dropdown": CustomField.Kind.CHOICE, "choice": CustomField.Kind.CHOICE, "radio": CustomField.Kind.CHOICE,
    "select": CustomField.Kind.CHOICE, "tickbox": CustomField.Kind.YES_NO, "checkbox": CustomField.Kind.YES_NO,
    "yes_no": CustomField.Kind.YES_NO, "date": CustomField.Kind.DATE, "number": CustomField.Kind.NUMBER,
}  # fmt: skip
_NEVER = "password"  # a kind of field, which is not read

# Distinct values of one column of the clients that are looked at.
_VALUES = """
    SELECT {column}, count(*) FROM billing_admin_stagedclient
    WHERE of_id = %s AND id BETWEEN %s AND %s AND NOT is_done GROUP BY 1 ORDER BY 1
"""
EVERY_ID = (0, 2**63 - 1)


def currency_questions(run: SystemImport) -> dict[str, Question]:
    """What each currency that clients have there is here: its id there → the question."""
    return {said: _about_currency(run, said, rows) for said, rows in _values(run, "currency", EVERY_ID).items()}


def _about_currency(run: SystemImport, said: str, rows: int = 0) -> Question:
    there = said or str(run.facts.get("default_currency", ""))
    code = str(run.facts.get("currencies", {}).get(there, there)).strip().upper()
    named = f"currency {code}" if there in run.facts.get("currencies", {}) else f"currency {there or 'without a name'}"
    return Question(
        f"currency:{there}",
        f"Which currency here is {named} of {run.source}?",
        code if code in CURRENCIES else LEAVE_OUT,
        (*((each, each) for each in CURRENCIES), (LEAVE_OUT, "Leave its clients out")),
        rows,
    )


def meanings(run: SystemImport, ids: tuple[int, int] = EVERY_ID) -> dict[str, Any]:
    """Parameters of `as_ours.AS_OURS`: JSON of what was said → what it means, for the clients of these staged ids.

    What means nothing here is missing.
    """
    facts = run.facts
    groups = {str(key): str(name)[:100] for key, name in facts.get("groups", {}).items()}
    currencies = {said: _about_currency(run, said) for said in _values(run, "currency", ids)}
    answers = {said: asked.answer(run) for said, asked in currencies.items()}
    meant: dict[str, dict[str, Any]] = {
        "currencies": {said: code for said, code in answers.items() if code in CURRENCIES},
        "asked": {said: True for said, asked in currencies.items() if not asked.is_answered(run)},
        "countries": _all(run, "country", ids, _country),
        "languages": _all(run, "language", ids, _language),
        "statuses": _all(run, "status", ids, lambda said: _STATUSES.get(said.strip().casefold())),
        "groups": _all(run, '"group"', ids, lambda said: groups.get(said) or (None if said.isdigit() else said[:100])),
    }
    return {name: json.dumps(words) for name, words in meant.items()} | {
        "run": run.pk,
        "source": run.source,
        "first": ids[0],
        "last": ids[1],
        "fields": json.dumps([_told(field) for field in fields_of(run)]),
    }


def fields_of(run: SystemImport) -> list[tuple[str, CustomField]]:
    """The fields of profiles there, by their ids: as they are defined here, or as they would be (unsaved)."""
    here = {field.name.casefold(): field for field in CustomField.objects.all()}
    ours = {name.casefold() for name in FIELDS}
    found, used = [], set[str]()
    for place, about in enumerate(run.facts.get("fields", [])):
        said = str(about.get("kind", "")).casefold()
        if said == _NEVER:
            continue
        name = str(about.get("name", "")).rpartition("|")[2].strip()[:60] or f"Field {about.get('id', place)}"
        if name.casefold() in ours:
            name = f"{name[:45]} ({run.get_system_display()})"
        if name.casefold() in used:  # two of one name there
            name = f"{name[:38]} ({about.get('id', place)})"
        used.add(name.casefold())
        options = about.get("options") or []
        choices = options.split(",") if isinstance(options, str) else options
        kept = list(dict.fromkeys(text for each in choices if (text := str(each).rpartition("|")[2].strip()[:100])))
        kind = _KINDS.get(said, CustomField.Kind.TEXT)
        if kind == CustomField.Kind.CHOICE and not 0 < len(kept) <= 100:
            kind = CustomField.Kind.TEXT
        field = CustomField(name=name, kind=kind, choices=kept if kind == CustomField.Kind.CHOICE else [])
        found.append((str(about.get("id", place)), here.setdefault(name.casefold(), field)))
    return found


def _told(pair: tuple[str, CustomField]) -> Mapping[str, Any]:
    key, field = pair
    return {"key": key, "id": str(field.pk or 0), "name": field.name, "kind": field.kind, "choices": field.choices}


def _values(run: SystemImport, column: str, ids: tuple[int, int]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_VALUES.format(column=column), [run.pk, *ids])
        return dict(cursor.fetchall())


def _all(run: SystemImport, column: str, ids: tuple[int, int], meaning: Callable[[str], str | None]) -> dict[str, str]:
    return {said: meant for said in _values(run, column, ids) if (meant := meaning(said))}


def _country(said: str) -> str:
    try:
        return find_country(said)
    except BusinessError:
        return meant_country(said)


def _language(said: str) -> str | None:
    return _languages().get(said.strip().casefold().replace("_", "-"))


@cache
def _languages() -> dict[str, str]:
    """Code, English and own name of each language → its code; names of other systems beside them."""
    known: dict[str, str] = {}
    for code, about in LANG_INFO.items():
        if "name" in about:
            known |= {about["name_local"].casefold(): code, about["name"].casefold(): code}
    return known | {code: code for code, about in LANG_INFO.items() if "name" in about} | _LANGUAGES
