"""The logo of the company: looked through and drawn anew, so that no byte of an uploaded file is kept or served."""

import re

from lxml import etree

from billing_admin.errors import BusinessError

from . import png
from .press import NotDrawn, Press

MOST_BYTES = 1_000_000
_MOST_PIXELS = 4000
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset({
    "svg", "g", "defs", "symbol", "use", "switch", "title", "desc", "metadata", "style", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern",
    "marker", "filter",
})  # fmt: skip
_HREF = re.compile(r"(?:\{[^}]*\})?href")
# Anything in a style but a part of the picture itself.
_ELSEWHERE = re.compile(r"@import|url\(\s*[\"']?\s*(?![\"'#\s])|expression\(", re.IGNORECASE)
_AS_PICTURE = f"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#context {{
  let logo = image("logo.svg", height: {png.HIGHEST}mm)
  if measure(logo).width > {png.WIDEST}mm {{ image("logo.svg", width: {png.WIDEST}mm) }} else {{ logo }}
}}
"""
_PPI = 600  # as printers have; 378 pixels high


def redrawn_logo(content: bytes) -> bytes:
    """A PNG of what a PNG or SVG file shows, as high and wide as a document has room for.

    Raises BusinessError, which says what is wrong with the file.
    """
    if not content:
        raise _refused("The file is empty.")
    if len(content) > MOST_BYTES:
        raise _refused(f"The logo has {len(content):,} bytes; it may have {MOST_BYTES:,} at most.")
    drawing = _checked_png(content) if content.startswith(png.SIGNATURE) else _checked_svg(content)
    try:
        with Press() as press:
            picture = press.picture_of(_AS_PICTURE, {"logo.svg": drawing}, _PPI)
    except NotDrawn:
        raise _refused("The logo cannot be read: the file is damaged, or holds far too many shapes.") from None
    if png.is_blank(picture):
        raise _refused("Nothing can be seen on this logo: it is empty or damaged.")
    return picture


def _checked_png(content: bytes) -> str:
    width, height = png.size_of(content)
    if not 0 < width <= _MOST_PIXELS or not 0 < height <= _MOST_PIXELS:
        raise _refused(f"The logo is {width:,} × {height:,} pixels; each may be 1 to {_MOST_PIXELS:,}.")
    return png.as_svg(content)


def _checked_svg(content: bytes) -> str:
    """The drawing alone, without the document type and whatever other programs left in it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != f"{_SVG}svg":
        raise _refused("The logo must be a PNG or SVG picture; this file is neither.")
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise _refused("This SVG declares entities. Save it as plain SVG, or as PNG.")
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            raise _refused("This SVG declares entities. Save it as plain SVG, or as PNG.")
        if element.tag.startswith(_SVG):
            _require_plain(element)
        elif (parent := element.getparent()) is not None:
            parent.remove(element)
    return etree.tostring(root, encoding="unicode")


def _require_plain(element: "etree._Element") -> None:
    name = str(element.tag).removeprefix(_SVG)
    if name == "text":
        raise _refused("This SVG holds text, and we have not its fonts. Convert the text to paths, or save it as PNG.")
    if name not in _ELEMENTS and not name.startswith("fe"):
        raise _refused(f"This SVG holds <{name[:40]}>, which a logo may not. Save it as plain SVG, or as PNG.")
    for key, value in element.attrib.items():
        attribute, text = str(key), str(value)
        if attribute.lower().startswith("on"):
            raise _refused(f"This SVG holds a script ({attribute[:40]}). Save it as plain SVG, or as PNG.")
        if (_HREF.fullmatch(attribute) and not text.strip().startswith("#")) or _ELSEWHERE.search(text):
            raise _refused("This SVG takes a part of itself from elsewhere. Save it as plain SVG, or as PNG.")
    if name == "style" and _ELSEWHERE.search("".join(element.itertext())):
        raise _refused("This SVG takes a part of itself from elsewhere. Save it as plain SVG, or as PNG.")


def _refused(text: str) -> BusinessError:
    return BusinessError(text, field="logo")
