"""Workbooks taken in by raw requests: what is no workbook leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import time
from pathlib import Path

import pytest

from rpa.console.pages.uploads import Uploads
from rpa.errors import UserError
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import WorkbookSettings
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.support.batch import YEAR
from tests.support.console import Served
from tests.support.visiting import Answer, Caller, stranger
from tests.support.zips import zipped

_BOUNDARY = "----boundary"


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    return write_sample(tmp_path / "表.xlsx", [dict(row) for row in sample_rows(2, YEAR)]).read_bytes()


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "home", WorkbookSettings())


def _part(name: str, data: bytes, field: str = "file") -> bytes:
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n"


def _send(caller: Caller, *parts: bytes, end: bytes = f"--{_BOUNDARY}--\r\n".encode()) -> Answer:
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    return caller.post("/uploads", b"".join([*parts, end]), Content_Type=kind)


def _begun(caller: Caller, **headers: str) -> http.client.HTTPConnection:
    """An upload of which nothing but the headers was sent."""
    connection = http.client.HTTPConnection(caller.host, timeout=60)
    connection.putrequest("POST", "/uploads", skip_host=True)
    sent = {"Host": caller.host, "Cookie": caller.cookie, "Origin": caller.url, "X-RPA-Console": "1"}
    for name, value in (sent | headers).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection


def _kept(served: Served) -> set[str]:
    root = served.settings.home / "uploads"
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_a_workbook_is_kept_by_its_content_for_its_owner_alone(
    served: Served, caller: Caller, book: bytes
) -> None:
    first = _send(caller, _part("十一月.xlsx", book)).json
    assert first["name"] == "十一月.xlsx"
    again = _send(caller, _part("另一个名字.xlsx", book)).json
    assert again == first
    path = served.settings.home / "uploads" / first["upload"] / "十一月.xlsx"
    assert path.read_bytes() == book
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
    assert caller.post(f"/uploads/{first['upload']}/check").json["name"] == "十一月.xlsx"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../evil.xlsx", "evil.xlsx"),
        ("C:\\Users\\a\\表 1.XLSX", "表 1.xlsx"),
        ("a/b/~.xlsx", "~.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("x<y>:z.xlsx", "x_y__z.xlsx"),
        (f"{'长' * 300}.xlsx", f"{'长' * 60}.xlsx"),
        ("..xlsx", "_.xlsx"),
    ],
)
def test_a_name_never_leaves_the_folder(uploads: Uploads, book: bytes, name: str, kept: str) -> None:
    upload = uploads.store(name, book)
    assert upload.path.name == kept
    assert upload.path.resolve().parent.name == upload.id
    assert upload.path.is_file()


_WORD = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("说明.docx", _WORD, "不是 Excel 工作簿"),
        ("Word.xlsx", _WORD, "不是有效的 Excel 工作簿"),
        ("网页.xlsx", b"<!doctype html><table>", "可能是网页、CSV"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls"),
        ("空.xlsx", b"", "空文件"),
        ("~$表.xlsx", b"PK", "临时文件"),
        ("断.xlsx", b"PK\x03\x04 nothing follows", "已损坏"),
        ("无名", b"PK", "不是 Excel 工作簿"),
        ("大炸弹.xlsx", zipped({"[Content_Types].xml": b"", "xl/a.xml": bytes(40 * 2**20)}), "解压后过大"),
        (
            "碎.xlsx",
            zipped({"[Content_Types].xml": b""} | {f"a/{n}": b"" for n in range(5001)}),
            "解压后过大",
        ),
    ],
)
def test_what_is_no_workbook_leaves_nothing(
    served: Served, caller: Caller, name: str, data: bytes, told: str
) -> None:
    before = _kept(served)
    answer = _send(caller, _part(name, data))
    assert answer.status == 409
    assert told in answer.json["error"]
    assert _kept(served) == before


@pytest.mark.thorough
def test_a_large_workbook_that_is_no_bomb_is_taken(uploads: Uploads, tmp_path: Path) -> None:
    rows = [dict(row) for row in sample_rows(2000, YEAR)]
    path = write_sample(tmp_path / "大.xlsx", rows)
    assert uploads.store("大.xlsx", path.read_bytes()).path.is_file()


def test_one_file_at_a_time_and_really_a_file(served: Served, caller: Caller, book: bytes) -> None:
    before = _kept(served)
    two = _send(caller, _part("一.xlsx", book), _part("二.xlsx", book + b" "))
    assert "一次放入一个文件" in two.json["error"]
    three = _send(caller, *(_part(f"{number}.xlsx", book) for number in range(3)))
    assert "一次放入一个文件" in three.json["error"]
    assert "没有收到文件" in _send(caller, _part("表.xlsx", book, field="other")).json["error"]
    assert "没有收到文件" in caller.post("/uploads", b"{}").json["error"]
    broken = _send(caller, b"no boundary at all", end=b"")
    assert broken.status == 409
    assert _kept(served) == before


def test_thirty_megabytes_are_refused_unread(served: Served, caller: Caller) -> None:
    before = _kept(served)
    connection = _begun(caller, Content_Length=str(30 * 2**20))
    assert connection.getresponse().status == 413
    connection.close()
    assert _kept(served) == before


def test_a_body_longer_than_it_said_is_cut(served: Served, caller: Caller) -> None:
    """Without a length at all (chunked) the limit holds as the bytes come."""
    before = _kept(served)
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    connection = _begun(caller, Content_Type=kind, Transfer_Encoding="chunked")
    piece = bytes(2**20)
    connection.send(b"%x\r\n%s\r\n" % (len(head := _part("大.xlsx", b"")[:-2]), head))
    for _ in range(26):
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    connection.send(b"0\r\n\r\n")
    answer = connection.getresponse()
    assert answer.status == 413
    assert "文件超过 25 MB" in answer.read().decode()
    connection.close()
    assert _kept(served) == before


@pytest.mark.parametrize("upload", ["..", "%2e%2e", "0123456789abcdef", "..%2f..%2fseal", "0" * 15, "*"])
def test_only_an_upload_is_checked_marked_or_started(served: Served, caller: Caller, upload: str) -> None:
    for what in ("check", "start"):
        answer = caller.post(f"/uploads/{upload}/{what}", {"until": "submit", "approve": "first"})
        assert answer.status in (404, 409)
    assert caller.get(f"/uploads/{upload}/marked").status == 404
    assert served.ledger.batches.all() == []


@pytest.mark.parametrize(
    "choice", [{}, {"until": "further"}, {"until": "submit", "approve": "x"}, {"until": 7}]
)
def test_how_far_it_goes_must_be_said(
    served: Served, caller: Caller, book: bytes, choice: dict[str, object]
) -> None:
    upload = _send(caller, _part("表.xlsx", book)).json["upload"]
    answer = caller.post(f"/uploads/{upload}/start", choice)
    assert (answer.status, answer.json["error"]) == (409, "请选择办到哪一步、提交前由谁确认")
    assert served.ledger.batches.all() == []


def test_nothing_that_can_be_filed_starts_nothing(served: Served, caller: Caller, tmp_path: Path) -> None:
    rows = [dict(row) | {"phone": "138"} for row in sample_rows(2, YEAR)]
    data = write_sample(tmp_path / "错.xlsx", rows).read_bytes()
    upload = _send(caller, _part("错.xlsx", data)).json["upload"]
    answer = caller.post(f"/uploads/{upload}/start", {"until": "submit", "approve": "first"})
    assert "没有可以办理的行" in answer.json["error"]
    assert served.ledger.batches.all() == []


def test_without_a_session_or_our_header_nothing_is_taken(
    served: Served, caller: Caller, book: bytes
) -> None:
    before = _kept(served)
    assert _send(stranger(served), _part("表二.xlsx", book + b" ")).status == 401
    foreign = caller.post("/uploads", _part("表二.xlsx", book), Origin="http://evil.example")
    assert foreign.status == 403
    assert _kept(served) == before


def test_what_nobody_started_goes_after_a_day(uploads: Uploads, book: bytes, tmp_path: Path) -> None:
    old, used = uploads.store("旧.xlsx", book), uploads.store("用.xlsx", _another(tmp_path, 3))
    new = uploads.store("新.xlsx", _another(tmp_path, 4))
    for one in (old, used):
        os.utime(one.path.parent, (time.time() - 2 * 86400,) * 2)
    uploads.sweep([used.path.resolve()])
    assert uploads.find(used.id) == used
    assert uploads.find(new.id) == new
    with pytest.raises(UserError, match="重新把文件拖进来"):
        uploads.find(old.id)


def test_a_home_behind_a_link_keeps_what_is_in_use(book: bytes, tmp_path: Path) -> None:
    (tmp_path / "真").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "真")
    uploads = Uploads(tmp_path / "link", WorkbookSettings())
    kept = uploads.store("表.xlsx", book)
    os.utime(kept.path.parent, (time.time() - 2 * 86400,) * 2)
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        batch = ledger.batches.open(name="表", workbook=kept.path, workbook_sha256="0" * 64)
    uploads.sweep([batch.workbook])
    assert uploads.of(batch.workbook) == kept


def _another(folder: Path, rows: int) -> bytes:
    return write_sample(folder / f"{rows}.xlsx", [dict(row) for row in sample_rows(rows, YEAR)]).read_bytes()
