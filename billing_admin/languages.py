"""Languages by code and name, as Django carries them."""

from functools import cache

from django.conf.locale import LANG_INFO


@cache
def names() -> dict[str, str]:
    """Code → name, by name: `pt-br` → Brazilian Portuguese."""
    named = {code: about["name"] for code, about in LANG_INFO.items() if "name" in about}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def language_label(code: str) -> str:
    """`German (de)`: as it stands in the list; what is no language, as it is."""
    return f"{names()[code]} ({code})" if code in names() else code
