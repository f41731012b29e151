"""One employer's file note as a PDF: printed by a real browser from the bag alone, A4, and nobody else's."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from unicodedata import normalize

import pytest
from PIL import Image
from pypdf import PdfReader

from rpa.browser.launch import BrowserMissingError
from rpa.errors import UserError
from rpa.evidence.bag.seal import is_sealed, seal
from rpa.evidence.files import payload
from rpa.evidence.printing import MOST_AT_ONCE, Printed, Section, choose, print_report
from rpa.evidence.report import Report
from rpa.filing import RowStatus
from rpa.settings.settings import BrowserSettings
from tests.evidence.recorded import DONE, filing, record

SERIAL = "411302202600001234"
ELSEWHERE = '<img src="http://127.0.0.1:9/x.jpg"><img src="../../passwd.jpg">'


@pytest.fixture
def bag(batch: Path) -> Path:
    """Two employers with real pictures, far down in the page; one picture is gone."""
    folders = [record(batch, filing(number)) for number in (1, 2)]
    for folder, colour in zip(folders, ("red", "blue"), strict=True):
        for picture in folder.glob("*.jpg"):
            picture.write_bytes(jpeg(colour))
    (folders[1] / "02_填写申请信息.jpg").unlink()
    report = Report(batch, batch_id="B20261122-1", name="批次.xlsx", operator="王经办", notice="模拟平台")
    done = [RowStatus.of(filing(number), portal="河南", outcome=DONE, attempts=1) for number in (1, 2)]
    waiting = [RowStatus.of(filing(number), portal="河南") for number in range(3, 20)]  # they come first
    report.write([*done, *waiting])
    seal(batch)
    return batch


def jpeg(colour: str) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (1280, 800), colour).save(stream, "JPEG")
    return stream.getvalue()


def printed(bag: Path, out: Path, employer: str = "", settings: BrowserSettings | None = None) -> Printed:
    return asyncio.run(print_report(bag, out, settings or BrowserSettings(), employer=employer))


def words(out: Path) -> list[str]:
    """The text of each page, without the spaces that a PDF puts anywhere, radicals read as characters."""
    pages = [normalize("NFKC", page.extract_text()) for page in PdfReader(out).pages]
    return ["".join(page.split()) for page in pages]


def test_one_employers_file_note(bag: Path, tmp_path: Path) -> None:
    out = tmp_path / "一家.pdf"
    done = printed(bag, out, filing(1).employer.code)
    assert (done.employers, done.filings, done.missing) == ((filing(1).employer.name,), 1, 0)
    pdf = PdfReader(out)
    for page in pdf.pages:
        assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == (210, 297)
    text = words(out)
    assert filing(1).employer.name in text[0]
    assert SERIAL in text[0]
    assert all("B20261122-1" in page and f"共{len(text)}" in page for page in text)
    assert filing(2).employer.name not in "".join(text)
    assert "逐条记录" not in "".join(text)
    assert _embedded(pdf)
    colours = {image.image.getpixel((640, 400)) for page in pdf.pages for image in page.images if image.image}
    assert colours == {(254, 0, 0)}  # its own two pictures, whole
    assert is_sealed(bag)


def _embedded(pdf: PdfReader) -> bool:
    """Whether the shapes of every font are in the file."""
    fonts: list[Any] = [
        font.get_object() for page in pdf.pages for font in cast("Any", page)["/Resources"]["/Font"].values()
    ]
    return bool(fonts) and all(
        "/CharProcs" in font or "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]
        for font in fonts
    )


def test_every_employer_starts_a_page_and_nothing_else_is_loaded(bag: Path, tmp_path: Path) -> None:
    page = payload(bag) / "index.html"
    page.write_text(page.read_text("utf-8").replace("</footer>", f"</footer>{ELSEWHERE}"), encoding="utf-8")
    Image.new("RGB", (640, 640), "green").save(bag.parent / "passwd.jpg")
    out = tmp_path / "全部.pdf"
    done = printed(bag, out)
    assert (done.filings, done.missing) == (19, 1)
    text = words(out)
    assert "办理结论" in text[0]  # the table of verdicts
    starts = [
        next(n for n, page in enumerate(text) if f"表格第{row}行" in page) for row in (*range(5, 22), 3, 4)
    ]
    assert len(set(starts)) == len(starts)
    assert starts == sorted(starts)
    assert "截图不在文件夹里" in "".join(text)
    sizes = {image.image.size for page in PdfReader(out).pages for image in page.images if image.image}
    assert (1280, 800) in sizes
    assert (640, 640) not in sizes


SECTIONS = [
    Section("e-1", "郑州甲有限公司", "91410100MA0000001X"),
    Section("e-2", "郑州甲有限公司", "91410100MA0000001X"),
    Section("e-3", "郑州甲有限公司开封分公司", "91410100MA0000002P"),
    Section("e-4", "洛阳乙有限公司", "91410100MA00000035"),
]


@pytest.mark.parametrize(
    ("employer", "places"),
    [
        ("91410100ma0000001x", ["e-1", "e-2"]),
        ("郑州甲有限公司", ["e-1", "e-2"]),
        ("开封", ["e-3"]),
        (" 洛阳乙 ", ["e-4"]),
        ("", ["e-1", "e-2", "e-3", "e-4"]),
    ],
)
def test_who_is_meant(employer: str, places: list[str]) -> None:
    assert [one.place for one in choose(SECTIONS, employer)] == places


@pytest.mark.parametrize(
    ("employer", "words"),
    [
        ("新乡", "没有单位“新乡”"),
        ("郑州", "对应几个单位.*：郑州甲有限公司（91410100MA0000001X）、"),
        (" ", "没有单位"),
    ],
)
def test_nobody_or_several_are_meant(employer: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        choose(SECTIONS, employer)


def test_too_many_for_one_file() -> None:
    many = [Section(f"e-{n}", f"第{n}家", str(n)) for n in range(MOST_AT_ONCE + 1)]
    with pytest.raises(UserError, match="请用 --employer 逐户打印"):
        choose(many, "")


def test_what_cannot_be_printed_leaves_the_old_file(bag: Path, tmp_path: Path) -> None:
    out = tmp_path / "旧.pdf"
    out.write_bytes(b"old")
    with pytest.raises(UserError, match="没有办理报告"):
        printed(tmp_path, out)
    with pytest.raises(BrowserMissingError, match="不存在"):
        printed(bag, out, settings=BrowserSettings(executable=tmp_path / "none"))
    (payload(bag) / "index.html").write_text("<section id=e-1></section>", encoding="utf-8")
    with pytest.raises(UserError, match="旧版本"):
        printed(bag, out)
    assert out.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
