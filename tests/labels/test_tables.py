"""What a person reads in a page's tables and lines is what is read, compared and filled in."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.errors import PortalChanged
from tests.labels.conftest import Show
from tests.labels.shapes import SHAPES, Shape

pytestmark = pytest.mark.asyncio(loop_scope="session")

every_shape = pytest.mark.parametrize("shape", SHAPES, ids=[shape.title for shape in SHAPES])


@every_shape
async def test_read(show: Show, shape: Shape) -> None:
    labels = await show(shape.html)
    together = await labels.read(list(shape.reads))
    assert {label: held.text for label, held in together.items()} == dict(shape.reads)
    for label in shape.reads.keys() - set(shape.unclear):
        assert (await labels.read([label]))[label].text == shape.reads[label]


@every_shape
async def test_what_is_unclear_or_has_no_value_is_an_error(show: Show, shape: Shape) -> None:
    labels = await show(shape.html)
    for label in shape.unclear:
        with pytest.raises(PortalChanged, match=f"有 2 处“{label}”"):
            await labels.read([label])
    for label in shape.absent:
        with pytest.raises(PortalChanged, match=f"找不到“{label}”"):
            await labels.read([Spot(label, kind=ControlKind.OUTPUT)])


@every_shape
async def test_fill(show: Show, page: Page, shape: Shape) -> None:
    labels = await show(shape.html)
    values = {label: f"值{label}" for label in shape.fills}
    held = await labels.fill(values, timeout=30)
    assert all(one.match.agrees for one in held.values())
    for label, field in shape.fills.items():
        assert await page.locator(f"#{field}").input_value() == values[label]


async def test_the_column_says_which_of_several_values(show: Show) -> None:
    (shape,) = (shape for shape in SHAPES if shape.title == "左侧表头，右边几个值")
    labels = await show(shape.html)
    one = await labels.read([Spot("参保人数", within="本年度")])
    assert one["参保人数"].text == "12"
