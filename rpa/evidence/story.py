"""One filing's audit trail told as a file note: what happened, step by step, each with its picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rpa.evidence.audit import Line
from rpa.evidence.recorder import EQUAL
from rpa.evidence.timeline import PRINTOUT, Screenshot, clock, day, shown, text
from rpa.filing import Verdict

_CUT = "（中断）"
"""What the name of a picture carries when its step was interrupted."""


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about what happened in a step."""

    time: str
    words: str
    tone: str = ""
    """``good``, ``bad`` or nothing."""


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A step, or what happened between two steps."""

    time: str
    """Time of day in China."""
    words: str
    tone: str = ""
    """``good``, ``warn``, ``bad`` or nothing."""
    day: str = ""
    """The date, where it is another than that of the part before."""
    step: bool = False
    notes: list[Note] = field(default_factory=list)
    shots: list[Screenshot] = field(default_factory=list)
    printouts: list[str] = field(default_factory=list)
    """Names of the files that the portal printed."""


def story(lines: Sequence[Line]) -> Sequence[StoryPart]:
    """The parts of a trail, in order; a picture stands with the step that it shows."""
    parts: list[StoryPart] = []
    today = ""
    for line in lines:
        if line.event == "截图":
            _add_picture(line, _part_of(line, parts))
        elif line.event == PRINTOUT and line.facts.get("file") and parts:
            parts[-1].printouts.append(text(line.facts["file"]))
        elif line.event in _NOTES and parts:
            parts[-1].notes.extend(_NOTES[line.event](line))
        else:
            new = day(line.time)
            parts.append(_part(line, new if new != today else ""))
            today = new
    return parts


def _part(line: Line, new_day: str) -> StoryPart:
    facts, time = line.facts, clock(line.time)
    if line.event == "步骤":
        return StoryPart(time, text(facts.get("step", "")), day=new_day, step=True)
    if line.event == "办理结论":
        return _ending(line, new_day)
    if line.event in _BETWEEN:
        tone, words = _BETWEEN[line.event]
        return StoryPart(time, _filled(words, facts), tone, new_day)
    told = "；".join(f"{name} {value}" for name, value in shown(facts))
    return StoryPart(time, f"{line.event}（{told}）" if told else line.event, day=new_day)


def _add_picture(line: Line, part: StoryPart) -> None:
    if line.facts.get("file"):
        part.shots.append(Screenshot.of(line))
    else:  # a masked copy leaves out what it cannot mask
        part.notes.append(Note("", f"截图没有放进这份副本：{text(line.facts.get('left_out', ''))}"))


def _part_of(line: Line, parts: list[StoryPart]) -> StoryPart:
    """The step of a picture: it is often written down when the next step has begun."""
    name = text(line.facts.get("step", "")).removesuffix(_CUT)
    for part in reversed(parts):
        if part.step and part.words == name:
            return part
    parts.append(StoryPart(clock(line.time), name, step=True))
    return parts[-1]


def _ending(line: Line, new_day: str) -> StoryPart:
    facts = line.facts
    code = text(facts.get("verdict", ""))
    known = code in Verdict.__members__
    verdict = Verdict(code).chinese if known else code
    tone = "good" if known and Verdict(code).final else "warn"
    advice = text(facts.get("advice", ""))
    if advice and tone != "good":
        advice = f"下一步：{advice}"
    notes = [Note("", words) for words in (text(facts.get("explanation", "")), advice) if words]
    return StoryPart(clock(line.time), f"办理结论：{verdict}", tone, new_day, notes=notes)


def _compared(line: Line) -> Iterator[Note]:
    results = [(text(label), text(result)) for label, result in line.facts.get("results", ())]
    wrong = [f"{label}（{result}）" for label, result in results if result != EQUAL]
    if wrong:
        yield Note(clock(line.time), f"页面与表格不一致：{'、'.join(wrong)}", "bad")
    if equal := [label for label, result in results if result == EQUAL]:
        yield Note(clock(line.time), f"页面与表格一致 {len(equal)} 项：{'、'.join(equal)}", "good")


def _says(words: str, tone: str = "", *, at: str = "") -> Callable[[Line], Iterator[Note]]:
    """A note made of a line's facts."""

    def note(line: Line) -> Iterator[Note]:
        yield Note(clock(text(line.facts.get(at) or line.time)), _filled(words, line.facts), tone)

    return note


def _sent(line: Line) -> Iterator[Note]:
    lost = line.facts.get("unanswered", 0)
    silence = f"，其中 {text(lost)} 次没有得到答复" if lost else ""
    yield Note(clock(line.time), f"{line.event}共发出 {text(line.facts.get('sent', ''))} 次{silence}")


_NOTES: Mapping[str, Callable[[Line], Iterator[Note]]] = {
    PRINTOUT: _says(PRINTOUT + "没有放进这份副本：{left_out}"),
    "打印件没有取到": _says("打印件没有取到：{message}"),
    "截图未到页尾": _says("页面太长，截图未到页尾，还有 {left} 像素没有截到", "bad"),
    "平台提示": _says("平台提示：{words}"),
    "人工答复": _says("{who} 答复了{kind}", at="answered_at"),
    "核对页面与表格": _compared,
    "中断": _says("这一步中断：{message}", "bad"),
    "提交请求": _sent,
    "变更请求": _sent,
    "提交后停下": _says("提交后停下：{message}", "bad"),
    "提交后无答复": _says("提交后平台没有答复：{message}", "bad"),
}
"""What happened within a step."""


_BETWEEN: Mapping[str, tuple[str, str]] = {
    "开始记录": ("", "开始记录（经办人 {operator}，程序版本 {version}）"),
    "运行环境": ("", "记下运行环境：{browser}，{system}（网络、证书与时钟见逐条记录）"),
    "提交意向": ("warn", "提交意向记入台账：从此只会查询，不会再次提交"),
    "重新开始": ("warn", "重新开始：{reason}"),
    "转为查询": ("warn", "转为查询，不再提交：{reason}"),
    "停下": ("warn", "停下：{message}"),
    "原办件已退回": ("warn", "先前的申报已被平台退回（{status} {serial}），按更正后的数据重新申报"),
    "撤回提交意向": ("warn", "提交意向已撤回：{proof}"),
    "清除提交意向": ("warn", "{who} 确认平台上没有这笔提交，清除提交意向"),
}
"""What happened between steps: tone and sentence."""


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "（未记）"


def _filled(words: str, facts: Mapping[str, Any]) -> str:
    return words.format_map(_Facts({name: text(value) for name, value in facts.items()}))
