"""One filing's audit trail as people read it: its steps with pictures, each line in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from rpa.evidence.audit import ChainBrokenError, Line, read_lines
from rpa.evidence.files import AUDIT
from rpa.filing import CHINA, Outcome

PRINTOUT = "打印件"
"""The line about a file that the portal printed."""

_FACTS = {
    "step": "步骤",
    "kind": "待办",
    "who": "答复人",
    "answered_at": "答复时间",
    "explanation": "说明",
    "advice": "下一步",
    "message": "情况",
    "reason": "原因",
    "sent": "发出次数",
    "unanswered": "未答复次数",
    "results": "核对结果",
    "record": "平台记录",
    "submitted_at": "提交时间",
    "attempt": "第几次尝试",
    "worker": "办理程序",
    "employer": "单位",
    "code": "统一社会信用代码",
    "portal": "平台",
    "edition": "版本",
    "item": "事项",
    "year": "年度",
    "operator": "经办人",
    "title": "页面标题",
    "address": "网址",
    "taken_at": "截图时间",
    "file": "文件",
    "left": "未截到的像素",
    "size": "字节",
    "row": "表格行",
    "row_hash": "表格行校验值",
    "sha256": "校验值",
    "verdict": "结论代码",
    "version": "程序版本",
    "private": "含个人信息的区域",
    "original_sha256": "原件校验值",
    "original_line_sha256": "原记录校验值",
    "left_out": "略去的文件",
    "why": "原因",
    "python": "Python",
    "playwright": "Playwright",
    "browser": "浏览器",
    "system": "操作系统",
    "remote_browser": "远程浏览器",
    "headed": "显示窗口",
    "locale": "语言",
    "timezone": "时区",
    "proxy": "本机设置的代理",
    "hosts_overrides": "hosts 文件中的平台地址",
    "certificate_sha256": "平台证书指纹（SHA-256）",
    "certificate_subject": "证书持有者",
    "certificate_issuer": "证书颁发者",
    "certificate_valid_until": "证书有效期至",
    "certificate_trusted": "系统信任该证书",
    "certificate_problem": "证书说明",
    "clock_offset": "本机时钟快于平台（秒）",
}
"""Facts that are shown under a Chinese name; others are shown under their own."""

_PLACES = {name: place for place, name in enumerate(_FACTS)}

_RECORD = {
    "item": "事项名称",
    "subject": "主体名称",
    "serial": "受理流水号",
    "accepted_at": "受理时间",
    "acceptance": "受理状态",
    "handling": "办理状态",
    "agency": "受理经办机构",
    "area": "受理统筹区",
}


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A step's picture."""

    file: str
    """Its name in the filing's folder."""
    step: str
    time: str
    """When it was taken, in China's time, e.g. ``09:30:00``."""
    title: str
    """The page's title."""

    @classmethod
    def of(cls, line: Line) -> Self:
        """The picture that a line of the trail speaks of."""
        facts = line.facts
        taken = clock(text(facts.get("taken_at") or line.time))
        return cls(
            text(facts.get("file", "")), text(facts.get("step", "")), taken, text(facts.get("title", ""))
        )

    @property
    def number(self) -> str:
        """Counts over all attempts, e.g. ``03``."""
        return self.file.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Timeline:
    """An audit trail, as far as its chain holds."""

    lines: Sequence[Line]
    warning: str = ""
    """Said where the chain is broken; what follows the break is not shown."""

    @classmethod
    def of(cls, folder: Path) -> Timeline:
        """The timeline of a filing's folder; an empty one where nothing is recorded yet."""
        trail = folder / AUDIT
        lines: list[Line] = []
        try:
            lines.extend(read_lines(trail.read_bytes()))
        except FileNotFoundError:
            return cls(())
        except ChainBrokenError as error:
            return cls(lines, f"记录文件不完整：{error}。以下只显示此前的记录。")
        return cls(lines)

    @property
    def compared(self) -> Sequence[tuple[str, str]]:
        """The newest comparison: label → 一致 or what is different."""
        results = [line.facts["results"] for line in self.lines if "results" in line.facts]
        return [(str(label), str(result)) for label, result in results[-1]] if results else []

    @property
    def shots(self) -> Iterator[Screenshot]:
        """The pictures, in the order in which they were taken."""
        for line in self.lines:
            if "step" in line.facts and "file" in line.facts:
                yield Screenshot.of(line)

    @property
    def printouts(self) -> Sequence[str]:
        """Names of the files that the portal printed, in order."""
        told = (line.facts for line in self.lines if line.event == PRINTOUT)
        return [str(facts["file"]) for facts in told if "file" in facts]

    @property
    def told(self) -> Iterator[tuple[str, str, Sequence[tuple[str, str]]]]:
        """Every line: time, event, facts with their Chinese names."""
        for line in self.lines:
            yield clock(line.time), line.event, list(shown(line.facts))


def record_of(outcome: Outcome | None) -> Sequence[tuple[str, str]]:
    """The portal's own record with its Chinese names; empty where there is none."""
    if outcome is None or outcome.record is None:
        return []
    told = ((label, getattr(outcome.record, name)) for name, label in _RECORD.items())
    return [(label, value) for label, value in told if value]


def clock(time: str) -> str:
    """An ISO moment as a time of day in China; what is no moment stays as it is."""
    return _in_china(time, "%H:%M:%S")


def day(time: str) -> str:
    """An ISO moment as a date in China; what is no moment stays as it is."""
    return _in_china(time, "%Y-%m-%d")


def _in_china(time: str, form: str) -> str:
    try:
        return datetime.fromisoformat(time).astimezone(CHINA).strftime(form)
    except ValueError:
        return time


def shown(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Facts with their Chinese names, in the order of the table of names."""
    for name in sorted(facts, key=lambda one: _PLACES.get(one, len(_PLACES))):
        if name == "private":
            yield _FACTS[name], f"{len(facts[name])} 处"
        elif facts[name] not in (None, "", []):
            yield _FACTS.get(name, name), text(facts[name])


def text(value: Any) -> str:
    """A fact's value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "；".join(
            f"{_RECORD.get(one) or _FACTS.get(one, one)} {told}" for one, told in value.items() if told
        )
    if isinstance(value, list):
        return "；".join(" ".join(map(text, one)) if isinstance(one, list) else text(one) for one in value)
    return str(value)
