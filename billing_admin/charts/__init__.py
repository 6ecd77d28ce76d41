"""Pictures of amounts: numbers in, SVG out. They know nothing of what the numbers are about."""

from .chart import Chart, Point, Series

__all__ = ["Chart", "Point", "Series"]
