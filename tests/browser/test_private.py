"""Where a picture shows personal data: boxes that hide it, and nothing that identifies the filing."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import pytest
from PIL import Image, ImageChops, ImageDraw

from rpa.browser.camera import PagePicture
from rpa.browser.private import UNKNOWN, PersonalData, boxes_in, places_of
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.privacy.masks import Box
from tests.support.portal import portal_at
from tests.support.wire import Wire

on_a_page = pytest.mark.asyncio(loop_scope="session")

NAME, CODE, UNIT = "河南示例商贸有限公司", "91410100MA00019860", "410100000001"


@dataclass(frozen=True)
class Person:
    """PersonalData data of one filing; both have as many letters of everything."""

    contact: str
    phone: str
    account: str
    login: str
    identity: str

    @property
    def known(self) -> Mapping[str, str]:
        """What the engine knows of them: not the ID number."""
        whats = ("联系人", "联系方式", "银行账号", "登录账号")
        return dict(zip((self.contact, self.phone, self.account, self.login), whats, strict=True))


ONE = Person("张示例", "13800001234", "6222021234567890123", "handler-7", "110101199003077758")
OTHER = Person("李另人", "15912345678", "4563517654321098765", "manager88", "11010519491231002X")
SERIAL = "41010020241122000123"
END = "末行"

# {…} is what differs between two filings; `data-at` marks what must be hidden, `data-open` what must not.
PAGES: Mapping[str, str] = {
    "table": """<table border=1>
        <tr><td>单位名称：</td><td data-open>{name}</td>
            <td><s>*</s> 联系人：</td><td><b data-at>{contact}</b></td></tr>
        <tr><td>单位编号：</td><td data-open>{unit}</td>
            <td>联系方式</td><td><input data-at value={phone}></td></tr>
        <tr><td>户名</td><td data-open>{name}</td>
            <td>银行账号</td><td><b data-at>{spaced}</b></td></tr>
        <tr><td>统一社会信用代码</td><td><input data-open value={code}></td>
            <td>受理流水号</td><td data-open>{serial}</td></tr>
        </table>""",
    "columns": """<table><thead><tr>
            <th>序号</th><th>姓名</th><th>证件号码</th><th>受理时间</th><th>单位编号</th></tr></thead>
        <tr><td>1</td><td><b data-at>{contact}</b></td><td><b data-at>{identity}</b></td>
            <td data-open>2024-11-22 12:30:00</td><td data-open>410100000002</td></tr></table>
        <div class="layui-table-view">
        <table><thead><tr><th>办件编号</th><th>经办人</th></tr></thead></table>
        <table><tbody><tr><td data-open>440020261122000003</td><td><b data-at>王某某</b></td></tr></tbody>
        </table></div>""",
    "sentence": """<p>您好，<b data-at>{contact}</b>，请于<i data-open>2024-11-22 12:30:00</i>前致电
            <b data-at>{phone}</b>。受理流水号：<i data-open>{serial}</i>，返还 <i data-open>18432.00</i></p>
        <p><span>经办人：<b data-at>{contact}</b></span><span>当前单位：<i data-open>{name}</i></span></p>
        <p>本单位 <i data-open>{unit}</i> 已受理，<i data-open>受理流水号 {serial}</i></p>
        <p>到账 <i data-open>20241122123000</i>，账户 <b data-at>{spaced}</b>，
            手机 <b data-at>159</b><b data-at>12345678</b></p>""",
    "layui": """<style>.layui-form-item {{ clear: both }}
            .layui-form-label {{ float: left; width: 120px }}</style>
        <div class="layui-form-item"><label class="layui-form-label">经办人证件号码</label>
        <div class="layui-input-block"><input name=id data-at value={identity}>
            <input type=hidden value={identity}><input style="display:none" value={identity}></div></div>
        <div class="layui-form-item"><label class="layui-form-label">联系人</label>
        <div class="layui-input-block">
            <select data-at><option>请选择</option><option selected>{contact}</option></select></div></div>
        <div class="el-form-item"><label class="el-form-item__label">联系电话</label>
        <div class="el-form-item__content"><textarea data-at>{phone}</textarea></div></div>
        <div><span>联系手机</span><input data-open value=""></div>""",
    "login": """<form><div><input placeholder=请输入账号 data-at value={login}></div>
        <div><input type=password placeholder=请输入密码 data-at value=secret></div>
        <div><input placeholder=请输入验证码 data-open value=a1b2></div></form>
        <p data-open>账号或密码错误</p>""",
    "scrolled": """<div style="overflow:hidden;width:200px;height:60px"><div style="height:60px">滚动</div>
        <label>联系方式 <input value={phone}></label></div>
        <div style="position:relative;height:90px"><label>联系人 <input data-at value={contact}></label>
        <label>银行账号 <input style="position:absolute;left:265px;top:0" value={spaced}></label>
        <div style="position:absolute;left:260px;top:0;width:600px;height:80px;background:white">
        <i style="display:inline-block;width:150px" data-open>申报成功</i></div></div>""",
    "tall": """<div style="height:1400px"></div><p>联系人：<b data-at>{contact}</b></p>
        <p>联系电话：<b data-at>{phone}</b></p>""",
}

FRAMED = (
    "<h3>外框</h3><iframe src=/inner "
    'style="width:90%;height:1000px;border:7px solid;margin:9px;padding:5px"></iframe><p>末行</p>'
)

Places = Sequence[tuple[float, float, float, float]]
"""x, y, width, height each."""


def filled(name: str, person: Person) -> str:
    """A page as it shows one filing's data."""
    fitted = PAGES[name].format(
        **asdict(person),
        spaced="&nbsp;".join(person.account[at : at + 4] for at in range(0, 19, 4)),
        name=NAME,
        code=CODE,
        unit=UNIT,
        serial=SERIAL,
    )
    # Every letter takes the same room, so that only what differs looks different.
    return f"<meta charset=utf-8><style>b {{ font-family: monospace }}</style>{fitted}<p>{END}</p>"


@contextmanager
def knowing(session: Session, known: Mapping[str, str]) -> Iterator[None]:
    with session.personal.knowing(known, (NAME, CODE, UNIT)):
        yield


async def _shoot(session: Session, url: str, known: Mapping[str, str]) -> PagePicture:
    await session.go(url)
    await session.see(Sign(END))
    await session.page.wait_for_load_state("load")
    with knowing(session, known):
        shot = await session.camera.take()
    assert shot is not None
    return shot


_MARKED = """(mark) => {
  const places = (view, x, y) => [
    ...Array.from(view.document.querySelectorAll(`[${mark}]`), (el) => {
      const box = el.getBoundingClientRect();
      return [x + box.x, y + box.y, box.width, box.height];
    }),
    ...Array.from(view.frames).flatMap((inner) => {
      const box = inner.frameElement.getBoundingClientRect();
      return places(inner, x + box.x + 12, y + box.y + 12);
    }),
  ];
  return places(window, 0, 0);
}"""


async def _marked(session: Session, mark: str) -> Places:
    found: Places = await session.page.evaluate(_MARKED, mark)
    return found


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height


def _check(shot: PagePicture, hidden: Places, readable: Places, person: Person) -> None:
    """Every corner of what is personal is in a box; the middle of what is not is in none."""
    assert hidden
    for x, y, width, height in hidden:
        for corner in ((x + 1, y + 1), (x + width - 1, y + height - 1)):
            assert any(_holds(box, *corner) for box in shot.private), (x, y, shot.private)
    for x, y, width, height in readable:
        middle = (x + width / 2, y + height / 2)
        assert not any(_holds(box, *middle) for box in shot.private), (x, y, shot.private)
    assert len(shot.private) <= len(hidden)
    assert not {box.what for box in shot.private} & set(asdict(person).values())


def _picture(shot: PagePicture) -> Image.Image:
    return Image.open(io.BytesIO(shot.jpeg)).convert("RGB")


def _blackened(shot: PagePicture, boxes: Sequence[Box]) -> Image.Image:
    """The picture without its boxes, each widened to the 16 by 16 pixels that a JPEG mixes."""
    picture = _picture(shot)
    draw = ImageDraw.Draw(picture)
    for x, y, width, height, _ in boxes:
        right, bottom = -(-(x + width) // 16) * 16, -(-(y + height) // 16) * 16
        draw.rectangle((x // 16 * 16, y // 16 * 16, right - 1, bottom - 1), fill="black")
    return picture


def _differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


@on_a_page
@pytest.mark.parametrize("name", [*PAGES, "framed"])
async def test_what_is_personal_is_in_a_box_and_nothing_else_is(running: RunningBrowser, name: str) -> None:
    inner = "table" if name == "framed" else name
    shots: list[PagePicture] = []
    async with Wire().listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        for person in (ONE, OTHER):
            page = filled(inner, person)
            wire.pages |= {"/inner": page, "/": FRAMED if name == "framed" else page}
            shots.append(await _shoot(session, wire.url + "/", person.known))
            hidden, readable = await _marked(session, "data-at"), await _marked(session, "data-open")
            _check(shots[-1], hidden, readable, person)
    boxes = [box for shot in shots for box in shot.private]
    assert _differ(*map(_picture, shots))
    assert not _differ(*(_blackened(shot, boxes) for shot in shots))


@on_a_page
async def test_a_filings_values_are_known_for_it_alone_and_told_to_the_portal_alone(
    running: RunningBrowser,
) -> None:
    said = "<meta charset=utf-8><p>致<b>张示例</b>的通知</p><p>末行</p>"
    with_frame = said + "<iframe src={other}/inner width=600></iframe>"
    async with Wire({"/inner": said}).listening() as other, Wire({"/window": said}).listening() as wire:
        wire.pages["/"] = with_frame.format(other=other.url)
        portal = portal_at(wire.url, extra_origins=[other.url])
        async with Session.open(running, portal) as session:
            both = await _shoot(session, wire.url + "/", ONE.known)
            assert [box.what for box in both.private] == ["联系人", "联系人"]
            frame, inner = (session.page.locator("iframe"), session.page.frame_locator("iframe").locator("b"))
            around, name = await frame.bounding_box(), await inner.bounding_box()
            assert around is not None
            assert name is not None
            assert _holds(both.private[1], name["x"] + 1, name["y"] + 1)
            assert (await _shoot(session, wire.url + "/", {})).private == ()
            assert not await session.page.evaluate(
                "Object.keys(window).some((key) => /private|job/i.test(key))"
            )

            with knowing(session, ONE.known):
                printed = await session.windows.print_out(
                    lambda: session.page.evaluate("void window.open('/window')"), seconds=20
                )
            (opened,) = printed.pictures
            assert [box.what for box in opened.private] == ["联系人"]
        async with Session.open(running, portal_at(wire.url)) as session:
            assert (
                len((await _shoot(session, wire.url + "/", ONE.known)).private) == 1
            )  # the frame was refused


@on_a_page
async def test_a_page_that_stays_scrolled_is_pictured_where_it_stands(running: RunningBrowser) -> None:
    wide = "<meta charset=utf-8><body style='width:2000px'><p style='margin:300px 0 0 1500px'>"
    page = wide + "联系人：<b>张示例</b></p><p>末行</p><script>scrollTo(400, 0)</script>"
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        shot = await _shoot(session, wire.url + "/", {})
        ((x, y, width, height),) = await session.page.evaluate(
            "Array.from(document.querySelectorAll('b'), (el) => el.getBoundingClientRect())"
            ".map((box) => [box.x, box.y, box.width, box.height])"
        )
    (box,) = shot.private
    assert _holds(box, x, y)
    assert _holds(box, x + width, y + height)
    name = _picture(shot).convert("L").crop((box.x, box.y, box.x + box.width, box.y + box.height))
    assert any(name.histogram()[:100])  # its letters


@on_a_page
async def test_boxes_are_those_of_the_very_page_in_the_picture(running: RunningBrowser) -> None:
    pages = {
        "/": "<meta charset=utf-8><body bgcolor=red><p>联系人：<b>张示例</b></p><p>末行</p>",
        "/next": "<meta charset=utf-8><body bgcolor=blue><p>末行</p>",
    }
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        for _ in range(4):
            await session.go(wire.url + "/")
            await session.see(Sign(END))
            shot, _ = await asyncio.gather(session.camera.take(), session.page.goto(wire.url + "/next"))
            assert shot is not None
            red, _, blue = _picture(shot).getpixel((1000, 700))  # type: ignore[misc]
            assert (red > blue) == shot.address.endswith("/") == bool(shot.private)


@on_a_page
async def test_a_label_that_the_settings_name_is_personal(running: RunningBrowser) -> None:
    page = "<meta charset=utf-8><p>花名：<b>小李</b></p><p>末行</p>"
    async with Wire({"/": page}).listening() as wire:
        for labels, found in (((), []), (("花名",), ["花名"])):
            async with Session.open(running, portal_at(wire.url, private_labels=labels)) as session:
                shot = await _shoot(session, wire.url + "/", {})
                assert [box.what for box in shot.private] == found


@on_a_page
async def test_a_page_that_cannot_be_examined_is_hidden_whole(running: RunningBrowser) -> None:
    page = "<script>document.elementsFromPoint = null</script><p>电话：15912345678</p><p>末行</p>"
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        shot = await _shoot(session, wire.url + "/", {})
    assert shot.private == (Box(0, 0, 1280, 800, UNKNOWN),)


def test_boxes_stay_in_the_picture_and_out_of_each_other() -> None:
    told = places_of(
        "-50,10,60,20,联系人\n20,100,90,20,账号\n21,101,20,10,账号\n1270,790,50,50,密码\n5,900,9,9,电话"
    )
    assert boxes_in(told, 1280, 800) == (
        Box(0, 7, 13, 26, "联系人"),
        Box(17, 97, 96, 26, "账号"),
        Box(1267, 787, 13, 13, "密码"),
    )
    assert places_of(None) is None


def test_a_list_of_hundreds_of_people_gets_one_box_for_a_kind() -> None:
    told = places_of(
        "\n".join(f"{100 + 300 * column},{20 * row},80,15,姓名" for row in range(200) for column in (0, 1))
    )
    assert boxes_in(told, 1280, 5000) == (Box(97, 0, 386, 3998, "姓名"),)


def test_nothing_of_a_filing_is_known_after_it() -> None:
    personal = PersonalData()
    with personal.knowing(ONE.known, (NAME,)):
        personal.learn("登录账号", "another-8")
        personal.learn("登录账号", NAME)
        known = personal.wanted(trusted=True)["known"]
        assert ["登录账号", "another-8"] in known
        assert NAME not in str(known)
        assert personal.wanted(trusted=False)["known"] == []
        assert "张示例" not in repr(personal)
    assert personal.wanted(trusted=True)["known"] == []
