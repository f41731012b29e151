"""Retention: pictures and files go when their time is over, their hashes stay.

Of a batch whose newest record is old enough, the pictures, the kept files and the copy of the results are
deleted. First the batch's chain says of each what its SHA-256 was, who deleted it and by which rule; then the
files go; then the bag is sealed again. Trails, report and earlier seals stay, so that afterwards the evidence
still says what was done, and that nothing else is missing.

A note beside the bag says that its purge has begun: whoever is killed in between leaves an unsealed bag, and
the same command, given again, goes on. Encrypted batches are left alone: their trails cannot be seen, and
deleting the file would delete the hashes too. They are decrypted first.
"""

from __future__ import annotations

import json
import os
import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock

from rpa.errors import UserError
from rpa.evidence.audit import AuditTrail, readable
from rpa.evidence.bag.chronicle import PURGED, Told
from rpa.evidence.bag.seal import is_sealed, seal, unseal
from rpa.evidence.bag.tree import Folder
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import AUDIT, RESULTS, payload, sha256_of
from rpa.evidence.keeping.vault import ENDING
from rpa.files import write_private

_AGE = re.compile(r"([1-9]\d{0,4})([dmy])")
_STAYS = re.compile(rf"{re.escape(AUDIT)}|{re.escape(Path(AUDIT).stem)}\.torn-\d+\.txt")


@dataclass(frozen=True, slots=True)
class DueBatch:
    """A batch whose files are to go."""

    bag: Path
    newest: datetime
    """When something was last recorded (aware)."""
    files: Sequence[str]
    """Below ``data/``."""
    size: int
    """Bytes of them."""


@dataclass(frozen=True, slots=True)
class Spared:
    """A batch that is old enough and is not touched."""

    bag: Path
    why: str
    """In Chinese."""


def moment_before(age: str, now: datetime) -> datetime:
    """The moment that lies so far back.

    Args:
        age: days, months or years: ``730d``, ``24m``, ``2y``.
        now: from when it is counted.

    Raises:
        UserError: it is no such text.
    """
    match = _AGE.fullmatch(age.strip().lower())
    if match is None:
        raise UserError(f"保存期限应写成 730d（天）、24m（月）或 2y（年），不是“{age}”")
    number, unit = int(match[1]), match[2]
    try:
        if unit == "d":
            return now - timedelta(days=number)
        months = now.year * 12 + now.month - 1 - number * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        raise UserError(f"保存期限 {age} 太长") from None


def find_due(
    root: Path,
    before: datetime,
    *,
    only: Collection[str] = (),
    keep: Callable[[str], str] = lambda _: "",
) -> Sequence[DueBatch | Spared]:
    """The batches whose newest record is older than a moment, by name.

    Args:
        root: the folder with the bags.
        before: the moment (aware).
        only: the batches to look at, by their ids; empty: all.
        keep: why a batch is kept however old it is, by its id, in Chinese; empty: it need not be.
    """
    if not root.is_dir():
        return []
    bags = sorted(one for one in root.glob("[!.]*") if payload(one).is_dir())
    wanted = (bag for bag in bags if not only or bag.name in only)
    return [found for bag in wanted if (found := _look(bag, before, keep))]


def encrypted(root: Path) -> Sequence[str]:
    """The batches that cannot be looked at, by their ids."""
    return sorted(one.name.removesuffix(ENDING) for one in root.glob(f"[!.]*{ENDING}"))


def purge(due: DueBatch, *, who: str, policy: str) -> None:
    """Delete a batch's files and seal its bag again; goes on where it was killed.

    Args:
        due: the batch, as :func:`find_due` found it just now.
        who: 经办人.
        policy: the rule, in Chinese.

    Raises:
        UserError: a file is not what the chain says; or the bag cannot be sealed again, which can be tried
            again.
        Superseded: somebody else writes into its chain.
    """
    bag, data = due.bag, payload(due.bag)
    with FileLock(bag.with_name(f".{bag.name}.purge.lock"), mode=0o600):
        told = Told.of(readable((data / AUDIT).read_bytes()))
        digests = {name: sha256_of(data / name) for name in due.files}
        if altered := [name for name, digest in digests.items() if told.files.get(name) != digest]:
            raise UserError(f"{bag.name} 的证据已被改动（{altered[0]}），没有清除")
        write_private(_note(bag), b"")
        unseal(bag)
        with AuditTrail(data / AUDIT) as chain:
            for name in sorted(digests.keys() - told.purged):
                chain.append(PURGED, file=name, sha256=digests[name], who=who, policy=policy)
        with (data / AUDIT).open("r+b") as file:
            os.fsync(file.fileno())  # no file goes before its hash is on the disk
        for name in digests:
            (data / name).unlink()
        seal(bag)
        _note(bag).unlink()


def _note(bag: Path) -> Path:
    """Says that a bag's purge has begun."""
    return bag.with_name(f".{bag.name}.purging")


def _look(bag: Path, before: datetime, keep: Callable[[str], str]) -> DueBatch | Spared | None:
    newest = _newest(bag)
    begun = _note(bag).exists()
    if newest is None or newest >= before:
        return None
    files = list(_going(bag))
    if not files and not begun:
        return None
    if why := keep(bag.name):
        return Spared(bag, why)
    if not is_sealed(bag) and not begun:
        return Spared(bag, "没有封存（批次没有办完，或收尾时中断）：可运行 rpa results 封存")
    if problems := verify(bag, roots=[]).problems:
        return Spared(bag, f"证据已被改动（{problems[0]}），详见 rpa evidence verify")
    size = sum((payload(bag) / name).stat().st_size for name in files)
    return DueBatch(bag, newest, files, size)


def _newest(bag: Path) -> datetime | None:
    """When something was last recorded of any filing."""
    moments = []
    for trail in payload(bag).glob(f"*/{AUDIT}"):
        for row in reversed(trail.read_bytes().splitlines()):
            with suppress(ValueError, KeyError, TypeError):
                moments.append(datetime.fromisoformat(json.loads(row)["time"]).astimezone())
                break
    return max(moments, default=None)


def _going(bag: Path) -> Iterator[str]:
    """The files that go."""
    for name in Folder(payload(bag)).names():
        folder, _, file = name.rpartition("/")
        if name == RESULTS or (folder and not _STAYS.fullmatch(file)):
            yield name
