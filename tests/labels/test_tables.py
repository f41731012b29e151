"""What a person reads in a page's tables and lines is what is read, compared and filled in."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.errors import PortalChanged
from tests.labels.conftest import Show
from tests.labels.shapes import LISTS, SHAPES, ListShape, Shape

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
    (shape,) = (shape for shape in SHAPES if shape.title == "head at the left, several values beside it")
    labels = await show(shape.html)
    one = await labels.read([Spot("参保人数", within="本年度")])
    assert one["参保人数"].text == "12"


@pytest.mark.parametrize("shape", LISTS, ids=[shape.title for shape in LISTS])
async def test_rows_and_a_click_in_the_last(show: Show, page: Page, shape: ListShape) -> None:
    labels = await show(shape.html)
    asked = list(shape.rows[0])
    rows = await labels.rows(asked, timeout=30)
    assert [{header: row[header] for header in asked} for row in rows] == [dict(row) for row in shape.rows]
    await labels.click_in(rows[-1], "详情", timeout=30)
    await expect(page).to_have_title(shape.rows[-1]["单位名称"])
