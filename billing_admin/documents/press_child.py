"""The process that draws documents: questions on its input, answers on its output. It knows no Django.

Each is a length of four bytes and so many bytes: a question is JSON, an answer `+` and what was made or `-` and why
not. Started by `press.py`, as a program, with the folders of the fonts; what it imports takes hundreds of milliseconds
and eighty megabytes, which no process of the web should spend.
"""

import datetime
import io
import json
import logging
import resource
import sys
from functools import cache
from typing import Any

_MEMORY = 1_500_000_000
_XML_NAME = "factur-x.xml"
_FLAVORS = {"cii": "factur-x", "ubl": "ubl-2.1"}
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def main() -> None:
    """Answer until there are no more questions."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    logging.disable(logging.WARNING)  # factur-x tells every step
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what anybody prints must not be taken for an answer
    while head := questions.read(4):
        try:
            answer = b"+" + _made(json.loads(questions.read(int.from_bytes(head))))
        except Exception as error:
            said = getattr(error, "message", None) or str(error) or type(error).__name__
            answer = b"-" + str(said).encode()
        answers.write(len(answer).to_bytes(4) + answer)
        answers.flush()


def _made(question: dict[str, Any]) -> bytes:
    files: dict[str, str] = question.get("files", {})
    invoice = question.get("invoice")
    if not files:
        return _xml(question["invoice"], question["syntax"])
    if question["format"] == "png":
        return _drawn(files, format="png", ppi=question["ppi"])
    if invoice is not None:
        files[_XML_NAME] = _xml(invoice, "cii").decode()
    on = datetime.datetime.fromisoformat(question["on"]).replace(tzinfo=datetime.UTC)
    # Archived for long (PDF/A-3b, which may hold its XML) and read aloud (PDF/UA-1).
    pdf = _drawn(files, format="pdf", pdf_standards=["a-3b", "ua-1"], timestamp=on)
    return pdf if invoice is None else _marked(pdf)


def _drawn(files: dict[str, str], **how: Any) -> bytes:
    import typst

    texts: Any = {name: text.encode() for name, text in files.items()}
    made = typst.compile(texts, font_paths=_fonts(), ignore_system_fonts=True, **how)
    return made[0] if isinstance(made, list) else made or b""  # a picture of several pages is the first one's


@cache
def _fonts() -> Any:
    import typst

    folders: Any = sys.argv[1:]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _xml(invoice: dict[str, Any], syntax: str) -> bytes:
    """The invoice by the names of EN 16931 (BT-1 …) as XML; nothing is sent anywhere, and nothing fetched."""
    from facturx import generate_xml

    made: bytes = generate_xml(
        invoice, flavor=_FLAVORS[syntax], level="en16931", check_xsd=False, check_schematron=None
    )
    return made


def _marked(pdf: bytes) -> bytes:
    """The PDF, whose metadata now say that its attachment is an invoice, as Factur-X wants; all else is as it was."""
    import pikepdf
    from lxml import etree

    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata: Any = document.Root.Metadata
        packet: bytes = metadata.read_bytes()
        start, end = packet.index(b"<x:xmpmeta"), packet.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
        root = etree.fromstring(packet[start:end])
        root.find(f"{_RDF}RDF").extend(etree.fromstring(block) for block in _blocks())
        metadata.write(packet[:start] + etree.tostring(root) + packet[end:])
        out = io.BytesIO()
        packed = pikepdf.ObjectStreamMode.generate
        document.save(out, deterministic_id=True, compress_streams=True, object_stream_mode=packed)
    return out.getvalue()


@cache
def _blocks() -> list[bytes]:
    """The two parts of the metadata that are about Factur-X, as its library writes them."""
    from facturx.facturx import generate_xmp_object
    from lxml import etree

    said = dict.fromkeys(("title", "author", "subject", "producer", "creator_tool", "timestamp"), "")
    kind = {"pdfa3_flavor": "B", "version": "1.0", "documenttype": "INVOICE", "xml_filename": _XML_NAME}
    made = generate_xmp_object({**said, **kind, "xmp_level": "EN 16931", "urn": _NAMESPACE})
    blocks = []
    for block in made.find(f"{_RDF}RDF").iterchildren():
        own = etree.fromstring(etree.tostring(block, with_tail=False))
        if _NAMESPACE in "".join(own.itertext()) or any(_NAMESPACE in child.tag for child in own):
            own.set(f"{_RDF}about", "")
            blocks.append(etree.tostring(own))
    return blocks


if __name__ == "__main__":
    main()
