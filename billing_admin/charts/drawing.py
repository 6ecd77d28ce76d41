"""What every picture is drawn with: where it has room, elements, marks of the axis, and what the series are called.

Colours, lines and sizes of letters are classes of the style sheet (static_src/charts.css).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from billing_admin.web.markup import escaped, format_html

from .scale import Scale, short

if TYPE_CHECKING:
    from .chart import Chart, Point, Series

# About as wide as a letter is, and as high as a line is.
LETTER, LINE = 6.7, 15


@dataclass(frozen=True)
class Frame:
    """The room for a picture: its width and height, how many points at most, and whether names stand at the right."""

    name: str
    width: int
    height: int
    most_points: int
    names_at_right: bool


WIDE = Frame("wide", 580, 215, 13, names_at_right=True)
NARROW = Frame("narrow", 340, 230, 6, names_at_right=False)


@dataclass(frozen=True)
class Plot:
    """The part of a frame where amounts are drawn."""

    left: float
    top: float
    right: float
    bottom: float
    scale: Scale

    def x(self, place: float) -> float:
        """Of a part (0 to 1) of the width."""
        return self.left + (self.right - self.left) * place

    def y(self, amount: Any) -> float:
        """Of an amount."""
        return self.bottom - (self.bottom - self.top) * self.scale.part(amount)


def element(name: str, content: Any = "", **named: Any) -> SafeString:
    """An SVG element; numbers to a tenth, `class_` is `class`, an underscore is a hyphen."""
    written = "".join([f' {_attribute(key)}="{_value(value)}"' for key, value in named.items()])
    return SafeString(f"<{name}{written}>{escaped(content)}</{name}>")


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: Any) -> str:
    if type(value) is float:
        return f"{value:.1f}".removesuffix(".0")
    return escaped(value) if type(value) is str else str(value)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Elements one after the other."""
    return SafeString("".join(parts))


def picture(frame: Frame, content: Iterable[SafeString], height: float | None = None) -> SafeString:
    """The whole; hidden from screen readers, which have the table."""
    return element(
        "svg",
        joined(content),
        class_=f"chart-{frame.name}",
        viewBox=f"0 0 {frame.width} {height or frame.height:.0f}",
        aria_hidden="true",
        focusable="false",
    )


def link(chart: "Chart", series: "Series", point: "Point", *drawn: SafeString) -> SafeString:
    """What is drawn of a point, leading to its rows and saying its amount; the keyboard has the table's links."""
    words = f"{series.name}, {point.label}: {chart.text(point.amount)} {chart.currency}"
    inside = joined([element("title", words), *drawn])
    return element("a", inside, href=point.url, tabindex="-1") if point.url else element("g", inside)


def pattern(chart: "Chart", frame: Frame) -> SafeString:
    """Stripes, by which the second series is told from the first without colours."""
    stripes = element("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5")
    ground = element("rect", width=6, height=6)
    return element(
        "pattern", joined([ground, stripes]), id=_stripes(chart, frame), class_="chart-stripes", width=6, height=6,
        patternUnits="userSpaceOnUse",
    )  # fmt: skip


def fill(chart: "Chart", frame: Frame, place: int) -> dict[str, str]:
    """How the columns of the first, second … series are filled."""
    return {"class_": "chart-a"} if place == 0 else {"class_": "chart-b", "fill": f"url(#{_stripes(chart, frame)})"}


def _stripes(chart: "Chart", frame: Frame) -> str:
    return f"{chart.key}-{frame.name}"


def shown(frame: Frame, points: Sequence["Point"]) -> Sequence["Point"]:
    """The last points, as many as there is room for."""
    return points[-frame.most_points :]


def plot(chart: "Chart", frame: Frame) -> Plot:
    """The room for amounts, beside the marks and the names of the series."""
    scale = Scale.of(point.amount for each in chart.series for point in shown(frame, each.points))
    left = max(len(short(mark)) for mark in scale.marks) * LETTER + 8
    if frame.names_at_right:
        names = [text for each in chart.series for text in (each.name, chart.text(each.points[-1].amount))]
        return Plot(left, 10, frame.width - max(map(len, names)) * LETTER - 16, frame.height - 2 * LINE - 6, scale)
    top = len(chart.series) * (LINE + 3) + 12
    return Plot(left, top, frame.width - 8, frame.height - 2 * LINE - 6, scale)


def axis(room: Plot) -> Iterator[SafeString]:
    """A line for each mark, the one at zero stronger."""
    for mark in room.scale.marks:
        y = room.y(mark)
        css = "chart-zero" if mark == 0 else "chart-grid"
        yield element("line", class_=css, x1=room.left, x2=room.right, y1=y, y2=y)
        yield element("text", short(mark), x=room.left - 6, y=y + 4, text_anchor="end")


def months(room: Plot, frame: Frame, points: Sequence["Point"], x: Sequence[float]) -> Iterator[SafeString]:
    """What each point is called under it; the year under the first and where another one begins."""
    before = ""
    for point, middle in zip(points, x, strict=True):
        month, _, year = point.label.partition(" ")
        yield element("text", month, x=middle, y=room.bottom + LINE, text_anchor="middle")
        if year != before:
            yield element("text", year, x=middle, y=room.bottom + 2 * LINE - 2, text_anchor="middle")
        before = year


def names(chart: "Chart", frame: Frame, room: Plot, swatches: Sequence[SafeString]) -> Iterator[SafeString]:
    """The name and the last amount of each series: at the height of its last point, or above the picture."""
    if not frame.names_at_right:
        for place, (each, swatch) in enumerate(zip(chart.series, swatches, strict=True)):
            y = 12.0 + place * (LINE + 3)
            yield _moved(swatch, 0, y - 9)
            yield element("text", _named(chart, each), x=16, y=y)
        return
    heights = [room.y(each.points[-1].amount) for each in chart.series]
    for place, y in _apart(heights, 2 * LINE + 4, room.bottom):
        each = chart.series[place]
        yield _moved(swatches[place], room.right + 8, y - 9) if len(chart.series) > 1 else SafeString("")
        indent = 14 if len(chart.series) > 1 else 0
        yield element("text", each.name, x=room.right + 8 + indent, y=y)
        amount = chart.text(each.points[-1].amount)
        yield element("text", amount, class_="chart-last", x=room.right + 8, y=y + LINE)


def _named(chart: "Chart", series: "Series") -> SafeString:
    amount = element("tspan", chart.text(series.points[-1].amount), class_="chart-last")
    return format_html("{} {}", series.name, amount)


def _moved(swatch: SafeString, x: float, y: float) -> SafeString:
    return element("g", swatch, transform=f"translate({x:.1f} {y:.1f})")


def _apart(heights: Sequence[float], least: float, lowest: float) -> list[tuple[int, float]]:
    """Place → height, moved so that no two are nearer than `least`, none too high and the last not below `lowest`."""
    placed: list[tuple[int, float]] = []
    for place in sorted(range(len(heights)), key=lambda place: heights[place]):
        above = placed[-1][1] + least if placed else 12.0
        placed.append((place, max(heights[place] - 4, above)))
    over = max(0.0, placed[-1][1] + LINE - lowest) if placed else 0.0
    return [(place, max(y - over, 12.0)) for place, y in placed]
