"""Makes the copy of a batch's evidence that a client or an auditor gets: everything personal is masked.

The copy is a sealed bag of its own. It holds the chosen employers alone, with their trails written anew line
by line; it says the hashes of the originals, so both can be held against each other; and before it is handed
out every text in it is searched for what must not be there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import rpa
from rpa.errors import UserError
from rpa.evidence.audit import START, AuditTrail, whole_lines
from rpa.evidence.bag.manifests import MANIFEST, TAG_MANIFEST, TIMESTAMP
from rpa.evidence.bag.seal import is_sealed, seal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import AUDIT, RESULTS, folder_of, payload, sha256, sha256_of
from rpa.evidence.report import Report
from rpa.evidence.sharing.clients_book import write_results
from rpa.evidence.sharing.hiding import PERSONS
from rpa.evidence.sharing.search import found_in
from rpa.evidence.sharing.trail import CopiedTrail, LeftOut, copy_trail, said_in
from rpa.evidence.sharing.values import hiding_of
from rpa.files import open_private, private_folder
from rpa.filing import Filing, Outcome, Record, RowStatus
from rpa.ledger.data.batches import Action
from rpa.privacy.masks import mask_name

ORIGINAL = "original"
"""Folder of the copy: the original's own seal, which names no employer."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a batch is shared, and what is known of all of it."""

    batch_id: str
    filings: Sequence[Filing]
    """All of the batch: nothing of those that are not shared may be seen."""
    entries: Sequence[RowStatus]
    """The filings that are shared, as the report shows them."""
    sharer: str
    """Who makes the copy."""
    people: Collection[str] = ()
    """Names of others who worked on the batch; those whom the trails name are known by themselves."""
    actions: Sequence[Action] = ()
    """What people did to the batch, the oldest first; empty where other employers' numbers would show."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What :func:`share` wrote."""

    path: Path
    sha256: str
    employers: int
    pictures: int
    masks: int
    """Boxes that were painted over."""
    left_out: Sequence[LeftOut]
    without: Sequence[str]
    """Employers of whom this machine has no evidence."""


def share(bag: Path, out: Path, selection: Selection, *, force: bool = False) -> Shared:
    """Write the masked copy as a zip file, whole or not at all.

    Args:
        bag: the batch's bag, sealed.
        out: the file to write.
        selection: what goes into it.
        force: whether a file that is there is replaced.

    Raises:
        UserError: the bag is not sealed or was altered, the file is there or cannot be written, or something
            that must be hidden is found in the copy.
    """
    _check(bag, out, force=force)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.stem}.", dir=out.parent) as folder:  # on its own disk
            copy = private_folder(Path(folder) / f"{selection.batch_id}_遮盖副本")
            shared = _Copy(bag, copy, selection).make(out)
            archive = _zipped(copy, Path(folder) / "copy.zip")
            shared = replace(shared, sha256=sha256_of(archive))
            archive.replace(out)
    except OSError as error:
        raise UserError(f"无法写入“{out}”（{error.strerror}），请检查权限和磁盘空间") from error
    return shared


class _Copy:
    """One copy in the making."""

    def __init__(self, bag: Path, copy: Path, selection: Selection) -> None:
        self._bag, self._copy, self._selection = bag, copy, selection
        trails = [payload(bag) / folder_of(one) for one in self._here()]
        people = set().union(*(said_in(one, PERSONS) for one in trails))
        serials = set().union(*(said_in(one, ("serial",)) for one in trails))
        records = (one.outcome.record for one in selection.entries if one.outcome and one.outcome.record)
        self._hiding = hiding_of(
            selection.filings,
            selection.entries,
            {selection.sharer, *selection.people, *people},
            {*serials, *(one.serial for one in records)},
        )

    def make(self, out: Path) -> Shared:
        """Write everything into the folder and seal it."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # pictures are encoded beside each other
            trails = list(pool.map(self._copy_trail, self._here()))
        made = Shared(
            out,
            sha256="",
            employers=len({one.code for one in self._selection.entries}),
            pictures=sum(len(one.pictures) for one in trails),
            masks=sum(len(picture.boxes) for one in trails for picture in one.pictures),
            left_out=[left_out for one in trails for left_out in one.left_out],
            without=sorted(
                {one.employer for one in self._selection.entries} - {one.employer for one in self._here()}
            ),
        )
        self._tell(trails)
        self._show(made)
        hidden = self._hiding.text
        actions = [
            replace(one, who=mask_name(one.who), what=hidden(one.what)) for one in self._selection.actions
        ]
        seal(self._copy, actions=actions)
        self._search()
        return made

    def _copy_trail(self, entry: RowStatus) -> CopiedTrail:
        original, copy = (payload(bag) / folder_of(entry) for bag in (self._bag, self._copy))
        return copy_trail(original, copy, self._hiding)

    def _here(self) -> list[RowStatus]:
        """What this machine has evidence of."""
        data = payload(self._bag)
        entries = self._selection.entries
        return [one for one in entries if one.filing and (data / folder_of(one) / AUDIT).is_file()]

    def _tell(self, trails: Sequence[CopiedTrail]) -> None:
        """Begin the copy's chain: what it is a copy of, what was painted over, what was left out."""
        chain = whole_lines((payload(self._bag) / AUDIT).read_bytes())
        ties = {
            "batch": self._selection.batch_id,
            "employers": [folder_of(one) for one in self._selection.entries],
            "original_tagmanifest_sha256": sha256_of(self._bag / TAG_MANIFEST),
            "original_manifest_sha256": sha256_of(self._bag / MANIFEST),
            "original_audit_sha256": sha256(chain[-1]) if chain else START,
            "version": rpa.__version__,
            "who": mask_name(self._selection.sharer),
        }
        with AuditTrail(payload(self._copy) / AUDIT) as trail:
            trail.append("遮盖副本", **ties)
            for file in self._keep_original_seal():
                trail.append("原件的封存", file=file, sha256=sha256_of(payload(self._copy) / file))
            for one in trails:
                for picture in one.pictures:
                    boxes = [[*box[:4], self._hiding.text(box.what)] for box in picture.boxes]
                    trail.append(
                        "遮盖",
                        file=picture.file,
                        sha256=picture.sha256,
                        original_sha256=picture.original_sha256,
                        private=boxes,
                    )
                for left in one.left_out:
                    trail.append(
                        "略去", left_out=left.file, original_sha256=left.original_sha256, why=left.why
                    )

    def _keep_original_seal(self) -> Iterator[str]:
        """What the original's hash and time are proved with."""
        folder = private_folder(payload(self._copy) / ORIGINAL)
        for name in (TAG_MANIFEST, TIMESTAMP):
            if (self._bag / name).is_file():
                shutil.copyfile(self._bag / name, folder / name)
                yield f"{ORIGINAL}/{name}"

    def _show(self, made: Shared) -> None:
        """Write report and results."""
        entries = [replace(one, outcome=self._outcome(one.outcome)) for one in self._selection.entries]
        notice = (
            f"遮盖副本：账号、电话、证件号码和人名已遮盖（截图 {made.pictures} 张，遮盖 {made.masks} 处）"
            + (
                f"；无法遮盖的 {len(made.left_out)} 个文件已略去，逐条记录中有其校验值"
                if made.left_out
                else ""
            )
            + (f"；{'、'.join(made.without)} 的证据不在这里" if made.without else "")
            + f"。原件清单 {TAG_MANIFEST} 的校验值：{sha256_of(self._bag / TAG_MANIFEST)}"
        )
        operator = mask_name(self._selection.sharer)
        report = Report(
            self._copy,
            batch_id=self._selection.batch_id,
            name="遮盖副本",
            operator=operator,
            notice=notice,
        )
        report.write(entries)
        write_results(payload(self._copy) / RESULTS, entries)

    def _outcome(self, outcome: Outcome | None) -> Outcome | None:
        if outcome is None:
            return None
        record = outcome.record and Record(
            **{name: self._hiding.exact(value) for name, value in asdict(outcome.record).items()}
        )
        return replace(
            outcome,
            explanation=self._hiding.text(outcome.explanation),
            advice=self._hiding.text(outcome.advice),
            record=record,
        )

    def _search(self) -> None:
        found = found_in(self._copy, self._hiding)
        if found:
            told = "；".join(found[:_NAMED]) + (f" 等 {len(found)} 处" if len(found) > _NAMED else "")
            raise UserError(f"没有写出副本，因为其中还有没遮盖的内容：{told}。请告诉开发人员")


def _check(bag: Path, out: Path, *, force: bool) -> None:
    if out.exists() and (not force or not out.is_file()):
        raise UserError(f"{out} 已经存在，没有覆盖；换一个文件名，或加 --force")
    if out.resolve().is_relative_to(bag.parent.resolve()):
        raise UserError(f"副本不能写进证据文件夹 {bag.parent}，请换一个地方")
    if not is_sealed(bag):
        raise UserError(f"批次的证据还没有封存：{bag}")
    if problems := verify(bag).problems:
        told = "；".join(map(str, problems[:_NAMED]))
        raise UserError(f"原件已被改动，不能据此制作副本（用 rpa evidence verify 查看）：{told}")


def _zipped(copy: Path, archive: Path) -> Path:
    """The copy in a zip file, its folder on top; on disk when this returns."""
    with open_private(archive) as file:
        with ZipFile(file, "w") as packed:
            for path in sorted(one for one in copy.rglob("*") if one.is_file()):
                kind = ZIP_STORED if path.suffix in (".jpg", ".xlsx") else ZIP_DEFLATED
                packed.write(path, path.relative_to(copy.parent), kind)
        file.flush()
        os.fsync(file.fileno())
    return archive
