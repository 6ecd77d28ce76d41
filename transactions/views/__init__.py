"""The screens about money in and out."""

from .recording import record

__all__ = ["record"]
