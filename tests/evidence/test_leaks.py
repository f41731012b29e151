"""What must not be sealed is found, in every look and every kind of text, and named without its value."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from rpa.evidence.bag.leaks import A_SECRET, AN_ID_NUMBER, Leak, leaks
from tests.privacy.numbers import ID_NUMBERS, Writing, in_groups, wide

PASSWORD = 'k7"Q<w>&密 码'
ID = "41010119900307753X"

WAYS: list[Callable[[str], str]] = [str, json.dumps, html.escape, quote, repr]
ENCODINGS = ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


def found(folder: Path, name: str, data: bytes, *secrets: str) -> list[Leak]:
    path = folder / name
    path.write_bytes(data)
    return leaks([(name, path)], secrets)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text(
        st.characters(codec="gb18030", exclude_categories=("C", "Zl", "Zp")), min_size=6, max_size=20
    ),
    way=st.sampled_from(WAYS),
    encoding=st.sampled_from(ENCODINGS),
)
def test_a_secret_is_found_however_it_is_written(
    tmp_path: Path, secret: str, way: Callable[[str], str], encoding: str
) -> None:
    data = f"first\n{way(secret)}\nlast".encode(encoding)
    assert 2 in [leak.line for leak in found(tmp_path, "a.txt", data, secret)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=ID_NUMBERS,
    write=st.sampled_from([str, wide, str.lower, in_groups(6, 8, 4), in_groups(6, 4, 4, gap="-")]),
    around=st.sampled_from(["号码{}", "<td>{}</td>", '"证件号码":"{}"', "电话 138 {}"]),
)
def test_a_whole_id_number_is_found(tmp_path: Path, number: str, write: Writing, around: str) -> None:
    text = f"一\n二\n{around.format(write(number))}\n"
    assert found(tmp_path, "audit.jsonl", text.encode()) == [Leak("audit.jsonl", 3, AN_ID_NUMBER)]
    assert found(tmp_path, "wide.csv", text.encode("utf-16")) == [Leak("wide.csv", 3, AN_ID_NUMBER)]


def test_what_stands_everywhere_is_no_leak(tmp_path: Path) -> None:
    told = [hashlib.sha256(bytes([one])).hexdigest() for one in range(250)]
    told += [
        "91410100MA00019860",
        "411302202600001234",
        "2026-11-22T09:30:00.123+08:00",
        "410***********7538",
    ]
    data = "\n".join(told).encode()
    assert found(tmp_path, "manifest.txt", data, "2026", "12345", "html", PASSWORD) == []


def test_names_of_files_are_looked_at_and_not_repeated(tmp_path: Path) -> None:
    [one, other] = leaks([(f"data/甲_{ID}/{PASSWORD}.jpg", tmp_path / "no.jpg")], [PASSWORD])
    assert {one.what, other.what} == {A_SECRET, AN_ID_NUMBER}
    for leak in (one, other):
        assert PASSWORD not in str(leak)
        assert ID not in str(leak)
        assert str(leak).startswith("data/甲_410")


def test_pictures_are_passed_over(tmp_path: Path) -> None:
    assert found(tmp_path, "01_登录.jpg", f"\xff\xd8{ID}".encode("latin-1")) == []


@pytest.mark.parametrize("place", ["cell", "comment", "title"])
def test_a_workbook_holds_no_secret_but_may_hold_the_agencys_own_numbers(tmp_path: Path, place: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = f"身份证号 {ID}"
    path = tmp_path / "results.xlsx"
    book.save(path)
    assert leaks([("results.xlsx", path)], [PASSWORD]) == []
    if place == "cell":
        sheet["B1"] = f"密码 {PASSWORD}"
    elif place == "comment":
        sheet["B1"].comment = Comment(PASSWORD, "甲")
    else:
        book.properties.title = PASSWORD
    book.save(path)
    [leak] = leaks([("results.xlsx", path)], [PASSWORD])
    assert str(leak) == f"results.xlsx 有{A_SECRET}"


def test_an_encrypted_workbook_is_not_opened(tmp_path: Path) -> None:
    assert found(tmp_path, "results.xlsx", b"\xd0\xcf\x11\xe0 encrypted", PASSWORD) == []


def test_a_file_full_of_them_is_told_in_a_few_places(tmp_path: Path) -> None:
    many = found(tmp_path, "a.txt", f"{ID} {PASSWORD}\n".encode() * 1000, PASSWORD)
    assert len(many) == 20
    assert str(many[0]) == f"a.txt 第 1 行有{AN_ID_NUMBER}"
    assert PASSWORD not in repr(many)
