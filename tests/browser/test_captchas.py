"""Captchas and QR codes of any make reach a person whole, of use, and another one than the last."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from PIL import Image, ImageDraw

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.screen import Captcha
from rpa.browser.session import Session
from rpa.browser.shown_image import ShownImage
from rpa.errors import PortalChanged, Unavailable
from tests.support.portal import portal_at
from tests.support.served_files import File, ServedFiles, page

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = Spot("验证码", kind=ControlKind.PICTURE)
CODE = Spot("二维码", kind=ControlKind.PICTURE)
SIZE = (110, 40)

FORM = """
<form onsubmit="return false"><div><label>账号</label><input></div>
<div id=line><label>验证码</label><input id=typed><span id=place></span></div><button>登录</button></form>
<script>
let number = 0;
const svg = () => `<svg xmlns="http://www.w3.org/2000/svg" width="110" height="40" viewBox="0 0 110 40">
  <rect width="110" height="40" fill="#dde"/><text x="9" y="29" font-size="26">K${number}T</text></svg>`;
const address = () => `data:image/svg+xml,${encodeURIComponent(svg())}`;
const put = (html, reacting = "img") => {
  place.innerHTML = html;
  place.querySelector(reacting).onclick = draw;
};
const image = () => `<img src='${address()}'>`;
const icon = () => `<i style="display:inline-block;width:20px;height:20px;cursor:pointer;
  background:url(${address()})"></i>`;
const background = () => `<b title="看不清？换一张" style="display:inline-block;width:110px;height:40px;
  cursor:pointer;background-image:url('${address()}')"></b>`;
function canvas() {
  const size = { width: 110, height: 40 };
  place.firstChild ?? place.append(Object.assign(document.createElement("canvas"), size));
  const pen = place.firstChild.getContext("2d");
  pen.fillStyle = "#dde";
  pen.fillRect(0, 0, 110, 40);
  pen.fillStyle = "#000";
  pen.font = "26px serif";
  pen.fillText(`K${number}T`, 9, 29);
  place.firstChild.onclick = draw;
}
const logo = () => `<img class=logo width=260 height=60 src="${address()}">`;
const once = (selector, add) => document.querySelector(selector) ?? add();
function draw() {
  number += 1;
  show();
}
</script>
"""
SHAPES = {
    "svg_in_the_page": "put(svg(), 'svg')",
    "svg_as_an_image": "put(image())",
    "background": "put(background(), 'b')",
    "canvas": "canvas()",
    "a_link_beside": "put(`${image()} <a href='javascript:draw()'>看不清，换一张</a>`, 'img'); "
    "place.firstChild.onclick = null",
    "an_icon_beside": "put(image() + icon(), 'i')",
    "an_icon_in_front": "put(icon() + image())",
    "a_button_around": "put(`<button type=button>${image()}</button>`, 'button')",
    "scaled": "document.body.style.transform = 'scale(.8)'; put(image())",
    "a_logo_in_the_form": "put(image()); "
    "once('.logo', () => document.forms[0].insertAdjacentHTML('afterbegin', logo()))",
}


FETCHED = """
place.innerHTML = '<img src=/code>';
place.firstChild.onclick = () => place.firstChild.src = '/code?' + Math.random();
"""


def form(show: str) -> Callable[[], File]:
    """A login whose captcha is shown, and shown anew, by this script."""
    return page(f"{FORM}<script>function show() {{ {show} }} draw()</script>")


def drawn(text: str, kind: str) -> bytes:
    """A picture with a text, as a portal makes one."""
    picture = Image.new("RGB", SIZE, "#dde")
    ImageDraw.Draw(picture).text((9, 9), text, fill="black")
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()


def numbered(kind: str, made: list[bytes], *, seconds: float = 0.0) -> Callable[[], File]:
    """Another picture at every request; those that were made are put into ``made``."""
    numbers = count(1)

    def make() -> File:
        made.append(drawn(f"K{next(numbers)}T", kind))
        return File(f"image/{kind}", made[-1], seconds=seconds)

    return make


@asynccontextmanager
async def _at(
    running: RunningBrowser, files: dict[str, Callable[[], File]], **portal: Any
) -> AsyncIterator[Session]:
    async with (
        ServedFiles(files).listening() as served,
        Session.open(running, portal_at(served.url, **portal)) as session,
    ):
        await session.go(served.url + "/")
        yield session


async def _shown(captcha: Captcha) -> ShownImage:
    image = await captcha.image()
    assert image is not None
    return image


def _size(image: ShownImage) -> tuple[int, int]:
    with Image.open(io.BytesIO(image.data)) as picture:
        return picture.size


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_is_shown_and_had_anew(running: RunningBrowser, shape: str) -> None:
    async with _at(running, {"/": form(SHAPES[shape])}) as session:
        captcha = Captcha(session, PICTURE)
        first = await _shown(captcha)
        again = await _shown(captcha)
        assert again.data == first.data
        assert await captcha.usable()
        second = await captcha.another()
        assert await session.page.evaluate("number") == 2
    assert first.type == second.type == "image/png"
    assert first.data != second.data
    assert _size(first) == ((88, 32) if shape == "scaled" else SIZE)


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
async def test_a_picture_from_the_portal_keeps_its_bytes_and_its_type(
    running: RunningBrowser, kind: str
) -> None:
    made: list[bytes] = []
    html = f"{FORM}<script>{FETCHED}</script>"
    async with _at(running, {"/": page(html), "/code": numbered(kind, made)}) as session:
        captcha = Captcha(session, PICTURE)
        first, second = await _shown(captcha), await captcha.another()
    assert [first.data, second.data] == made
    assert {first.type, second.type} == {f"image/{kind}"}


@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0])
async def test_after_a_wrong_answer_nobody_sees_the_spent_picture(
    running: RunningBrowser, seconds: float
) -> None:
    made: list[bytes] = []
    wrong = "async function wrong() { await fetch('/answer'); place.firstChild.onclick() }"
    html = f"{FORM}<script>{FETCHED} {wrong}</script>"
    files = {
        "/": page(html),
        "/code": numbered("png", made, seconds=seconds),
        "/answer": lambda: File("text/plain", b"", seconds=seconds),
    }
    async with _at(running, files) as session:
        captcha = Captcha(session, PICTURE)
        shown = [await _shown(captcha)]
        for _ in range(3):
            captcha.spend()
            await session.page.evaluate("void wrong()")
            shown.append(await _shown(captcha))
    assert [image.data for image in shown] == made


async def test_a_portal_that_keeps_the_spent_picture_is_asked_for_another(running: RunningBrowser) -> None:
    async with _at(running, {"/": form(SHAPES["canvas"])}) as session:
        captcha = Captcha(session, PICTURE)
        first = await _shown(captcha)
        captcha.spend()
        assert (await _shown(captcha)).data != first.data


async def test_a_picture_that_the_page_replaced_is_of_no_use(running: RunningBrowser) -> None:
    async with _at(running, {"/": form(SHAPES["svg_as_an_image"])}) as session:
        captcha = Captcha(session, PICTURE)
        await _shown(captcha)
        await session.page.evaluate("draw()")
        assert not await captcha.usable()


async def test_a_picture_that_cannot_be_had_is_asked_for_again(running: RunningBrowser) -> None:
    answers = iter([File("text/plain", b"", status=503), File("image/png", drawn("K2T", "png"))])
    html = f"{FORM}<script>{FETCHED}</script>"
    async with _at(running, {"/": page(html), "/code": lambda: next(answers)}) as session:
        assert (await _shown(Captcha(session, PICTURE))).data == drawn("K2T", "png")


async def test_a_picture_that_never_comes_is_said(running: RunningBrowser) -> None:
    html = f"{FORM}<script>place.innerHTML = '<img src=/code>'</script>"
    async with _at(running, {"/": page(html)}, step_seconds=3.0) as session:
        with pytest.raises(Unavailable, match="验证码"):
            await Captcha(session, PICTURE).image()


async def test_age_counts_from_the_request(running: RunningBrowser) -> None:
    made: list[bytes] = []
    html = f"{FORM}<script>{FETCHED}</script>"
    files = {"/": page(html), "/code": numbered("png", made, seconds=1.0)}
    async with _at(running, files, captcha_seconds=60.0) as session:
        image = await _shown(Captcha(session, PICTURE))
        assert datetime.now(UTC) - image.taken_at >= timedelta(seconds=1)
        assert image.usable_until == image.taken_at + timedelta(seconds=60)
    async with _at(running, files, captcha_seconds=1.5) as session:  # half of it gone when it comes
        image = await _shown(Captcha(session, PICTURE))
        assert image.data == made[-1]
        assert len(made) == 3


async def test_an_old_picture_is_of_no_use(running: RunningBrowser) -> None:
    async with _at(running, {"/": form(SHAPES["canvas"])}, captcha_seconds=1e-6) as session:
        captcha = Captcha(session, PICTURE)
        await captcha.another()
        assert not await captcha.usable()


@pytest.mark.parametrize(
    ("field", "sum_"),
    [
        ("<input placeholder=请输入图中算式的计算结果 title=验证码>", True),
        ("<label>验证码 <input placeholder=计算结果></label>", True),
        ("<label>验证码 <input placeholder=不区分大小写></label>", False),
    ],
)
async def test_a_sum_is_told_from_a_text(running: RunningBrowser, field: str, sum_: bool) -> None:
    html = f"{FORM}<script>line.innerHTML = `{field}<img src=${{address()}}>`</script>"
    async with _at(running, {"/": page(html)}) as session:
        captcha = Captcha(session, PICTURE)
        await _shown(captcha)
        assert await captcha.asks_for_sum() is sum_


async def test_a_code_by_sms_is_not_taken_for_a_picture(running: RunningBrowser) -> None:
    html = f"""{FORM}<img width=180 height=180 alt=扫码登录 src="">
        <script>place.innerHTML = '<button type=button>获取验证码</button>';
        place.firstChild.onclick = () => place.firstChild.textContent = "60秒后重发";
        document.images[0].src = address()</script>"""
    async with _at(running, {"/": page(html)}) as session:
        captcha = Captcha(session, PICTURE)
        assert await captcha.image() is None
        assert await captcha.usable()
        await captcha.send_code()
        assert await session.page.inner_text("#place") == "60秒后重发"


async def test_two_that_could_be_meant_are_no_guess(running: RunningBrowser) -> None:
    html = f"{FORM}<script>place.innerHTML = `<img src='${{address()}}'><img src='${{address()}}'>`</script>"
    async with _at(running, {"/": page(html)}) as session:
        with pytest.raises(PortalChanged, match="2 处"):
            await Captcha(session, PICTURE).image()


QR = "<p>请用微信扫描二维码登录</p><div>{code}</div>"
QR_SHAPES = {
    "image": "<img width=160 height=160 src='/code'>",
    "background": "<div style='width:160px;height:160px;background:url(/code)'></div>",
    "svg": "<svg width=160 height=160><rect width=90 height=90 /></svg>",
    "canvas": "<canvas width=160 height=160></canvas>"
    "<script>document.querySelector('canvas').getContext('2d').fillRect(0, 0, 80, 80)</script>",
}


@pytest.mark.parametrize("shape", QR_SHAPES)
async def test_a_qr_code_without_a_name_is_the_square_beside_its_words(
    running: RunningBrowser, shape: str
) -> None:
    aside = (
        "<div>下载手机应用<img width=150 height=150 src='/code'></div><img width=300 height=60 src='/code'>"
    )
    html = f"<section>{QR.format(code=QR_SHAPES[shape])}</section>{aside}"
    async with _at(
        running, {"/": page(html), "/code": lambda: File("image/png", drawn("Q", "png"))}
    ) as session:
        box = await session.front.labels.box(CODE)
        assert box is not None
        assert (box.width, box.height) == (160, 160)
        assert (await session.image_at(CODE)).data


async def test_a_qr_codes_other_name_is_an_alias(running: RunningBrowser) -> None:
    code = "<img width=150 height=150 src='/code{}'>"
    html = f"<div>一码通{code.format('')}</div><div>下载{code.format('?2')}</div>"
    files = {"/": page(html), "/code": lambda: File("image/png", drawn("Q", "png"))}
    async with _at(running, files, labels={"二维码": ("一码通",)}) as session:
        assert (await session.image_at(CODE)).data == drawn("Q", "png")
