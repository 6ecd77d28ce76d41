"""The three shapes: columns side by side, lines, and lying bars."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from .drawing import (
    LETTER,
    Frame,
    axis,
    element,
    fill,
    joined,
    link,
    months,
    names,
    pattern,
    picture,
    plot,
    shown,
)
from .scale import Scale

if TYPE_CHECKING:
    from .chart import Chart

_BAR, _ROW = 16, 30


def columns(chart: "Chart", frame: Frame) -> SafeString:
    """For each month a column of each series; what is below zero hangs from it."""
    room = plot(chart, frame)
    points = shown(frame, chart.series[0].points)
    slot = (room.right - room.left) / len(points)
    width = slot * 0.72 / len(chart.series)
    drawn = []
    for place, series in enumerate(chart.series):
        for number, point in enumerate(shown(frame, series.points)):
            x = room.left + slot * number + slot * 0.14 + width * place
            y, zero = room.y(point.amount), room.y(0)
            column = element(
                "rect", x=x, y=min(y, zero), width=width - 1, height=abs(zero - y), **fill(chart, frame, place)
            )
            target = element("rect", class_="chart-target", x=x, y=room.top, width=width, height=room.bottom - room.top)
            drawn.append(link(chart, series, point, target, column))
    middles = [room.left + slot * (number + 0.5) for number in range(len(points))]
    swatches = [element("rect", width=10, height=10, **fill(chart, frame, place)) for place in range(len(chart.series))]
    return picture(
        frame,
        [
            pattern(chart, frame),
            *axis(room),
            *drawn,
            *months(room, frame, points, middles),
            *names(chart, frame, room, swatches),
        ],
    )


def line(chart: "Chart", frame: Frame) -> SafeString:
    """A line for each series, with the ground under a single one; the last point is the largest."""
    room = plot(chart, frame)
    points = shown(frame, chart.series[0].points)
    x = [room.x((number + 0.5) / len(points)) for number in range(len(points))]
    drawn = []
    for place, series in enumerate(chart.series):
        css = "ab"[place % 2]
        y = [room.y(point.amount) for point in shown(frame, series.points)]
        way = " ".join(f"{each:.1f},{height:.1f}" for each, height in zip(x, y, strict=True))
        if len(chart.series) == 1:
            ground = f"{x[0]:.1f},{room.y(0):.1f} {way} {x[-1]:.1f},{room.y(0):.1f}"
            drawn.append(element("polygon", class_="chart-ground", points=ground))
        drawn.append(element("polyline", class_=f"chart-line-{css}", points=way))
        for number, point in enumerate(shown(frame, series.points)):
            target = element("circle", class_="chart-target", cx=x[number], cy=y[number], r=12)
            dot = element(
                "circle", class_=f"chart-dot-{css}", cx=x[number], cy=y[number], r=4 if number == len(x) - 1 else 2.5
            )
            drawn.append(link(chart, series, point, target, dot))
    swatches = [
        element("path", class_=f"chart-line-{'ab'[place % 2]}", d="M0 6H11") for place in range(len(chart.series))
    ]
    return picture(
        frame,
        [*axis(room), *drawn, *months(room, frame, points, x), *names(chart, frame, room, swatches)],
    )


def bars(chart: "Chart", frame: Frame) -> SafeString:
    """A lying bar for each part, its name before and its amount behind it."""
    (series,) = chart.series
    scale = Scale.of(point.amount for point in series.points)
    left = max(len(point.label) for point in series.points) * LETTER + 10
    right = frame.width - max(len(chart.text(point.amount)) for point in series.points) * (LETTER + 0.6) - 12
    drawn = []
    for number, point in enumerate(series.points):
        y = 6 + number * _ROW
        width = max((right - left) * scale.part(point.amount), 1.5 if point.amount else 0)
        text = y + _BAR - 4
        drawn += [
            element("text", point.label, x=left - 10, y=text, text_anchor="end"),
            link(
                chart,
                series,
                point,
                element("rect", class_="chart-target", x=0, y=y - 6, width=frame.width, height=_ROW),
                element("rect", class_="chart-a", x=left, y=y, width=width, height=_BAR),
                element("text", chart.text(point.amount), class_="chart-last", x=left + width + 8, y=text),
            ),
        ]
    base = element("line", class_="chart-zero", x1=left, x2=left, y1=0, y2=len(series.points) * _ROW)
    return picture(frame, [joined(drawn), base], height=len(series.points) * _ROW + 2)


SHAPES: dict[str, Callable[["Chart", Frame], SafeString]] = {"columns": columns, "line": line, "bars": bars}
