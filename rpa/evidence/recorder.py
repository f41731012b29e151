"""Records one filing: its pictures, and a line about each thing that happened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import rpa
from rpa.errors import Superseded
from rpa.evidence.audit import AuditTrail, noted_files, readable
from rpa.evidence.bag.seal import unseal
from rpa.evidence.files import AUDIT, folder_name, payload, safe_name, sha256, sha256_of
from rpa.evidence.timeline import PRINTOUT
from rpa.files import private_folder
from rpa.filing import CHINA, Filing, Outcome
from rpa.privacy.masks import Box, redact

EQUAL = "一致"
"""What :meth:`Recorder.compared` says about a value that is the same in row and page."""

_AS_IS = frozenset({"code", "unit_number", "serial", "sha256", "row_hash", "file", "edition"})
"""Facts that may look like an ID or an account number, are neither, and must stay comparable."""


class Recorder:
    """The evidence folder of one filing, over all its attempts.

    Args:
        bag: the batch's bag, which is not sealed any more then; the filing's own folder is made in it.
        filing: what is recorded.
        operator: 经办人.
    """

    def __init__(self, bag: Path, filing: Filing, *, operator: str) -> None:
        private_folder(bag)
        unseal(bag)
        self.folder = private_folder(payload(bag) / folder_name(filing))
        self._number = _last_number(self.folder)
        self._trail = AuditTrail(self.folder / AUDIT)
        self._note_orphans()
        self.line(
            "开始记录",
            employer=filing.employer.name,
            code=filing.employer.code,
            portal=filing.portal,
            edition=filing.edition,
            item=filing.item,
            year=filing.year,
            row=filing.row,
            row_hash=filing.row_hash,
            operator=operator,
            version=rpa.__version__,
        )

    def line(self, event: str, **facts: Any) -> None:
        """Note that something happened.

        Args:
            event: what, in Chinese.
            facts: plain JSON values; known secrets and personal data in them are hidden.
        """
        self._trail.append(redact(event), **{key: _clean(key, value) for key, value in facts.items()})

    def picture(
        self,
        step: str,
        jpeg: bytes,
        *,
        address: str,
        title: str,
        taken_at: datetime | None = None,
        private: Sequence[Box] | None = None,
    ) -> str:
        """Keep a picture of a page.

        Args:
            step: the step, as a clerk names it.
            jpeg: the picture.
            address: the page's address.
            title: the page's title.
            taken_at: when it was taken (aware), where that is not now.
            private: where it shows personal data, which is hidden in what is shared; None: not known, so
                that the picture cannot be shared.

        Returns:
            The file's name, such as ``03_填写申请信息.jpg``; numbers go on over all attempts.
        """
        self._number += 1
        name = f"{self._number:02d}_{safe_name(redact(step))}.jpg"
        when = {"taken_at": _iso(taken_at)} if taken_at else {}
        hidden = {} if private is None else {"private": [list(box) for box in private]}
        self._write_new(name, jpeg)
        known = {"file": name, "sha256": sha256(jpeg), "size": len(jpeg)}
        self.line("截图", **known, step=step, address=address, title=title, **when, **hidden)
        return name

    def printout(self, pdf: bytes) -> str:
        """Keep a PDF that the portal printed, whole: it is personal, and no part of what is shared.

        Returns:
            The file's name, such as ``05_打印件.pdf``, numbered like the pictures.
        """
        self._number += 1
        name = f"{self._number:02d}_{PRINTOUT}.pdf"
        self._write_new(name, pdf)
        self.line(PRINTOUT, file=name, sha256=sha256(pdf), size=len(pdf))
        return name

    def compared(self, results: Mapping[str, str]) -> None:
        """Note what was compared: label → :data:`EQUAL` or what is different, never a value."""
        self.line("核对页面与表格", results=[list(one) for one in results.items()])

    def answered(self, kind: str, who: str, at: datetime) -> None:
        """Note who answered what kind of request (in Chinese), never the answer."""
        self.line("人工答复", kind=kind, who=who, answered_at=_iso(at))

    def ended(self, outcome: Outcome) -> None:
        """Note how the attempt ended."""
        facts = {
            "verdict": outcome.verdict.value,
            "advice": outcome.next_step,
            "record": asdict(outcome.record) if outcome.record else None,
            "submitted_at": _iso(outcome.submitted_at) if outcome.submitted_at else None,
        }
        self._trail.append("办理结论", explanation=told(outcome), **_clean("", facts))

    def cleared(self, who: str, *, seen_missing: Sequence[datetime]) -> None:
        """Note that a person declared a commit never to have arrived, and what the portal's list showed."""
        self.line("清除提交意向", who=who, seen_missing=[_iso(at) for at in seen_missing])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._trail.close()  # a later attempt goes on with it

    def _note_orphans(self) -> None:
        """A crash between a file and its line leaves a file that no line speaks of: say so."""
        known = {AUDIT, *noted_files(readable((self.folder / AUDIT).read_bytes()))}
        for path in sorted(self.folder.iterdir()):
            if path.name not in known:
                self.line("补记：上次中断时已存的文件", file=path.name, sha256=sha256_of(path))

    def _write_new(self, name: str, data: bytes) -> None:
        self._trail.check()
        try:
            with (self.folder / name).open("xb") as file:
                file.write(data)
        except FileExistsError:
            raise Superseded("另一个办理程序已接手这笔办件的记录") from None


def told(outcome: Outcome) -> str:
    """What happened, with everything hidden but the portal's receipt number, which looks like an account."""
    serial = outcome.record.serial if outcome.record else ""
    if not serial:
        return redact(outcome.explanation)
    return serial.join(redact(part) for part in outcome.explanation.split(serial))


def _iso(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


def _clean(key: str, value: Any) -> Any:
    if isinstance(value, str):
        return value if key in _AS_IS else redact(value)
    if isinstance(value, Mapping):
        return {str(name): _clean(str(name), one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_clean(key, one) for one in value]
    return value


def _last_number(folder: Path) -> int:
    """The highest number that a file in the folder bears, so that no run overwrites another's."""
    found = (re.match(r"(\d+)_", path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in found if match), default=0)
