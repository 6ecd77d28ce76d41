"""Texts of another system, as they were meant: without entities, encoded once, without control characters.

Most texts are plain, and are looked at once. What is changed is said, in a line that names the field.
"""

import re

from billing_admin.csv_files.decoding import with_encoding_mended, without_entities

# What a plain row has none of: an entity, what COPY would take for something else, a control or non-ASCII character.
ODD = re.compile(rb"[&\\\x00-\x08\x0a-\x1f\x7f-\xff]").search
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_BREAK = re.compile(r"\r\n?|\x0b|\x0c|[\u2028\u2029\x85]")
_BLANKS = re.compile(r"[\t\n]+")
_FOR_COPY = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NOT_FOR_COPY = re.compile(r"[\\\t\n\r]").search
_LONGEST_TOLD = 120


def mend(raw: bytes, said: str, changes: list[str], *, one_line: bool = False) -> str:
    """The text that these bytes were meant to be. `said` is what the field is called in `changes`.

    Bytes that are no UTF-8 are taken for cp1252, as old programs wrote it.
    """
    if not ODD(raw):
        return _on_one_line(raw.decode(), said, changes) if one_line and b"\t" in raw else raw.decode()
    why = []
    try:
        before = text = raw.decode("utf-8")
    except UnicodeDecodeError:
        before, text = raw.decode("ascii", "replace"), _single_byte(raw)
        why.append("encoding")
    if "&" in text and (meant := without_entities(text)) != text:
        text = meant
        why.append("entities")
    if not text.isascii() and (meant := with_encoding_mended(text)) != text:
        text = meant
        why.append("encoding")
    text = _LINE_BREAK.sub("\n", text)
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
        why.append("control characters")
    if why:
        changes.append(f"{said}: “{_told(before)}” → “{_told(text)}” ({', '.join(dict.fromkeys(why))})")
    return _on_one_line(text, said, changes) if one_line else text


def for_copy(text: str) -> bytes:
    """The text as COPY reads it."""
    return (text.translate(_FOR_COPY) if _NOT_FOR_COPY(text) else text).encode()


def _single_byte(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _on_one_line(text: str, said: str, changes: list[str]) -> str:
    if not _BLANKS.search(text):
        return text
    line = _BLANKS.sub(" ", text).strip()
    changes.append(f"{said}: “{_told(text)}” is on one line (line break)")
    return line


def _told(text: str) -> str:
    """So much of a text as tells what it was."""
    line = _CONTROL.sub("\ufffd", _LINE_BREAK.sub(" ", text).replace("\n", " ").replace("\t", " "))
    return line if len(line) <= _LONGEST_TOLD else f"{line[:_LONGEST_TOLD]}…"
