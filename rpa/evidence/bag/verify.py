"""Says whether a batch's evidence is still what was recorded, and whether its time is proved.

Four things hold each other: the tag manifest names the manifests with their hashes; the manifests name every
file; the batch's chain tells of every line and every file; every trail's line carries the hash of the line
before. The timestamp over the tag manifest proves when all of that was so. A bag that is not sealed has no
manifest, so a trail's end could be cut off or its last line changed without a trace; the result says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from zipfile import BadZipFile

from cryptography.x509 import Certificate

from rpa.errors import UserError
from rpa.evidence.bag.chains import Chain, check_files, check_trails, noted_in
from rpa.evidence.bag.chronicle import Told
from rpa.evidence.bag.manifests import MANIFEST, PAYLOAD, TAG_MANIFEST, TIMESTAMP, read_manifest
from rpa.evidence.bag.problems import Problem, Trouble
from rpa.evidence.bag.seal import tag_names
from rpa.evidence.bag.tree import ALGORITHMS, NO_FILE, Tree, digests, read, tree_of
from rpa.evidence.files import AUDIT
from rpa.evidence.timestamps.timestamp import TimeProof, check_timestamp, trusted_roots
from rpa.filing import CHINA

_CHAIN = f"data/{AUDIT}"
_NO_PROOF = TimeProof(proven=False, at=None, authority="", why="没有时间戳")


class Integrity(Enum):
    """How evidence stands; the values are the exit codes of ``rpa evidence verify``."""

    INTACT = 0
    ALTERED = 1
    UNTIMED = 2
    """Intact, but nothing proves since when."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What :func:`verify` found."""

    bag: Path
    files: int
    """Files looked at."""
    lines: int
    """Audit lines whose chain holds."""
    sealed: bool
    """Whether there is a tag manifest."""
    time: TimeProof
    purged: int = 0
    """Files that were deleted when their time was over; their hashes are kept."""
    problems: tuple[Problem, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether nothing is altered, missing, added or out of order."""
        return not self.problems

    @property
    def integrity(self) -> Integrity:
        """The result in one word."""
        if self.problems:
            return Integrity.ALTERED
        return Integrity.INTACT if self.sealed and self.time.proven else Integrity.UNTIMED

    @property
    def summary(self) -> str:
        """A Chinese sentence or two."""
        counted = f"{self.files} 个文件、{self.lines} 条记录"
        purged = f"；{self.purged} 个文件已按期清除，校验值仍在" if self.purged else ""
        if self.problems:
            return f"证据已被改动：{len(self.problems)} 处不符（共核对 {counted}）"
        if not self.sealed:
            return f"现有内容完好（{counted}），但批次没有封存：各单位最后的记录若被改动或删去，无法发现"
        if self.time.proven and self.time.at:
            when = f"北京时间 {self.time.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
            time = f"时间已证明：{when} 已是如此（{self.time.authority}）"
        else:
            time = f"时间未证明：{self.time.why}"
        return f"证据完好：{counted}均与清单一致{purged}。{time}"


def verify(
    path: Path, *, roots: Sequence[Certificate] | None = None, every_hash: bool = False
) -> Verification:
    """Compare a batch's bag, or a zip file of it, with what was recorded.

    Args:
        path: the bag.
        roots: root certificates that a timestamp must lead to; None: the system's.
        every_hash: hold the files against the SM3 manifest too, which takes several times as long. (That
            manifest itself is always held against the tag manifest.)

    Raises:
        UserError: it is no batch's evidence, or cannot be read.
    """
    try:
        with tree_of(path) as tree:
            return _Examination(path, tree, every_hash=every_hash).verification(roots)
    except (OSError, BadZipFile) as error:
        why = error.strerror if isinstance(error, OSError) else "zip 文件已损坏"
        raise UserError(f"读不了证据 {path}：{why}") from error


class _Examination:
    """One examination of a bag."""

    def __init__(self, path: Path, tree: Tree, *, every_hash: bool) -> None:
        names = tree.names()
        self._path, self._tree = path, tree
        self._sealed = TAG_MANIFEST in names
        if not self._sealed and not any(name.endswith(f"/{AUDIT}") for name in names):
            raise UserError(f"{path} 不是批次证据文件夹（没有 {TAG_MANIFEST}，也没有 {AUDIT}）")
        self._algorithms = ALGORITHMS if every_hash else ALGORITHMS[:1]
        self._twice = [name for name, times in Counter(names).items() if times > 1]
        self._all = digests(tree, dict.fromkeys(names), self._algorithms)
        self._sums = {name: sums[0] for name, sums in self._all.items()}

    def verification(self, roots: Sequence[Certificate] | None) -> Verification:
        trails = {
            name.split("/")[1]: Chain.of(name, read(self._tree, name))
            for name in self._sums
            if name.endswith(f"/{AUDIT}") and name.count("/") > 1
        }
        chain = Chain.of(_CHAIN, read(self._tree, _CHAIN) if _CHAIN in self._sums else b"")
        told = Told.of(chain.lines)
        found = list(self._against_chains(trails, chain, told))
        if self._sealed:
            found += self._against_manifests()
        found += [Problem(Trouble.ADDED, name, "同名文件出现两次") for name in self._twice]
        found += [
            Problem(Trouble.ALTERED, name, "不是文件") for name, sum_ in self._sums.items() if sum_ == NO_FILE
        ]
        return Verification(
            self._path,
            len(self._sums),
            sum(one.held for one in (chain, *trails.values())),
            self._sealed,
            self._time(roots),
            len(told.purged),
            tuple(_told_once(found)),
        )

    def _against_chains(self, trails: Mapping[str, Chain], chain: Chain, told: Told) -> Iterator[Problem]:
        for one in (chain, *trails.values()):
            yield from one.problems
        yield from check_trails(told, trails)
        noted = noted_in(trails)
        if self._sealed:
            noted |= {f"data/{name}": digest for name, digest in told.files.items()}
        gone = {f"data/{name}" for name in told.purged} - self._sums.keys()
        yield from check_files({name: noted[name] for name in noted.keys() - gone}, self._sums)
        if not self._sealed:
            trail_names = {f"data/{folder}/{AUDIT}" for folder in trails}
            for name in self._sums.keys() - noted.keys() - trail_names:
                if name.count("/") > 1:  # in an employer's folder
                    yield Problem(Trouble.ADDED, name, "记录中没有这个文件")

    def _against_manifests(self) -> Iterator[Problem]:
        tags = {name: self._sums[name] for name in tag_names(self._sums)}
        yield from self._against(TAG_MANIFEST, tags)
        data = [name for name in self._sums if name.startswith("data/")]
        for place, algorithm in enumerate(self._algorithms):
            name = PAYLOAD.format(algorithm)
            if name == MANIFEST or name in self._sums:
                yield from self._against(name, {one: self._all[one][place] for one in data})

    def _against(self, name: str, sums: Mapping[str, str]) -> Iterator[Problem]:
        """What a manifest says otherwise."""
        if name not in self._sums:
            yield Problem(Trouble.MISSING, name)
            return
        try:
            expected = read_manifest(read(self._tree, name))
        except ValueError:
            yield Problem(Trouble.ALTERED, name, "清单无法读取")
            return
        missing = {digest: one for one, digest in expected.items() if one not in sums}
        for one, digest in expected.items():
            if one not in sums:
                yield Problem(Trouble.MISSING, one)
            elif sums[one] != digest:
                yield Problem(Trouble.ALTERED, one, _whose(one, sums[one], expected))
        for one in sums.keys() - expected.keys():
            before = missing.get(sums[one])
            yield Problem(Trouble.ADDED, one, f"内容是缺失的 {before}，像是改了名" if before else "")

    def _time(self, roots: Sequence[Certificate] | None) -> TimeProof:
        if TIMESTAMP not in self._sums or not self._sealed:
            return _NO_PROOF
        token, data = (read(self._tree, name) for name in (TIMESTAMP, TAG_MANIFEST))
        return check_timestamp(token, data, trusted_roots(None) if roots is None else roots)


def _whose(name: str, digest: str, expected: Mapping[str, str]) -> str:
    """Says so where a file holds what another one should."""
    other = next((one for one, sum_ in expected.items() if sum_ == digest and one != name), "")
    return f"内容是 {other} 的，像是被调换" if other else ""


def _told_once(found: Sequence[Problem]) -> list[Problem]:
    """One file and one trouble told once, in the words that say most."""
    problems: dict[tuple[str, Trouble], Problem] = {}
    for one in found:
        known = problems.setdefault((one.path, one.trouble), one)
        if len(one.detail) > len(known.detail):
            problems[one.path, one.trouble] = one
    return [problems[key] for key in sorted(problems)]
