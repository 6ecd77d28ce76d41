"""A logo is drawn anew, or refused with what is wrong with it."""

import struct
import zlib

import pytest

from billing_admin.documents import Sheet, redrawn_logo
from billing_admin.documents.png import SIGNATURE, as_svg, size_of
from billing_admin.errors import BusinessError

from .papers import ON, invoice_paper

SQUARE = '<rect width="40" height="40" fill="navy"/>'


def svg(inside=SQUARE, head="", attributes=""):
    return (
        f'{head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' xmlns:i="urn:inkscape" width="40" height="40" {attributes}>{inside}</svg>'
    ).encode()


def png(width=4, height=4, pixel=b"\xff\x00\x00\x80", extra=b""):
    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress((b"\0" + pixel * width) * height)
    return SIGNATURE + part(b"IHDR", head) + extra + part(b"IDAT", rows) + part(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (svg(), (378, 378)),
        (
            svg(head="<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'><!-- a -->"),
            (378, 378),
        ),
        (svg(SQUARE + "<i:view/><metadata><i:rdf/></metadata>"), (378, 378)),
        (svg('<g id="a"/><use xlink:href="#a"/>' + SQUARE, attributes='style="fill:url(#b)"'), (378, 378)),
        (png(), (378, 378)),
        (png(4000, 40), (1654, 17)),
        (png(10, 4000), (1, 378)),
    ],
)
def test_a_logo_is_as_large_as_its_place_on_paper(content, size):
    picture = redrawn_logo(content)
    width, height = size_of(picture)
    assert abs(width - size[0]) <= 1
    assert abs(height - size[1]) <= 1


def test_nothing_of_the_file_is_kept_but_what_it_shows():
    comment = b"tEXtComment\0<script>secret</script>"
    extra = struct.pack(">I", len(comment) - 4) + comment + struct.pack(">I", zlib.crc32(comment))
    assert b"secret" not in redrawn_logo(png(extra=extra))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (png() + b"\0" * 1_000_000, "The logo has 1,000,075 bytes; it may have 1,000,000 at most."),
        (b"GIF89a" + b"\0" * 50, "must be a PNG or SVG picture"),
        (b"<html><body/></html>", "must be a PNG or SVG picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><g>", "must be a PNG or SVG picture"),
        ("<svg/>".encode("utf-16"), "must be a PNG or SVG picture"),
        (SIGNATURE + b"broken", "0 × 0 pixels"),
        (png(5000, 1), "5,000 × 1 pixels; each may be 1 to 4,000"),
        (png()[:60], "empty or damaged"),
        (png(pixel=b"\0\0\0\0"), "empty or damaged"),
        (svg(""), "empty or damaged"),
        (svg("<script>alert(1)</script>"), "holds <script>"),
        (svg("<foreignObject><p/></foreignObject>"), "holds <foreignObject>"),
        (svg('<image href="file:///etc/passwd"/>'), "holds <image>"),
        (svg("<animate/>"), "holds <animate>"),
        (svg("<text>Acme</text>"), "holds text, and we have not its fonts"),
        (svg(attributes='onload="alert(1)"'), "holds a script (onload)"),
        (svg('<use href="https://e.example/a.svg#b"/>'), "from elsewhere"),
        (svg('<use xlink:href="//e.example/a.svg#b"/>'), "from elsewhere"),
        (svg('<rect style="fill: url( https://e.example/a )"/>'), "from elsewhere"),
        (svg("<style>@import 'https://e.example/a.css';</style>"), "from elsewhere"),
        (svg("<style>.a { fill: URL('https://e.example/a') }</style>"), "from elsewhere"),
        (svg("<title>&a;</title>", head='<!DOCTYPE svg [<!ENTITY a "b">]>'), "declares entities"),
        (
            svg("<title>&a;</title>", head='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
            "declares entities",
        ),
    ],
)
def test_a_bad_logo_is_refused_with_a_sentence(content, said):
    with pytest.raises(BusinessError) as refused:
        redrawn_logo(content)
    assert said in str(refused.value)
    assert refused.value.field == "logo"


def test_a_picture_that_multiplies_is_refused():
    uses = "".join(f'<g id="a{n + 1}">' + f'<use href="#a{n}"/>' * 10 + "</g>" for n in range(9))
    with pytest.raises(BusinessError, match="cannot be read"):
        redrawn_logo(svg(f'<defs><g id="a0">{SQUARE}</g>{uses}</defs><use href="#a9"/>'))


def test_a_logo_is_on_the_document(press):
    logo = redrawn_logo(svg())
    assert 'width="16.000mm" height="16.000mm"' in as_svg(logo)
    without = press.draw(Sheet("invoice.typ", invoice_paper(), ON)).content
    drawn = press.draw(Sheet("invoice.typ", invoice_paper(), ON, logo=logo)).content
    assert b"/Subtype/Image" in drawn.replace(b" ", b"")
    assert b"/Subtype/Image" not in without.replace(b" ", b"")
