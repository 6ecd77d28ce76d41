"""The fonts of documents: packages alone, so that every machine draws the same; and which letters they have."""

import importlib.util
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_otc")
_SCRIPTS = (
    "Arabic", "Hebrew", "Thai", "Devanagari", "Armenian", "Bengali", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi",
    "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Symbols",
)  # fmt: skip
# One sign of Chinese is drawn in several ways; which one a reader expects, the country says.
_CHINESE_OF = {"JP": "JP", "KR": "KR", "KP": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}


def families(country: str = "") -> list[str]:
    """The names of the fonts in the order in which a letter is looked for, for a reader in `country`."""
    chinese = f"Noto Sans CJK {_CHINESE_OF.get(country, 'SC')}"
    return ["Noto Sans", *(f"Noto Sans {script}" for script in _SCRIPTS), chinese, "Noto Emoji"]


@cache
def folders() -> list[str]:
    """Where the packages keep their fonts."""
    found = (importlib.util.find_spec(package) for package in _PACKAGES)
    return [str(Path(spec.origin).parent) for spec in found if spec is not None and spec.origin is not None]


def not_drawn(letters: set[int]) -> set[int]:
    """Those of `letters` that no font has. Noto Sans is asked first, and the next only about what is left."""
    left = set(letters)
    for path in _files():
        if not left:
            break
        left -= _drawn_by(path)
    return left


@cache
def _files() -> list[Path]:
    files = [path for folder in folders() for path in Path(folder).glob("*.tt[fc]") if "Italic" not in path.name]
    return sorted(files, key=lambda path: (path.stat().st_size > 1_000_000, "NotoSans[" not in path.name, path.name))


@cache
def _drawn_by(path: Path) -> frozenset[int]:
    """What is in the `cmap` of a font. All fonts of a collection draw the same letters, so the first is read."""
    data = path.read_bytes()
    start = _u32(data, 12) if data[:4] == b"ttcf" else 0
    found: set[int] = set()
    for record in range(start + 12, start + 12 + 16 * _u16(data, start + 4), 16):
        if data[record : record + 4] == b"cmap":
            at = _u32(data, record + 8)
            for n in range(_u16(data, at + 2)):
                found.update(_of_subtable(data, at + _u32(data, at + 8 + 8 * n)))
    return frozenset(found)


def _of_subtable(data: bytes, at: int) -> Iterator[int]:
    """Formats 12 and 4 of the OpenType specification, which between them name every letter of the fonts we have."""
    if (kind := _u16(data, at)) == 12:
        for first, last, glyph in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * _u32(data, at + 12)]):
            yield from range(first + (glyph == 0), last + 1)
    elif kind == 4:
        half = _u16(data, at + 6)
        starts, deltas, offsets = at + 16 + half, at + 16 + 2 * half, at + 16 + 3 * half
        for n in range(0, half, 2):
            for code in range(_u16(data, starts + n), min(_u16(data, at + 14 + n), 0xFFFE) + 1):
                glyph = code + _u16(data, deltas + n)
                if offset := _u16(data, offsets + n):
                    glyph = _u16(data, offsets + n + offset + 2 * (code - _u16(data, starts + n)))
                if glyph & 0xFFFF:
                    yield code


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2])


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4])
