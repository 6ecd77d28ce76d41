"""PNG files: as much of them as a document needs to know."""

import base64
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The room that a logo has on paper, in millimetres.
WIDEST, HIGHEST = 70.0, 16.0


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels; nothing, twice, of what is no PNG."""
    if len(png) < 24 or not png.startswith(SIGNATURE) or png[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def as_svg(png: bytes) -> str:
    """An SVG of the size that a logo has on paper, with the PNG in it: Typst takes texts alone beside a template."""
    width, height = size_of(png)
    scale = min(WIDEST / width, HIGHEST / height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.3f}mm" height="{height * scale:.3f}mm"'
        f' viewBox="0 0 {width} {height}"><image width="{width}" height="{height}"'
        f' href="data:image/png;base64,{base64.b64encode(png).decode()}"/></svg>'
    )


def is_blank(png: bytes) -> bool:
    """Whether nothing can be seen on a picture of ours, which has 8 bits each of red, green, blue and opacity."""
    at, packed = len(SIGNATURE), b""
    while at + 8 <= len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    pixels, row = zlib.decompress(packed), 1 + 4 * size_of(png)[0]  # each row begins with the filter it is packed by
    return not any(pixels[start + 1 : start + row].strip(b"\0") for start in range(0, len(pixels), row))
