"""The masked copy: nothing personal in it, nothing of other employers, and tied to its original."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from openpyxl import load_workbook
from PIL import Image

from rpa.errors import UserError
from rpa.evidence.audit import AuditTrail, read_lines
from rpa.evidence.bag.chronicle import PURGED
from rpa.evidence.bag.manifests import TAG_MANIFEST, TIMESTAMP
from rpa.evidence.bag.seal import seal, unseal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import AUDIT, folder_name, payload, sha256, sha256_of
from rpa.evidence.sharing import share as sharing
from rpa.evidence.sharing.clients_book import write_results
from rpa.evidence.sharing.share import Selection, Shared, share
from rpa.evidence.sharing.trail import copy_trail
from rpa.filing import RowStatus
from rpa.ledger.data.batches import Action
from tests.evidence.recorded import filing
from tests.evidence.shared import (
    BOX,
    FIRST,
    JPEG,
    NOW,
    OTHER,
    OTHERS,
    PERSONAL,
    SERIAL,
    as_filing,
    everything,
    outcome,
    record,
    unpacked,
)


@dataclass(frozen=True)
class Made:
    bag: Path
    selection: Selection
    shared: Shared
    files: dict[str, bytes]
    """Below the folder on top."""

    def lines(self, name: str) -> list[Any]:
        return list(read_lines(self.files[name]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The first of two employers, shared."""
    folder = tmp_path_factory.mktemp("share")
    bag = folder / "证据" / "B20261122-1"
    filings = [as_filing(FIRST, 1), as_filing(OTHER, 2)]
    for one in filings:
        record(bag, one)
    seal(bag, actions=[Action(NOW, "陈会计", "登记批次，待办理 2 户")])
    entry = RowStatus.of(filings[0], portal="河南", outcome=outcome(filings[0]), attempts=1)
    selection = Selection("B20261122-1", filings, [entry], sharer="孙七")
    shared = share(bag, folder / "out" / "副本.zip", selection)
    return Made(bag, selection, shared, unpacked(shared.path))


def test_the_copy_is_a_sealed_bag_of_the_chosen_employer_alone(made: Made) -> None:
    verification = verify(made.shared.path)
    assert verification.problems == ()
    assert verification.sealed
    folder = folder_name(made.selection.filings[0])
    assert [name for name in made.files if name.startswith("data/") and name.count("/") == 2] == [
        f"data/original/{TAG_MANIFEST}",
        f"data/{folder}/01_登录单位网厅.jpg",
        f"data/{folder}/02_填写张_的信息.jpg",
        f"data/{folder}/audit.jsonl",
    ]
    text = everything(made.files)
    for value in (*OTHERS, "南阳别家", "登记批次", "2 户"):
        assert value not in text
    with ZipFile(made.shared.path) as packed:
        kinds = {one.filename.rpartition(".")[2]: one.compress_type for one in packed.infolist()}
    assert (kinds["jpg"], kinds["html"], kinds["jsonl"]) == (ZIP_STORED, ZIP_DEFLATED, ZIP_DEFLATED)


def test_nothing_personal_is_in_it(made: Made) -> None:
    text = everything(made.files)
    for value in (*PERSONAL, "%E5%BC%A0%E4%B8%89", "张 三"):
        assert value not in text
    assert "张三" not in unquote(text).replace(FIRST.name, "")
    for value in (FIRST.name, FIRST.code, SERIAL, "联系人 张* 与页面不一致", "联系人张*已确认", "陈**"):
        assert value in text


def test_both_copies_can_be_held_against_each_other(made: Made) -> None:
    folder = folder_name(made.selection.filings[0])
    original = payload(made.bag) / folder
    rows = (original / "audit.jsonl").read_bytes().splitlines()
    lines = made.lines(f"data/{folder}/audit.jsonl")
    assert [line.facts["original_line_sha256"] for line in lines] == [sha256(row) for row in rows]
    assert [line.time for line in lines] == [json.loads(row)["time"] for row in rows]
    pictures = [line for line in lines if "file" in line.facts]
    assert [line.facts["original_sha256"] for line in pictures] == [sha256(JPEG)] * 2
    first, *_ = made.lines("data/audit.jsonl")
    assert first.event == "遮盖副本"
    assert first.facts["original_tagmanifest_sha256"] == sha256_of(made.bag / TAG_MANIFEST)
    assert made.files[f"data/original/{TAG_MANIFEST}"] == (made.bag / TAG_MANIFEST).read_bytes()
    assert sha256_of(made.bag / TAG_MANIFEST) in made.files["data/index.html"].decode()


def test_pictures_are_masked_and_the_masks_logged(made: Made) -> None:
    folder = folder_name(made.selection.filings[0])
    masked = [line.facts for line in made.lines("data/audit.jsonl") if line.event == "遮盖"]
    assert [one["private"] for one in masked] == [[], [list(BOX)]]
    for one in masked:
        assert one["sha256"] == sha256(made.files[f"data/{one['file']}"])
    picture = Image.open(BytesIO(made.files[f"data/{folder}/02_填写张_的信息.jpg"])).convert("L")
    low, high = picture.crop((BOX.x, BOX.y, BOX.x + BOX.width, BOX.y + BOX.height)).getextrema()
    assert high - low <= 8  # type: ignore[operator]


def test_what_cannot_be_masked_is_left_out_and_said(made: Made) -> None:
    left = {one.file.partition("/")[2]: one.why for one in made.shared.left_out}
    assert left == {
        "03_旧版截图.jpg": "截图时没有记下含个人信息的区域",
        "04_坏图.jpg": "图片已损坏，无法遮盖",
        "05_申报表.pdf": "不是截图，无法遮盖",
        "05_打印件.pdf": "不是截图，无法遮盖",
    }
    told = [line.facts for line in made.lines("data/audit.jsonl") if line.event == "略去"]
    assert [one["left_out"] for one in told] == [one.file for one in made.shared.left_out]
    assert told[0]["original_sha256"] == sha256(JPEG)
    assert "4 个文件已略去" in made.files["data/index.html"].decode()
    assert "打印件没有放进这份副本：05_打印件.pdf" in made.files["data/index.html"].decode()
    counted = (made.shared.employers, made.shared.pictures, made.shared.masks)
    assert counted == (1, 2, 1)


def test_the_results_are_written_fresh(made: Made) -> None:
    sheet = load_workbook(BytesIO(made.files["data/results.xlsx"])).worksheets[0]
    (row,) = sheet.iter_rows(min_row=2, values_only=True)
    assert row[:8] == (3, FIRST.name, FIRST.code, "河南", "南阳", "稳岗返还", 2026, "已提交")
    assert row[9:] == (SERIAL, "已受理", "2026-11-22 09:30:00")


def _elsewhere(entry: RowStatus, **changes: Any) -> RowStatus:
    """A row whose filing says something else."""
    assert entry.filing
    return replace(entry, filing=replace(entry.filing, **changes))


def test_a_cell_never_runs(made: Made, tmp_path: Path) -> None:
    entry = _elsewhere(made.selection.entries[0], city="@SUM(A1)", item="+1\x07")
    entry = replace(entry, employer="=1+1", outcome=None)
    write_results(tmp_path / "results.xlsx", [entry])
    sheet = load_workbook(tmp_path / "results.xlsx").worksheets[0]
    cells = [cell for cell in sheet[2] if isinstance(cell.value, str)]
    assert [cell.value for cell in cells][:4] == ["=1+1", FIRST.code, "河南", "@SUM(A1)"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_the_whole_batch_tells_what_people_did(made: Made, tmp_path: Path) -> None:
    entries = [RowStatus.of(one, portal="河南") for one in made.selection.filings]
    actions = [Action(NOW, "陈会计", "登记批次，联系人李四光，待办理 2 户")]
    selection = replace(made.selection, entries=entries, actions=actions)
    shared = share(made.bag, tmp_path / "副本.zip", selection)
    assert verify(shared.path).problems == ()
    text = everything(unpacked(shared.path))
    assert '"what":"登记批次，联系人李**，待办理 2 户","who":"陈**"' in text
    assert OTHER.name in text
    for value in ("陈会计", "李四光", OTHER.phone, OTHER.account):
        assert value not in text


def test_an_employer_without_evidence_here_is_said(made: Made, tmp_path: Path) -> None:
    elsewhere = as_filing(replace(filing(3).employer, name="第三家公司"), 3)
    selection = replace(
        made.selection,
        filings=[*made.selection.filings, elsewhere],
        entries=[RowStatus.of(elsewhere, portal="河南", outcome=outcome(elsewhere))],
    )
    shared = share(made.bag, tmp_path / "副本.zip", selection)
    assert shared.without == ["第三家公司"]
    assert "第三家公司 的证据不在这里" in unpacked(shared.path)["data/index.html"].decode()


def test_a_file_that_is_there_is_replaced_only_if_asked(made: Made, tmp_path: Path) -> None:
    out = tmp_path / "副本.zip"
    out.write_bytes(b"mine")
    with pytest.raises(UserError, match="已经存在"):
        share(made.bag, out, made.selection)
    assert out.read_bytes() == b"mine"
    assert share(made.bag, out, made.selection, force=True).sha256 == sha256_of(out)
    assert [path.name for path in tmp_path.iterdir()] == ["副本.zip"]


def test_a_copy_is_not_put_beside_the_evidence(made: Made) -> None:
    with pytest.raises(UserError, match="不能写进证据文件夹"):
        share(made.bag, made.bag / "data" / "副本.zip", made.selection)


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Path:
    """A bag that a test may spoil."""
    bag = tmp_path / "证据" / "B20261122-1"
    for one in made.selection.filings:
        record(bag, one)
    seal(bag)
    return bag


def test_only_what_is_sealed_and_unaltered_is_shared(made: Made, own: Path, tmp_path: Path) -> None:
    picture = payload(own) / folder_name(made.selection.filings[0]) / "01_登录单位网厅.jpg"
    picture.write_bytes(JPEG + b" ")
    with pytest.raises(UserError, match=r"原件已被改动.*01_登录单位网厅"):
        share(own, tmp_path / "副本.zip", made.selection)
    unseal(own)
    with pytest.raises(UserError, match="没有封存"):
        share(own, tmp_path / "副本.zip", made.selection)
    assert not (tmp_path / "副本.zip").exists()


def test_what_was_deleted_in_time_is_left_out(made: Made, own: Path, tmp_path: Path) -> None:
    picture = payload(own) / folder_name(made.selection.filings[0]) / "01_登录单位网厅.jpg"
    with AuditTrail(payload(own) / AUDIT) as chain:
        chain.append(PURGED, file=f"{picture.parent.name}/{picture.name}", sha256=sha256_of(picture))
    picture.unlink()
    seal(own)
    (own / TIMESTAMP).write_bytes(b"a token")
    shared = share(own, tmp_path / "副本.zip", made.selection)
    assert verify(shared.path).problems == ()
    assert (shared.left_out[0].file.partition("/")[2], shared.left_out[0].why) == (
        picture.name,
        "原件已按期清除",
    )
    assert unpacked(shared.path)["data/original/timestamp.tsr"] == b"a token"


def _book_in_clear(path: Path, entries: list[RowStatus]) -> None:
    write_results(path, [_elsewhere(one, city=FIRST.account) for one in entries])


def _trail_in_clear(original: Path, folder: Path, hiding: Any) -> Any:
    copied = copy_trail(original, folder, hiding)
    with (folder / "audit.jsonl").open("ab") as file:
        file.write(json.dumps({"facts": {"x": ["欧阳\n修文"]}}).encode() + b"\n")
    return copied


def _others_named(path: Path, entries: list[RowStatus]) -> None:
    write_results(path, [_elsewhere(one, city=f"和{OTHER.name}") for one in entries])


@pytest.mark.parametrize(
    ("part", "broken", "told"),
    [
        ("write_results", _book_in_clear, "data/results.xlsx 中有第 3 行的银行账号"),
        ("write_results", _others_named, "data/results.xlsx 中有其他单位的名称"),
        ("copy_trail", _trail_in_clear, "audit.jsonl 中有第 3 行的户名"),
    ],
)
def test_what_masking_forgot_is_found_before_it_leaves(
    made: Made,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    broken: Callable[..., Any],
    told: str,
) -> None:
    monkeypatch.setattr(sharing, part, broken)
    with pytest.raises(UserError, match=told) as refused:
        share(made.bag, tmp_path / "副本.zip", made.selection)
    for value in (*PERSONAL, *OTHERS):
        assert value not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
