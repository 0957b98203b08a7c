"""The request for authorization: what it must hold and when it may come (R. 5122-1 to R. 5122-3)."""

from law.grounds import Ground, Perimeter
from law.window import FilingWindow, filing_window, window_refusal

__all__ = ["FilingWindow", "Ground", "Perimeter", "filing_window", "window_refusal"]
