"""Put the scripts of the pages into one file: htmx, then ours by name. A first visit asks for one instead of many."""

from importlib.resources import files
from pathlib import Path

OWN = Path(__file__).resolve().parent.parent / "billing_admin"


def main() -> None:
    """Each of ours is a function called at once, so that none sees the names of another."""
    htmx = files("django_htmx") / "static/django_htmx/htmx-2.min.js"
    scripts = [htmx, *sorted((OWN / "static_src/scripts").glob("*.js"))]
    built = OWN / "static/build/app.js"
    built.parent.mkdir(exist_ok=True)
    built.write_text("\n".join(script.read_text() for script in scripts))


if __name__ == "__main__":
    main()
