"""What a picture hides lies where it shows, however the page is scaled, turned and framed.

Whatever is personal is red here, and nothing else is: under the boxes of a picture no red may be left.
"""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import io
from html import escape

import pytest
from PIL import Image, ImageDraw

from rpa.browser.camera import PagePicture
from rpa.browser.private import UNKNOWN
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = "<!doctype html><meta charset=utf-8><style>b, input, textarea { background: red; color: red; border: 0 }</style>"
FORM = """<table border=1><tr><td>单位名称：</td><td>河南示例商贸有限公司</td><td>联系人：</td><td><b>张示例</b></td></tr>
<tr><td>单位编号：</td><td>410100000001</td><td>联系方式</td><td><input value=13800001234></td></tr></table>
<p>银行账号：<b>6222021234567890123</b></p>"""
SHADOW = f"""<hall-form id=app></hall-form><script>app.attachShadow({{ mode: 'open' }}).innerHTML = `
<style>b, input {{ background: red; color: red; border: 0 }}</style>{FORM}`</script>"""
SMEARED = 10
"""Pixels that a JPEG may tint beside its blocks; a single column of a letter has more."""


def framed(inner: str, style: str = "") -> str:
    whole = escape(HEAD + inner, quote=True)
    return f'<iframe style="width:600px;height:260px;border:3px solid;padding:7px;{style}" srcdoc="{whole}"></iframe>'


def boxed(inner: str, style: str) -> str:
    return f'<div style="{style}">{inner}</div>'


SHAPES = {
    "plain": FORM,
    "scaled": boxed(FORM, "transform:scale(.7)"),
    "turned": boxed(FORM, "transform:rotate(20deg);margin:150px"),
    "zoomed": boxed(FORM, "zoom:1.3"),
    "whole page zoomed": f"<style>html {{ zoom: .8 }}</style>{FORM}",
    "framed": framed(FORM),
    "scaled frame": framed(FORM, "transform:scale(.6)"),
    "larger frame": framed(FORM, "transform:scale(1.7);transform-origin:0 0"),
    "turned frame": framed(FORM, "transform:rotate(-25deg);margin:150px"),
    "zoomed frame": framed(FORM, "zoom:1.4"),
    "two frames deep": framed(framed(FORM, "transform:scale(.8)"), "transform:rotate(8deg);margin:60px"),
    "zoomed, two frames deep": boxed(framed(framed(FORM, "zoom:.7"), "zoom:1.2"), "zoom:1.2"),
    "shadow root": SHADOW,
    "shadow root in a scaled frame": framed(SHADOW, "transform:scale(.6)"),
    "frame of another origin": "<iframe src={other} style='width:600px;height:260px;border:3px solid;padding:7px'></iframe>",
    "scaled frame of another origin": "<iframe src={other} style='width:600px;height:260px;border:3px solid;padding:7px;transform:scale(.6)'></iframe>",
    "frame of another origin in a turned one": (
        "<div style='transform:rotate(15deg);margin:100px'><iframe src={other} style='width:600px;height:260px;zoom:1.2'></iframe></div>"
    ),
}


def _blackened(shot: PagePicture) -> Image.Image:
    picture = Image.open(io.BytesIO(shot.jpeg)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for x, y, width, height, _ in shot.private:
        draw.rectangle((x, y, x + width, y + height), fill="black")
    return picture


def _reds(picture: Image.Image) -> int:
    red, green, blue = (band.point(lambda level: 255 * (level > 127)) for band in picture.split())
    pairs = zip(red.tobytes(), green.tobytes(), blue.tobytes(), strict=True)
    return sum(one == (255, 0, 0) for one in pairs)


async def _shoot(running: RunningBrowser, html: str) -> PagePicture:
    async with Wire({"/inner": HEAD + FORM}).listening() as other, Wire().listening() as wire:
        wire.pages["/"] = f"{HEAD}{html.replace('{other}', other.url + '/inner')}<p>末行</p>"
        portal = portal_at(wire.url, extra_origins=[other.url])
        async with Session.open(running, portal) as session:
            await session.go(wire.url + "/")
            await session.see(Sign("末行"))
            await session.page.wait_for_load_state("load")
            shot = await session.camera.take()
    assert shot is not None
    return shot


@pytest.mark.parametrize("html", SHAPES.values(), ids=SHAPES.keys())
async def test_nothing_personal_shows_beside_the_boxes(running: RunningBrowser, html: str) -> None:
    shot = await _shoot(running, html)
    picture = Image.open(io.BytesIO(shot.jpeg)).convert("RGB")
    assert _reds(picture) > 500
    assert _reds(_blackened(shot)) < SMEARED
    assert sorted({box.what for box in shot.private}) == ["联系人", "联系方式", "银行账号"]
    hidden = sum(box.width * box.height for box in shot.private)
    assert hidden < picture.width * picture.height / 10


async def test_where_nobody_can_tell_all_is_hidden(running: RunningBrowser) -> None:
    shot = await _shoot(running, framed(FORM, "transform:perspective(400px) rotateY(40deg)"))
    assert [box.what for box in shot.private] == [UNKNOWN]
