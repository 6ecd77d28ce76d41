"""Text out of the bytes of a file that another system wrote, and cells that were garbled on their way."""

import html
import re
from dataclasses import dataclass

import ftfy

from billing_admin.errors import BusinessError

from .rows import NO_TEXT

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SAMPLE = 65_536
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});", re.ASCII)
# A longer cell is no name, and looking for what was garbled takes its time.
_LONGEST_MENDED = 10_000
# A letter of two bytes that was read as two letters, the second perhaps a blank by now, or as a control character.
_MAY_BE_GARBLED = re.compile(r"[^\x00-\x7f]{2}|[À-ô] |[\x80-\x9f]")
_ENCODING_ONLY = ftfy.TextFixerConfig(unescape_html=False, replace_lossy_sequences=False)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding that it was read by, and the lines of a UTF-8 file that were cp1252 instead."""

    text: str
    encoding: str
    lines_mended: tuple[int, ...] = ()


def decode(content: bytes, encoding: str = "") -> Decoded:
    """The text of a file, by `encoding` or else by looking; a byte order mark decides before both and is no text.

    Raises BusinessError where it is no text, or not in the encoding that was given.
    """
    for signature, what in NO_TEXT.items():
        if content.startswith(signature):
            raise BusinessError(f"The file {what} and import that.", field="file")
    for mark, marked in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            content, encoding = content[len(mark) :], marked
    decoded = _by_name(content, encoding) if encoding else _by_looking(content)
    if "\0" in decoded.text:
        raise BusinessError("The file has NUL bytes in it: it is damaged, or not a text file.", field="file")
    return decoded


def readable(content: bytes) -> str:
    """What a file says, to look for names in it: entities and doubled quotes are what they stand for.

    Raises BusinessError where it is no text.
    """
    return html.unescape(decode(content).text).replace('""', '"')


def mend_cell(text: str) -> str:
    """One cell without HTML entities, escaped twice at most, and without the marks of an encoding read wrongly.

    `Smith &amp;amp; Sons` is Smith & Sons, `MÃ¼ller` Müller. Quotes, ligatures and letters stay as they were written.
    """
    return with_encoding_mended(without_entities(text))


def without_entities(text: str) -> str:
    """One cell whose HTML entities, escaped twice at most, are what they stand for."""
    if len(text) > _LONGEST_MENDED:
        return text
    for _ in range(2):
        text = _ENTITY.sub(_character, text)
    return text


def with_encoding_mended(text: str) -> str:
    """One cell without the marks of an encoding read wrongly."""
    if len(text) > _LONGEST_MENDED or _MAY_BE_GARBLED.search(text) is None:
        return text
    return ftfy.fix_encoding(text, _ENCODING_ONLY)


def _character(entity: re.Match[str]) -> str:
    meant = html.unescape(entity[0])
    return meant if (meant.isprintable() and meant != "\ufffd") or meant == "\xa0" else entity[0]


def _by_name(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), encoding)
    except (ValueError, LookupError):  # ValueError: a NUL in the name too
        raise BusinessError(f"The file is not in the encoding {encoding.upper()}.", field="file") from None


def _by_looking(content: bytes) -> Decoded:
    if (wide := _utf_16_without_mark(content)) is not None:
        return _by_name(content, wide)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _mostly_utf_8(content) or Decoded(*_single_byte(content))


def _utf_16_without_mark(content: bytes) -> str | None:
    """Separators, digits and line ends have a NUL byte in UTF-16, all on the same side."""
    start = content[:_SAMPLE]
    half = len(start) // 2
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > half / 4 and even < odd / 10:
        return "utf-16-le"
    if even > half / 4 and odd < even / 10:
        return "utf-16-be"
    return None


def _mostly_utf_8(content: bytes) -> Decoded | None:
    """A UTF-8 file that a program with another encoding added lines to; None where most lines are no UTF-8."""
    parts, mended, good = [], [], 0
    for number, line in enumerate(_LINE.findall(content), start=1):
        try:
            parts.append(line.decode("utf-8"))
            good += not line.isascii()
        except UnicodeDecodeError:
            mended.append(number)
            parts.append(_single_byte(line)[0])
    return Decoded("".join(parts), "utf-8", tuple(mended)) if good > len(mended) else None


def _single_byte(content: bytes) -> tuple[str, str]:
    """The text and what it was read by. Bytes alone tell no other encoding: a statistic takes `10 €` for another’s."""
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"
