"""Whatever is done to a batch's folder is found, and named."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.evidence.audit import START
from rpa.evidence.files import sha256
from rpa.evidence.verify import Trouble, close, reopen, verify
from tests.evidence.recorded import JPEG, filing, record

Lines = list[bytes]
Edit = Callable[[Callable[[Lines], Lines]], None]


def found(batch: Path) -> set[tuple[Trouble, str]]:
    return {(one.trouble, one.path.rpartition("/")[2]) for one in verify(batch).problems}


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_an_untouched_batch_is_intact(batch: Path, employer: Path) -> None:
    open_batch = verify(batch)
    assert open_batch.intact
    assert not open_batch.closed
    assert "没有收尾清单" in open_batch.summary
    close(batch)
    closed = verify(batch)
    assert (closed.intact, closed.closed, closed.files, closed.lines) == (True, True, 8, 14)
    assert closed.summary == "证据完好：8 个文件、14 条记录均与清单一致"


def test_sha256sum_reads_the_manifest(batch: Path, employer: Path) -> None:
    manifest = close(batch)
    tool = shutil.which("sha256sum")
    if tool:
        subprocess.run([tool, "--check", "--quiet", manifest.name], cwd=batch, check=True)
    names = [line.split("  ", 1)[1] for line in manifest.read_text(encoding="utf-8").splitlines()]
    assert names == sorted(names)
    assert f"{employer.name}/01_登录单位网厅.jpg" in names


@pytest.mark.parametrize("closed", [True, False])
def test_every_flipped_byte_of_every_file_is_found(batch: Path, employer: Path, closed: bool) -> None:
    if closed:
        close(batch)
    for path in sorted(employer.iterdir()):
        whole = path.read_bytes()
        # Nothing but the manifest vouches for the last line of a trail.
        end = len(whole) if closed or path.suffix != ".jsonl" else whole.rstrip().rfind(b"\n")
        for place in range(0, end, max(1, len(whole) // 40)):
            flip(path, place)
            assert any(one.path == f"{employer.name}/{path.name}" for one in verify(batch).problems)
            path.write_bytes(whole)
    assert verify(batch).intact


@pytest.mark.parametrize("closed", [True, False])
def test_removed_added_renamed_and_truncated_files(batch: Path, employer: Path, closed: bool) -> None:
    if closed:
        close(batch)
    (employer / "01_登录单位网厅.jpg").unlink()
    (employer / "02_填写申请信息.jpg").rename(employer / "02_改名.jpg")
    (employer / "03_申报表.pdf").write_bytes(b"%PDF")
    (employer / "09_多出.jpg").write_bytes(JPEG)
    assert found(batch) == {
        (Trouble.MISSING, "01_登录单位网厅.jpg"),
        (Trouble.MISSING, "02_填写申请信息.jpg"),
        (Trouble.ADDED, "02_改名.jpg"),
        (Trouble.ALTERED, "03_申报表.pdf"),
        (Trouble.ADDED, "09_多出.jpg"),
    }


def test_a_removed_trail_is_found(batch: Path, employer: Path) -> None:
    (employer / "audit.jsonl").unlink()
    assert (Trouble.ADDED, "01_登录单位网厅.jpg") in found(batch)
    shutil.rmtree(batch)
    employer = record(batch, filing(1))
    close(batch)
    (employer / "audit.jsonl").unlink()
    assert found(batch) == {(Trouble.MISSING, "audit.jsonl")}


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda lines: [lines[0], *lines[2:]], 2),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")], 7),
        (lambda lines: [*lines[:2], lines[2].replace("王经办".encode(), "李经办".encode()), *lines[3:]], 4),
        (lambda lines: [*lines[:2], lines[2].replace(b'":', b'": ', 1), *lines[3:]], 3),
    ],
    ids=["dropped", "reordered", "repeated", "first dropped", "torn", "rewritten", "reformatted"],
)
def test_a_broken_chain_names_the_line(
    batch: Path, edit_lines: Edit, change: Callable[[Lines], Lines], number: int
) -> None:
    edit_lines(change)
    chain = [one for one in verify(batch).problems if one.trouble is Trouble.CHAIN]
    assert [one.detail.startswith(f"第 {number} 行") for one in chain] == [True]
    assert "证据已被改动" in verify(batch).summary


def test_lines_cut_off_at_the_end_are_missed_by_the_manifest(batch: Path, edit_lines: Edit) -> None:
    close(batch)
    edit_lines(lambda lines: lines[:-1])
    assert found(batch) == {(Trouble.ALTERED, "audit.jsonl")}


def test_a_rewritten_trail_is_found_by_the_manifest(batch: Path, edit_lines: Edit) -> None:
    def forge(lines: Lines) -> Lines:
        previous, forged = START, []
        for line in lines:
            content = json.loads(line) | {"previous": previous}
            content["time"] = "2020-01-01T00:00:00.000+08:00"
            row = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            previous = sha256(row)
            forged.append(row + b"\n")
        return forged

    close(batch)
    edit_lines(forge)
    assert found(batch) == {(Trouble.ALTERED, "audit.jsonl")}


def test_an_unreadable_manifest_is_found(batch: Path, employer: Path) -> None:
    close(batch).write_bytes(b"\xff\xfe")
    assert found(batch) == {(Trouble.ALTERED, "manifest-sha256.txt")}


def test_a_batch_that_goes_on_is_closed_again(batch: Path, employer: Path) -> None:
    close(batch)
    reopen(batch)
    record(batch, filing(3))
    (batch / ".index.html.abc").write_bytes(b"left by a crash")
    close(batch)
    assert verify(batch).intact
    assert not (batch / ".index.html.abc").exists()


def test_what_is_no_evidence_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不是批次证据文件夹"):
        verify(tmp_path)
    with pytest.raises(UserError, match="不是批次证据文件夹"):
        verify(tmp_path / "nowhere")
