"""docs/page-shapes.md shows the cases that the tests run now."""

from __future__ import annotations

from tools.page_shapes import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make page-shapes"


def test_the_page_is_short() -> None:
    assert len(page().splitlines()) < 250
