"""Whatever is done to a batch's bag is found, and named."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.evidence.audit import START
from rpa.evidence.bag.manifests import MANIFEST, TAG_MANIFEST
from rpa.evidence.bag.problems import Trouble
from rpa.evidence.bag.seal import seal, unseal
from rpa.evidence.bag.verify import Integrity, verify
from rpa.evidence.files import payload, sha256
from tests.evidence.recorded import JPEG, filing, record

Lines = list[bytes]
Edit = Callable[[Callable[[Lines], Lines]], None]


def found(batch: Path) -> set[tuple[Trouble, str]]:
    return {(one.trouble, one.path.rpartition("/")[2]) for one in verify(batch, roots=[]).problems}


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def named(batch: Path, path: Path) -> bool:
    """Whether the verification names this very file."""
    return path.relative_to(batch).as_posix() in {one.path for one in verify(batch, roots=[]).problems}


def test_an_untouched_batch_is_intact(batch: Path, employer: Path) -> None:
    unsealed = verify(batch, roots=[])
    assert (unsealed.intact, unsealed.sealed, unsealed.integrity) == (True, False, Integrity.UNTIMED)
    assert "没有封存" in unsealed.summary
    seal(batch)
    sealed = verify(batch, roots=[])
    assert (sealed.integrity, sealed.sealed) == (Integrity.UNTIMED, True)
    own = {"audit.jsonl": 2, "jpg": 4, "pdf": 2}
    assert sealed.files == sum(own.values()) + 2 + 7, "the chain and the environment; seven tag files"
    assert sealed.lines == 2 * 7 + 14 + 1
    assert sealed.summary == "证据完好：17 个文件、29 条记录均与清单一致。时间未证明：没有时间戳"


def test_sha256sum_reads_the_manifests(batch: Path, employer: Path) -> None:
    seal(batch)
    for name in (MANIFEST, TAG_MANIFEST):
        subprocess.run(["sha256sum", "--check", "--quiet", name], cwd=batch, check=True)
    names = [line.split("  ", 1)[1] for line in (batch / MANIFEST).read_text(encoding="utf-8").splitlines()]
    assert names == sorted(names)
    assert f"data/{employer.name}/01_登录单位网厅.jpg" in names


@pytest.mark.parametrize("sealed", [True, False])
def test_every_flipped_byte_of_every_file_is_found(batch: Path, employer: Path, sealed: bool) -> None:
    if sealed:
        seal(batch)
    for path in sorted(one for one in (batch if sealed else employer).rglob("*") if one.is_file()):
        whole = path.read_bytes()
        # Nothing but the seal vouches for the last line of a trail.
        end = len(whole) if sealed or path.suffix != ".jsonl" else whole.rstrip().rfind(b"\n")
        for place in range(0, end, max(1, len(whole) // 8)):
            flip(path, place)
            problems = verify(batch, roots=[]).problems
            assert problems, f"{path.name} at {place}"
            if path.name != TAG_MANIFEST:  # whose lines are the others' hashes and names
                assert named(batch, path)
            path.write_bytes(whole)
    assert verify(batch, roots=[]).intact


def test_every_file_dropped_truncated_or_renamed_is_named(batch: Path, employer: Path) -> None:
    seal(batch)
    for path in sorted(one for one in batch.rglob("*") if one.is_file() and one.name != TAG_MANIFEST):
        whole = path.read_bytes()
        path.unlink()
        assert named(batch, path), f"{path.name} dropped"
        path.write_bytes(whole[:-1])
        assert named(batch, path), f"{path.name} truncated"
        path.unlink()
        other = path.with_name(f"改名{path.suffix}")
        other.write_bytes(whole)
        assert named(batch, path), f"{path.name} renamed from"
        assert named(batch, other), f"{path.name} renamed to"
        other.rename(path)
    assert verify(batch, roots=[]).intact


def test_files_added_anywhere_are_named(batch: Path, employer: Path) -> None:
    seal(batch)
    for folder in (batch, payload(batch), employer, payload(batch) / "新单位"):
        for name in ("多出.jpg", ".hidden", "index2.html"):
            added = folder / name
            added.parent.mkdir(exist_ok=True)
            added.write_bytes(JPEG)
            assert [(one.trouble, one.path) for one in verify(batch, roots=[]).problems] == [
                (Trouble.ADDED, added.relative_to(batch).as_posix())
            ]
            added.unlink()


def test_what_was_exchanged_or_renamed_is_recognised(batch: Path, employer: Path) -> None:
    seal(batch)
    first, second = sorted(employer.glob("*.jpg"))
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    said = [str(problem) for problem in verify(batch, roots=[]).problems]
    assert len(said) == 2
    assert all("像是被调换" in one for one in said)
    first.write_bytes(one)
    second.write_bytes(other)
    second.rename(second.with_name("02_改名.jpg"))
    told = {(problem.trouble, problem.detail) for problem in verify(batch, roots=[]).problems}
    assert (Trouble.ADDED, f"内容是缺失的 data/{employer.name}/{second.name}，像是改了名") in told


def test_a_link_is_no_file(batch: Path, employer: Path, tmp_path: Path) -> None:
    seal(batch)
    picture = next(employer.glob("*.jpg"))
    picture.rename(tmp_path / "elsewhere.jpg")
    picture.symlink_to(tmp_path / "elsewhere.jpg")
    assert found(batch) == {(Trouble.ALTERED, picture.name)}


@pytest.mark.parametrize("sealed", [True, False])
def test_removed_added_renamed_and_truncated_files(batch: Path, employer: Path, sealed: bool) -> None:
    if sealed:
        seal(batch)
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
    seal(batch)
    shutil.rmtree(employer)
    assert (Trouble.MISSING, "audit.jsonl") in found(batch)


@pytest.mark.parametrize(
    ("change", "number", "trouble"),
    [
        (lambda lines: [lines[0], *lines[2:]], 2, Trouble.CHAIN),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2, Trouble.REORDERED),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4, Trouble.CHAIN),
        (lambda lines: lines[1:], 1, Trouble.CHAIN),
        (lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")], 7, Trouble.CHAIN),
        (
            lambda lines: [*lines[:2], lines[2].replace("王经办".encode(), "李经办".encode()), *lines[3:]],
            4,
            Trouble.CHAIN,
        ),
        (lambda lines: [*lines[:2], lines[2].replace(b'":', b'": ', 1), *lines[3:]], 4, Trouble.CHAIN),
    ],
    ids=["dropped", "reordered", "repeated", "first dropped", "torn", "rewritten", "reformatted"],
)
def test_a_broken_chain_names_the_line(
    batch: Path, edit_lines: Edit, change: Callable[[Lines], Lines], number: int, trouble: Trouble
) -> None:
    edit_lines(change)
    (chain,) = (one for one in verify(batch, roots=[]).problems if one.trouble is trouble)
    assert f"第 {number} 行" in chain.detail
    assert "证据已被改动" in verify(batch, roots=[]).summary


def test_the_batchs_own_chain_is_held_too(batch: Path, employer: Path) -> None:
    seal(batch)
    chain = payload(batch) / "audit.jsonl"
    lines = chain.read_bytes().splitlines(keepends=True)
    chain.write_bytes(b"".join([*lines[:4], lines[5], lines[4], *lines[6:]]))
    assert (Trouble.REORDERED, "audit.jsonl") in found(batch)
    chain.write_bytes(b"".join([*lines[:4], *lines[5:]]))
    assert (Trouble.CHAIN, "audit.jsonl") in found(batch)


def test_lines_cut_off_at_the_end_are_missed(batch: Path, edit_lines: Edit) -> None:
    seal(batch)
    edit_lines(lambda lines: lines[:-1])
    assert found(batch) == {(Trouble.ALTERED, "audit.jsonl"), (Trouble.CHAIN, "audit.jsonl")}


def test_a_rewritten_trail_is_found(batch: Path, employer: Path, edit_lines: Edit) -> None:
    """By the batch's chain too, so that new manifests over a rewritten trail do not hide it."""

    def forge(lines: Lines) -> Lines:
        previous, forged = START, []
        for line in lines:
            content = json.loads(line) | {"previous": previous}
            content["time"] = "2020-01-01T00:00:00.000+08:00"
            row = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            previous = sha256(row)
            forged.append(row + b"\n")
        return forged

    seal(batch)
    edit_lines(forge)
    assert found(batch) == {(Trouble.ALTERED, "audit.jsonl"), (Trouble.CHAIN, "audit.jsonl")}
    unseal(batch)
    seal(batch)
    assert found(batch) == {(Trouble.CHAIN, "audit.jsonl")}


@pytest.mark.parametrize("name", [MANIFEST, TAG_MANIFEST])
def test_an_unreadable_manifest_is_found(batch: Path, employer: Path, name: str) -> None:
    seal(batch)
    (batch / name).write_bytes(b"\xff\xfe")
    assert (Trouble.ALTERED, name) in found(batch)


def test_a_zip_of_the_bag_is_verified_too(batch: Path, employer: Path, tmp_path: Path) -> None:
    seal(batch)
    archive = Path(shutil.make_archive(str(tmp_path / "副本"), "zip", batch.parent, batch.name))
    assert verify(archive, roots=[]).summary == verify(batch, roots=[]).summary
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(f"{batch.name}/data/index.html", b"<h1>another")
    assert {Trouble.ADDED} <= {one.trouble for one in verify(archive, roots=[]).problems}
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(UserError, match="zip"):
        verify(archive, roots=[])


def test_what_is_no_evidence_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不是批次证据文件夹"):
        verify(tmp_path, roots=[])
    with pytest.raises(UserError, match="读不了证据"):
        verify(tmp_path / "nowhere", roots=[])
