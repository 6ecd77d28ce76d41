"""The press: draws documents in a process of its own, which can be stopped and gives its memory back."""

import datetime
import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from billing_admin.db.limits import held_up
from billing_admin.errors import BusinessError

from . import fonts, languages, png
from .letters import fit_for_xml, fit_to_draw

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
_CHILD = Path(__file__).with_name("press_child.py")
# How long a document may take, and one with so many lines that nobody waits for it in front of a screen.
_SECONDS, _LONG_SECONDS, _MANY_LINES = 20.0, 60.0, 500
_AT_ONCE = 65536
BUSY = "Other documents are being drawn at this moment; nothing was done. Try again in a moment."


@dataclass(frozen=True)
class Sheet:
    """What is drawn: `data` as its template and base.typ name it, every text in it as it was typed.

    The words of the language and the fonts are added where `data` says none.
    """

    template: str
    data: dict[str, Any]
    on: (
        datetime.date
    )  # the document's own: nothing in the file says when it was drawn, so the same sheet gives the same bytes
    logo: bytes | None = None  # a PNG that `redrawn_logo` made
    invoice: dict[str, Any] | None = None  # by the names of EN 16931, days as ISO text: attached as XML
    picture: bool = False  # the first page as a PNG instead


@dataclass(frozen=True)
class Drawn:
    """A document, and the letters in it that no font has, each once: � stands in their places."""

    content: bytes
    left_out: str


class NotDrawn(BusinessError):
    """Nothing was made."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The document could not be made: {why if len(why) <= 200 else why[:199] + '…'}")


class Press:
    """Draws one document after another, in one child process that ends with the `with` block. Not for two threads.

    A document that takes too long or too much memory ends the child; the next one starts another.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def draw(self, sheet: Sheet) -> Drawn:
        """The PDF of a sheet, with its XML where it has an invoice, or its picture."""
        language = languages.language_for(sheet.data.get("lang", ""))
        given = {"words": languages.words(language), "fonts": fonts.families(), **sheet.data}
        data, left_out = fit_to_draw(given)
        files = {"base.typ": _template("base.typ"), "main.typ": _template(sheet.template)}
        if sheet.logo is not None:
            data["logo"] = "logo.svg"
            files["logo.svg"] = png.as_svg(sheet.logo)
        question: dict[str, Any] = {"files": files, "on": sheet.on.isoformat(), "format": "pdf"}
        if sheet.picture:
            question |= {"format": "png", "ppi": 110}
        elif sheet.invoice is not None:
            data["attachment"] = "factur-x.xml"
            question["invoice"] = fit_for_xml(sheet.invoice)
        files["data.json"] = json.dumps(data, ensure_ascii=False)
        lines = len(data.get("lines", [])) + sum(len(table["rows"]) for table in data.get("tables", []))
        return Drawn(self._ask(question, _LONG_SECONDS if lines > _MANY_LINES else _SECONDS), left_out)

    def xml(self, invoice: dict[str, Any], syntax: Literal["cii", "ubl"]) -> bytes:
        """The invoice, by the names of EN 16931, as XML alone."""
        many = len(invoice.get("BG-25", [])) > _MANY_LINES
        return self._ask({"invoice": fit_for_xml(invoice), "syntax": syntax}, _LONG_SECONDS if many else _SECONDS)

    def picture_of(self, source: str, files: dict[str, str], ppi: int) -> bytes:
        """The PNG of a template given as text, and the files it names."""
        return self._ask({"files": {"main.typ": source, **files}, "format": "png", "ppi": ppi}, _SECONDS)

    def _ask(self, question: dict[str, Any], seconds: float) -> bytes:
        seconds = self._seconds or seconds
        asked = json.dumps(question, ensure_ascii=False).encode()
        try:
            if self._child is None:
                self._child = _started()
            answer = _answer(self._child, len(asked).to_bytes(4) + asked, seconds)
        except BaseException as error:
            self._stop()  # it may still be at work, or have half an answer in its pipe
            if isinstance(error, TimeoutError):
                raise NotDrawn(f"it took longer than {seconds:g} seconds and was stopped.") from None
            if isinstance(error, OSError | EOFError):
                raise NotDrawn("the process that draws it ended too early, for lack of memory perhaps.") from error
            raise
        if answer[:1] != b"+":
            raise NotDrawn(answer[1:].decode(errors="replace"))
        return answer[1:]

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            with child:  # closes its pipes and waits for its end
                pass


def draw(sheet: Sheet) -> Drawn:
    """One document by a press of its own.

    Raises NotDrawn; in a request also Busy, where half of the threads of its process wait already.
    """
    with held_up(BUSY), Press() as press:
        return press.draw(sheet)


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _started() -> subprocess.Popen[bytes]:
    """A child that sees nothing of ours but its own file: no settings, no passwords in its environment."""
    child = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), *fonts.folders()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        cwd=_CHILD.parent, env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    )  # fmt: skip
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        os.set_blocking(pipe.fileno(), False)
    return child


def _answer(child: subprocess.Popen[bytes], asked: bytes, seconds: float) -> bytes:
    """Writes and reads at once: a pipe holds less than a long document, so that each would wait for the other.

    Raises TimeoutError after `seconds`, and EOFError or OSError where the child has ended.
    """
    assert child.stdin is not None
    assert child.stdout is not None
    until = time.monotonic() + seconds
    left = memoryview(asked)
    got = bytearray()
    with selectors.DefaultSelector() as pipes:
        pipes.register(child.stdin, selectors.EVENT_WRITE)
        pipes.register(child.stdout, selectors.EVENT_READ)
        while len(got) < 4 or len(got) < 4 + int.from_bytes(got[:4]):
            ready = pipes.select(until - time.monotonic())
            if not ready or time.monotonic() > until:
                raise TimeoutError
            for key, _ in ready:
                if key.fileobj is child.stdin:
                    left = left[os.write(key.fd, left[:_AT_ONCE]) :]
                    if not left:
                        pipes.unregister(child.stdin)
                elif part := os.read(key.fd, _AT_ONCE * 16):
                    got += part
                else:
                    raise EOFError
    return bytes(got[4:])
