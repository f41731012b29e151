"""``verify.html``, opened from the bag by a double click: says what was altered, without a network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from rpa.evidence.audit import AuditTrail
from rpa.evidence.bag.manifests import MANIFEST, TAG_MANIFEST, TIMESTAMP
from rpa.evidence.bag.seal import seal, unseal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import payload

session_loop = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def bag(batch: Path, employer: Path) -> Path:
    """Two recorded employers and a report, sealed."""
    assert employer.is_dir()
    (payload(batch) / "index.html").write_text("报告", encoding="utf-8")
    seal(batch)
    return batch


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, bag: Path) -> AsyncIterator[Page]:
    async with await chromium.new_context(viewport={"width": 1280, "height": 800}, offline=True) as context:
        page = await context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        await page.goto((bag / "verify.html").as_uri())
        yield page
        assert troubles == []


async def told(page: Page, folder: Path) -> tuple[str, list[str]]:
    """The verdict, and what is not as it was."""
    await page.locator("input[type=file]").set_input_files(folder)
    await page.locator(".verdict").wait_for()
    return await page.locator("h2").inner_text(), await page.locator("#result li").all_inner_texts()


def first(bag: Path) -> Path:
    return next(payload(bag).glob("试验企业1*"))


@session_loop
async def test_intact(page: Page, bag: Path) -> None:
    assert await told(page, bag) == ("完好", [])
    shown = await page.locator("#result").inner_text()
    known = verify(bag)
    assert f"{known.files} 个文件" in shown
    assert "没有第三方时间戳" in shown
    assert sha256((bag / TAG_MANIFEST).read_bytes()).hexdigest() in shown
    (bag / TIMESTAMP).write_bytes(b"a token")
    assert await told(page, bag) == ("完好", [])
    assert "rpa evidence verify 批次文件夹" in await page.locator("#result .warn").inner_text()


def flip(bag: Path) -> str:
    picture = first(bag) / "01_登录单位网厅.jpg"
    picture.write_bytes(picture.read_bytes()[:-1] + b"\x00")
    return f"被改动 data/{picture.parent.name}/01_登录单位网厅.jpg（与清单中的校验值不符）"


def remove(bag: Path) -> str:
    (first(bag) / "02_填写申请信息.jpg").unlink()
    return f"缺失 data/{first(bag).name}/02_填写申请信息.jpg（记录中提到它）"


def add(bag: Path) -> str:
    (payload(bag) / "<img src=x onerror=alert(1)>\u202egpj.exe").write_bytes(b"more")
    return "多出 data/<img src=x onerror=alert(1)>\\u{202e}gpj.exe"


def rename(bag: Path) -> str:
    (first(bag) / "03_申报表.pdf").rename(first(bag) / "03_别的.pdf")
    there = f"data/{first(bag).name}"
    return f"多出 {there}/03_别的.pdf（内容是缺失的 {there}/03_申报表.pdf，像是改了名）"


def truncate_manifest(bag: Path) -> str:
    manifest = bag / MANIFEST
    manifest.write_bytes(b"".join(manifest.read_bytes().splitlines(keepends=True)[:3]))
    return f"被改动 {MANIFEST}（与清单中的校验值不符）"


def tag_file(bag: Path) -> str:
    (bag / "bag-info.txt").write_bytes(b"Bagging-Date: 2020-01-01\n")
    return "被改动 bag-info.txt（与清单中的校验值不符）"


def swap_lines(bag: Path) -> str:
    rows = (first(bag) / "audit.jsonl").read_bytes().splitlines(keepends=True)
    _reseal(bag, [rows[0], rows[2], rows[1], *rows[3:]])
    return f"次序被调换 data/{first(bag).name}/audit.jsonl（从第 2 行起）"


def cut_end(bag: Path) -> str:
    rows = (first(bag) / "audit.jsonl").read_bytes().splitlines(keepends=True)
    _reseal(bag, rows[:-1])
    return f"记录链断裂 data/{first(bag).name}/audit.jsonl（第 7 行起被删去）"


def rewrite_line(bag: Path) -> str:
    rows = (first(bag) / "audit.jsonl").read_bytes().splitlines(keepends=True)
    line = json.loads(rows[2])
    line["facts"]["who"] = "别人"
    rows[2] = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    _reseal(bag, rows)
    return f"记录链断裂 data/{first(bag).name}/audit.jsonl（第 4 行与上一行的校验值不符"


def _reseal(bag: Path, rows: list[bytes]) -> None:
    """What somebody does who knows of the manifests: the chains alone tell then."""
    trail = first(bag) / "audit.jsonl"
    trail.write_bytes(b"".join(rows))
    name = trail.relative_to(bag).as_posix()
    _put(bag, MANIFEST, name, sha256(trail.read_bytes()).hexdigest())
    _put(bag, TAG_MANIFEST, MANIFEST, sha256((bag / MANIFEST).read_bytes()).hexdigest())


def _put(bag: Path, manifest: str, name: str, digest: str) -> None:
    text = (bag / manifest).read_text(encoding="utf-8")
    changed = re.sub(rf"(?m)^[0-9a-f]{{64}}  {re.escape(name)}$", f"{digest}  {name}", text)
    assert changed != text
    (bag / manifest).write_bytes(changed.encode())


TAMPERINGS: tuple[Callable[[Path], str], ...] = (
    flip,
    remove,
    add,
    rename,
    truncate_manifest,
    tag_file,
    swap_lines,
    cut_end,
    rewrite_line,
)


@session_loop
@pytest.mark.parametrize("tamper", TAMPERINGS)
async def test_each_tampering_is_named(page: Page, bag: Path, tamper: Callable[[Path], str]) -> None:
    expected = tamper(bag)
    word, found = await told(page, bag)
    assert word == "被改动"
    assert any(line.startswith(expected) for line in found), found
    names = {one.path for one in verify(bag).problems}
    assert len({line.split("（")[0].split(" ", 1)[1] for line in found}) == len(names), (found, names)


@session_loop
async def test_what_was_purged_is_not_missing(page: Page, bag: Path) -> None:
    unseal(bag)
    picture = first(bag) / "01_登录单位网厅.jpg"
    digest = sha256(picture.read_bytes()).hexdigest()
    with AuditTrail(payload(bag) / "audit.jsonl") as chain:
        chain.append("按期清除", file=f"{picture.parent.name}/{picture.name}", sha256=digest)
    picture.unlink()
    seal(bag)
    assert await told(page, bag) == ("完好", [])


@session_loop
async def test_a_folder_that_cannot_be_checked(page: Page, bag: Path) -> None:
    assert (await told(page, payload(bag)))[0] == "没有核对"
    unseal(bag)
    assert (await told(page, bag))[0] == "没有封存，不能核对"
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(page.locator("html")).to_have_js_property("scrollWidth", 390)


@session_loop
async def test_without_hashes_it_says_what_else_to_do(chromium: Browser, bag: Path) -> None:
    async with await chromium.new_context() as context:
        await context.add_init_script(
            "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"
        )
        page = await context.new_page()
        await page.goto((bag / "verify.html").as_uri())
        assert await page.locator("h2").inner_text() == "这个浏览器不能核对"
        assert "sha256sum -c" in await page.locator(".verdict").inner_text()
        assert await page.locator("input").is_disabled()


@session_loop
async def test_the_bag_opens_with_its_report(chromium: Browser, bag: Path) -> None:
    async with await chromium.new_context(offline=True) as context:
        page = await context.new_page()
        await page.goto((bag / "index.html").as_uri())
        await page.wait_for_url("**/data/index.html")
        assert await page.locator("body").inner_text() == "报告"


def test_only_the_pages_own_style_and_script_may_run(bag: Path) -> None:
    html = (bag / "verify.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    for tag in ("style", "script"):
        (own,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        fingerprint = b64encode(sha256(own.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{fingerprint}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", html)
