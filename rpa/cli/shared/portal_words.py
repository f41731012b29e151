"""The words of a portal as ``rpa portal words`` lists them: screen by screen, with how sure each is."""

from __future__ import annotations

from collections import Counter

from rpa.cli.shared import output
from rpa.settings.portal import PortalSettings
from rpa.settings.words import Entry, Mark


def show_words(portal: PortalSettings, *, as_json: bool) -> None:
    """Print every label and message that the flows of a portal wait for or use."""
    entries = portal.entries()
    counts = Counter(mark for entry in entries for mark, _ in entry.word.marked())
    if as_json:
        facts = {"portal": portal.name, "words": [_facts(entry) for entry in entries]}
        output.document("portal-words", facts | {"marks": {mark.value: counts[mark] for mark in Mark}})
        return
    rows = [(_screen(entry), entry.ours, _names(entry), _otherwise(entry)) for entry in entries]
    output.say(output.table(("页面", "我们的说法", "平台上的文字（依据）", "找不到时"), rows))
    output.say("依据：" + "、".join(f"{mark.value} {mark.chinese} {counts[mark]} 个" for mark in Mark))
    if portal.labels:
        added = "；".join(f"{ours} = {'、'.join(names)}" for ours, names in portal.labels.items())
        output.say(f"设置中另加的（[labels]）：{added}")


def _screen(entry: Entry) -> str:
    return f"{entry.screen}（{entry.edition} 版）" if entry.edition else entry.screen


def _names(entry: Entry) -> str:
    return "  ".join(f"{name}（{mark.value}）" for mark, name in entry.word.marked())


def _otherwise(entry: Entry) -> str:
    absent = "没有也可以" if entry.word.optional else ""
    return "；".join(part for part in (entry.word.structure, absent) if part)


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "screen": entry.screen,
        "edition": entry.edition,
        "word": entry.ours,
        "names": [{"mark": mark.value, "text": name} for mark, name in entry.word.marked()],
        "structure": entry.word.structure,
        "optional": entry.word.optional,
    }
