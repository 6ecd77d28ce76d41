"""Put the scripts of the pages into one file: htmx, then ours by name. A first visit asks for one instead of many."""

import re
from importlib.resources import files
from pathlib import Path

OWN = Path(__file__).resolve().parent.parent / "billing_admin"

# What only who reads the source needs: the comment on top, lines that are a comment alone, indentation.
_COMMENT_LINE = re.compile(r"^[ \t]*//[^\n]*\n|^[ \t]+", re.MULTILINE)
_TOP = re.compile(r"\A/\*.*?\*/\n", re.DOTALL)


def main() -> None:
    """Each of ours is a function called at once, so that none sees the names of another."""
    htmx = files("django_htmx") / "static/django_htmx/htmx-2.min.js"
    ours = sorted((OWN / "static_src/scripts").glob("*.js"))
    built = OWN / "static/build/app.js"
    built.parent.mkdir(exist_ok=True)
    built.write_text("\n".join([htmx.read_text(), *(bare(script.read_text()) for script in ours)]))


def bare(script: str) -> str:
    """The script without what only who reads the source needs. No text of ours goes over several lines."""
    return _COMMENT_LINE.sub("", _TOP.sub("", script))


if __name__ == "__main__":
    main()
