"""Closes a batch's evidence with a manifest, and says whether it is still what was recorded.

Three things hold each other: the manifest names every file with its SHA-256 (``sha256sum -c`` reads
it too), every audit line that speaks of a file carries that file's SHA-256, and every line carries
the SHA-256 of the line before. A batch that was never closed has no manifest, so an audit
trail's end could be cut off or its last line changed without a trace there; the result says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rpa.errors import UserError
from rpa.evidence.audit import ChainBrokenError, noted_files, read_lines
from rpa.evidence.files import AUDIT, MANIFEST, is_temporary, sha256_of, write_atomically


class Trouble(StrEnum):
    """What can be wrong with a file; the values are what operators read."""

    ALTERED = "被改动"
    MISSING = "缺失"
    ADDED = "多出"
    CHAIN = "记录链断裂"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was recorded."""

    trouble: Trouble
    path: str
    """Relative to the batch's folder, with ``/``."""
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.trouble}：{self.path}" + (f"（{self.detail}）" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Verification:
    """What :func:`verify` found."""

    folder: Path
    files: int
    """Files looked at."""
    lines: int
    """Audit lines whose chain holds."""
    closed: bool
    """Whether there is a manifest."""
    problems: tuple[Problem, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether nothing is altered, missing or added."""
        return not self.problems

    @property
    def summary(self) -> str:
        """One Chinese sentence."""
        counted = f"{self.files} 个文件、{self.lines} 条记录"
        if self.problems:
            return f"证据已被改动：{len(self.problems)} 处不符（共核对 {counted}）"
        if not self.closed:
            return f"现有内容完好（{counted}），但批次没有收尾清单：各单位最后的记录若被改动或删去，无法发现"
        return f"证据完好：{counted}均与清单一致"


def close(folder: Path) -> Path:
    """Write the manifest over everything in a batch's folder; returns its path. May be repeated."""
    for path in folder.iterdir():
        if is_temporary(path):
            path.unlink()
    lines = (f"{sha256_of(path)}  {name}\n" for name, path in sorted(_files(folder)))
    manifest = folder / MANIFEST
    write_atomically(manifest, "".join(lines).encode())
    return manifest


def reopen(folder: Path) -> None:
    """Before a batch goes on: take the manifest away, which would call the new files added."""
    (folder / MANIFEST).unlink(missing_ok=True)


def verify(folder: Path) -> Verification:
    """Compare a batch's folder with what was recorded.

    Raises:
        UserError: the folder is no batch's evidence, or cannot be read.
    """
    try:
        files = dict(_files(folder))
        closed = (folder / MANIFEST).is_file()
        if not closed and not any(Path(name).name == AUDIT for name in files):
            raise UserError(f"{folder} 不是批次证据文件夹（没有 {MANIFEST}，也没有 {AUDIT}）")
        sums = {name: sha256_of(path) for name, path in files.items()}
        found = list(_against_manifest(folder, sums)) if closed else []
        lines = 0
        noted: dict[str, str] = {}
        trails = sorted(name for name in files if Path(name).name == AUDIT)
        for name in trails:
            data = files[name].read_bytes()
            held, broken = _check_trail(name, data)
            lines += held
            found += broken
            noted |= {name.removesuffix(AUDIT) + one: digest for one, digest in noted_files(data).items()}
        found += _against_trails(noted, sums)
        if not closed:
            found += _unspoken(sums.keys() - noted.keys() - set(trails))
    except OSError as error:
        raise UserError(f"读不了证据文件夹 {folder}：{error.strerror}") from error
    problems = {(one.trouble, one.path): one for one in reversed(found)}  # one file, one trouble, told once
    ordered = sorted(problems.values(), key=lambda one: (one.path, one.trouble))
    return Verification(folder, len(files), lines, closed, tuple(ordered))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and (path.is_file() or path.is_symlink()):
            yield name, path


def _against_manifest(folder: Path, sums: Mapping[str, str]) -> Iterator[Problem]:
    try:
        rows = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        expected = {name: digest for digest, name in (row.split("  ", 1) for row in rows)}
    except ValueError:  # not UTF-8, or a line of another form
        yield Problem(Trouble.ALTERED, MANIFEST, "清单无法读取")
        return
    for name, digest in expected.items():
        if name not in sums:
            yield Problem(Trouble.MISSING, name)
        elif sums[name] != digest:
            yield Problem(Trouble.ALTERED, name)
    for name in sums.keys() - expected.keys():
        yield Problem(Trouble.ADDED, name)


def _check_trail(name: str, data: bytes) -> tuple[int, list[Problem]]:
    held = 0
    try:
        for _ in read_lines(data):
            held += 1
    except ChainBrokenError as error:
        return held, [Problem(Trouble.CHAIN, name, str(error))]
    return held, []


def _against_trails(noted: Mapping[str, str], sums: Mapping[str, str]) -> Iterator[Problem]:
    for name, digest in noted.items():
        if name not in sums:
            yield Problem(Trouble.MISSING, name)
        elif sums[name] != digest:
            yield Problem(Trouble.ALTERED, name, "与记录中的校验值不符")


def _unspoken(names: Iterable[str]) -> Iterator[Problem]:
    """Without a manifest: files in the employers' folders that no audit line speaks of."""
    for name in names:
        if "/" in name:
            yield Problem(Trouble.ADDED, name, "记录中没有这个文件")
