"""Frames that the scripts of the page around them cannot look into: those of another origin."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.async_api import Frame, Page


def is_foreign(frame: Frame) -> bool:
    """Whether a frame is of another origin than what it stands in."""
    parent = frame.parent_frame
    if parent is None or frame.is_detached():
        return False
    own, above = urlsplit(frame.url), urlsplit(parent.url)
    if own.scheme in ("", "about"):  # a blank or srcdoc frame belongs to its parent
        return False
    return (own.scheme, own.netloc) != (above.scheme, above.netloc)


def roots_of(page: Page) -> Sequence[Frame]:
    """The main frame and every foreign one."""
    return [page.main_frame, *(frame for frame in page.frames if is_foreign(frame))]


def root_of(frame: Frame) -> Frame:
    """The root whose scripts can look into a frame."""
    while frame.parent_frame is not None and not is_foreign(frame):
        frame = frame.parent_frame
    return frame
