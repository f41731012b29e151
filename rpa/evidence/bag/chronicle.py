"""The batch's own chain, ``data/audit.jsonl``: one line for each thing that any part of the evidence says.

While filings are made, several workers write, each to the trail of its filing. When the batch is sealed,
what is new in the trails is taken up here, in the order of time: each line by its hash, each picture and
file by its own. What was taken up once stays as it is, so an earlier seal's chain is the beginning of a
later one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from rpa.evidence.audit import AuditTrail, Line, noted_files, readable, whole_lines
from rpa.evidence.files import AUDIT, ENVIRONMENT, REPORT, RESULTS, payload, sha256, sha256_of
from rpa.filing import CHINA
from rpa.ledger.data.batches import Action
from rpa.privacy.masks import redact

PERSON = "人员操作"
WRITTEN = "写入"
FOUND = "补记：没有记录的文件"
PURGED = "按期清除"

_WRITTEN_ANEW = (REPORT, RESULTS, ENVIRONMENT)


@dataclass(slots=True)
class Told:
    """What a batch's chain says so far."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    """Folder → the hashes of its trail's lines, in order."""
    files: dict[str, str] = field(default_factory=dict)
    """File below ``data/`` → the hash that was said last."""
    purged: set[str] = field(default_factory=set)
    """Files that were deleted when their time was over."""
    persons: int = 0
    """Lines about what people did."""

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Told:
        """What a chain's lines say."""
        told = cls()
        for line in lines:
            told.take(line.event, line.facts)
        return told

    def take(self, event: str, facts: Mapping[str, Any]) -> None:
        """Take up one line of the chain; one that lacks something says nothing."""
        self.persons += event == PERSON
        if "line_sha256" in facts and "folder" in facts:
            self.lines.setdefault(str(facts["folder"]), []).append(str(facts["line_sha256"]))
        if "file" in facts and "sha256" in facts:
            name = str(facts["file"])
            self.files[name] = str(facts["sha256"])
            self.purged.discard(name)
            if event == PURGED:
                self.purged.add(name)


def bring_up_to_date(bag: Path, actions: Sequence[Action]) -> None:
    """Take up what is new: lines of the trails, files that no line speaks of, what people did.

    Args:
        bag: the batch's bag.
        actions: everything that people did to the batch, the oldest first.
    """
    data = payload(bag)
    path = data / AUDIT
    told = Told.of(readable(path.read_bytes()) if path.exists() else ())
    news = [*_new_lines(data, told), *_new_actions(actions, told)]
    with AuditTrail(path) as chain:
        for _, event, facts in sorted(news, key=itemgetter(0)):
            chain.append(event, **facts)
            told.take(event, facts)
        for name, digest in _new_files(data, told):
            event = WRITTEN if name in _WRITTEN_ANEW else FOUND
            chain.append(event, file=name, sha256=digest)


News = tuple[str, str, dict[str, Any]]
"""When, what, facts."""


def _new_lines(data: Path, told: Told) -> Iterator[News]:
    for trail in sorted(data.glob(f"*/{AUDIT}")):
        folder = trail.parent.name
        content = trail.read_bytes()
        if not content.endswith(b"\n"):
            AuditTrail(trail).close()  # puts aside what a crash tore
            content = trail.read_bytes()
        before = len(told.lines.get(folder, ()))
        for number, row in enumerate(whole_lines(content)[before:], before + 1):
            yield _about(folder, number, row)


def _about(folder: str, number: int, row: bytes) -> News:
    """A trail's line as the chain tells it."""
    facts: dict[str, Any] = {"folder": folder, "line": number, "line_sha256": sha256(row)}
    lines = list(readable(row + b"\n"))
    if not lines:
        return "", "无法读取的记录", facts
    facts["at"] = str(lines[0].time)
    for name, digest in noted_files(lines).items():
        facts |= {"file": f"{folder}/{name}", "sha256": digest}
    return facts["at"], str(lines[0].event), facts


def _new_actions(actions: Sequence[Action], told: Told) -> Iterator[News]:
    for one in actions[told.persons :]:
        at = one.at.astimezone(CHINA).isoformat(timespec="milliseconds")
        yield at, PERSON, {"who": redact(one.who), "what": redact(one.what), "at": at}


def _new_files(data: Path, told: Told) -> Iterator[tuple[str, str]]:
    """Files whose newest content no line speaks of: what was written anew, and what a crash left."""
    for path in sorted(one for one in data.rglob("*") if one.is_file() and not one.is_symlink()):
        name = path.relative_to(data).as_posix()
        if path.name == AUDIT or (name in told.files and name not in _WRITTEN_ANEW):
            continue
        digest = sha256_of(path)
        if told.files.get(name) != digest:
            yield name, digest
