"""What is printed: widths, encodings, one JSON document."""

from __future__ import annotations

import io
import json
import sys

import pytest

from rpa.cli.shared import output


def test_a_table_is_aligned_for_chinese() -> None:
    shown = output.table(("单位", "n"), [("河南示例", "1"), ("ab", "22")]).splitlines()
    assert shown == ["单位      n", "--------  --", "河南示例  1", "ab        22"]


def test_line_breaks_stay_out_of_a_table() -> None:
    assert len(output.table(("说明",), [("一\n二",)]).splitlines()) == 3


def test_full_width_characters_take_two_columns() -> None:
    assert [output.width(text) for text in ("a", "省", "Ａ", "（", "ab省")] == [1, 2, 2, 2, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_a_document_is_valid_json_in_every_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    output.document("check", {"name": "河南\U00020bb7示例", "count": 2})
    assert json.loads(raw.getvalue().decode(encoding)) == {
        "schema": "wengang-rpa/check/1",
        "name": "河南\U00020bb7示例",
        "count": 2,
    }


def test_a_character_outside_the_code_page_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    output.prepare_streams()
    output.say("公司\U00020bb7")
    assert raw.getvalue().decode("gbk") == "公司\\U00020bb7\n"
