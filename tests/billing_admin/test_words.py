"""One word for one thing: `docs/words.md`, the screens, the help, the guide and the code agree."""

import ast
import pkgutil
import re

import pytest
from django.apps import apps
from django.conf import settings

from billing_admin.web.help_texts import HELP

DOCS = settings.BASE_DIR / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (DOCS / "words.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| Word ")
]
CODE = [name for row in ROWS for name in re.findall(r"`([\w.]+)`", row[2])]
UNWANTED = [word.strip() for row in ROWS for word in row[3].split(",") if word.strip()]
# What only who looks after the server understands.
TECHNICAL = ["manage.py", "worker", "queue", "database", "SQL", "null", "traceback", "process"]
# Where it is meant for them: what the operator of a fresh or broken installation reads, or who brings another system.
FOR_OPERATORS = {"503.html", "500.html", "error.html", "sign_in.html", "system_imports.html", "importing.md"}

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
_UNSEEN = re.compile(
    r"{#.*?#}|{% comment.*?endcomment %}|<title.*?</title>|\s(?:class|id|href|src|hx-[\w-]+)=\"[^\"]*\"", re.DOTALL
)
_COMMANDS = re.compile("^    .*", re.M)


def said_by(text):
    """What of a template a person may read: its text, and titles and labels that its tags are given."""
    text = _UNSEEN.sub(" ", text)
    named = " ".join(" ".join(re.findall(r'"([A-Z][^"]*)"', tag)) for tag in re.findall(r"{%.*?%}", text, re.S))
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    labels = " ".join(re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', plain))
    return " ".join(f"{re.sub('<[^>]*>', ' ', plain)} {labels} {named}".split())


def found(word, text):
    return re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", text, re.IGNORECASE)


@pytest.mark.parametrize("name", CODE)
def test_what_the_words_say_of_the_code_is_there(name):
    app, _, rest = name.partition(".")
    if "." not in rest and rest[0].isupper():
        assert apps.get_model(app, rest)
        return
    pkgutil.resolve_name(name)  # raises where it is not there


def test_each_word_stands_once():
    words = [row[0] for row in ROWS]
    assert len(words) == len(set(words)) > 15
    assert not {word.lower() for word in words} & {word.lower() for word in UNWANTED}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_no_screen_has_another_word_or_a_technical_one(template):
    text = said_by(template.read_text())
    technical = [] if template.name in FOR_OPERATORS else TECHNICAL
    assert [word for word in [*UNWANTED, *technical] if found(word, text)] == []


def said_in_code(path):
    """The texts of a module, without its docstrings."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    with_docstring = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, with_docstring)}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [text for text in texts if text not in docstrings]


@pytest.mark.parametrize("app", ["clients", "invoices", "transactions", "credits"])
def test_no_message_names_a_command_line(app):
    modules = [path for path in (settings.BASE_DIR / app).rglob("*.py") if "management" not in path.parts]
    assert len(modules) > 20
    assert [(path.name, text) for path in modules for text in said_in_code(path) if "manage.py" in text] == []


def test_help_and_guide_have_the_same_words():
    texts = {name: help.words for name, help in HELP.items()}
    texts |= {page.name: _COMMANDS.sub("", page.read_text()) for page in (DOCS / "guide").glob("*.md")}
    for name, text in texts.items():
        technical = [] if name in FOR_OPERATORS else TECHNICAL
        assert [word for word in [*UNWANTED, *technical] if found(word, text)] == [], name


def test_control_what_is_looked_for_is_found():
    said = said_by('{# grant #}<p class="wallet" aria-label="A grant">Some {{ x }}</p>{% panel "Wallet" id="lot" %}')
    assert said == "Some A grant Wallet"
    assert found("grant", said)
    assert found("wallet", said)
    assert not found("lot", said)
