"""Write docs/page-shapes.md: ``python -m tools.page_shapes``.

What is read, filled in, clicked and listed on which shape of a page: the page shows the very cases that
the tests run, and a test sees to it that it is current.
"""

# ruff: noqa: E501 - rows of tables are easier to read unbroken

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain
from pathlib import Path

from rpa.browser.speech import Shape, Tone, Utterance
from rpa.browser.speech.occasion import EVERYWHERE
from tests.browser import test_captchas, test_printing_out, test_speech, test_tones
from tests.labels import (
    grids,
    libraries,
    shapes,
    test_click,
    test_geometry,
    test_layers,
    test_lists,
    test_read,
    test_shapes,
    test_typing,
    test_typing_libraries,
    test_widgets,
)
from tools.markdown import code, section, table

TOP = Path(__file__).resolve().parents[1]
PAGE = TOP / "docs" / "page-shapes.md"

_FOLDERS = {
    "layui": "layui",
    "layui 2.6": "layui-2.6",
    "easyui": "jquery-easyui",
    "element-ui": "element-ui",
    "element-plus": "element-plus",
    "bootstrap": "bootstrap",
    "ui-bootstrap": "angular-ui-bootstrap",
    "ant-design": "antd",
    "AngularJS": "angular",
}
"""Library → its folder among the packages, for its version."""

_PASSING = {
    Tone.PROGRESS: "is waited for",
    Tone.INFORMATION: "is closed, and the waiting goes on",
    Tone.SUCCESS: "the sign that was hoped for may still come",
}
"""What does not end the waiting, unless the occasion accepts it."""


def page() -> str:
    """The whole page."""
    sections = chain(
        _head(),
        _facts(),
        _fields(),
        _lists(),
        _widgets(),
        _typing(),
        _clicks(),
        _messages(),
        _captchas(),
        _printing(),
    )
    return "\n".join(sections) + "\n"


def _head() -> Iterator[str]:
    yield "# Page shapes"
    yield ""
    yield "<!-- Written by `make page-shapes` from the tables that the tests run; change those. -->"
    yield ""
    yield "Which shapes of a page `read`, `fill`, `click`, `rows` and `compare` understand, for people who"
    yield "[add a province](add-a-province.md). Each line is a case of the tests, with the right value. Snippets leave"
    yield "out end tags and styles that do not matter."


def _facts() -> Iterator[str]:
    yield from section(
        "Facts beside labels",
        "tests/labels/shapes.py",
        "A label is read, filled in and compared under one name.",
    )
    yield from table(
        ("shape", "snippet", "`read`, `compare`", "`fill`"),
        (
            (one.title, code(one.html), _read(one), ", ".join(f"{label} ✓" for label in one.fills))
            for one in shapes.SHAPES
        ),
    )
    yield ""
    yield f"`read` also (`tests/labels/test_read.py`): {'; '.join(test_read.OUTPUTS)}. A label that occurs twice with two values"
    yield "is an error that names both; `Spot(label, within=…)` says which one."


def _read(shape: shapes.Shape) -> str:
    values = [f"{label} = {value}" for label, value in shape.reads.items()]
    unclear = [f"{label}: error, names both" for label in shape.unclear]
    absent = [f"{label}: no value" for label in shape.absent]
    return "; ".join((*values, *unclear, *absent))


def _fields() -> Iterator[str]:
    yield from section(
        "Fields by their labels",
        "tests/labels/test_shapes.py",
        '`fill({"联系人": "张三"})`; `…` is the field.',
    )
    yield from table(
        ("label", "snippet", "`fill`"),
        (
            (name, code(html.replace(test_shapes.TARGET, "…")), "✓")
            for name, html in test_shapes.SHAPES.items()
        ),
    )


def _lists() -> Iterator[str]:
    yield from section(
        "Lists",
        "tests/labels/test_tables.py, test_grids.py and test_lists.py",
        "`rows` reads a list whole, or raises; `click_in` and `tick` use a row, out of view too.",
    )
    yield from table(
        ("shape", "snippet", "`rows`", "`click_in`"),
        (
            (one.title, code(one.html), "; ".join(" ".join(row.values()) for row in one.rows), "✓")
            for one in shapes.LISTS
        ),
    )
    yield ""
    yield "As the libraries draw them, with pinned columns and rows drawn only in view, 60 of 60 rows, `click_in` and `tick` ✓:"
    yield "; ".join(_with_version(name, grid.files[-1]) for name, grid in grids.GRIDS.items()) + "."
    yield ""
    yield f"Pages are turned (23 of 23 rows on three pages): {'; '.join(test_lists.PAGERS)}. What cannot be read is"
    yield '`IncompleteList`, never "not there".'


def _widgets() -> Iterator[str]:
    kinds: dict[str, list[str]] = {}
    for library, widgets in _all_widgets().items():
        for kind in dict.fromkeys(widgets.values()):
            kinds.setdefault(kind, []).append(library)
    yield from section(
        "Widgets",
        "tests/labels/test_widgets.py and test_typing_libraries.py",
        "`fill` sets what a person sees, and the model behind it is checked.",
    )
    yield from table(
        ("widget", "`fill`, `compare`: ✓ in"),
        ((kind, ", ".join(found)) for kind, found in sorted(kinds.items())),
    )
    yield ""
    yield "An option that is not there is an error with those that are."


def _all_widgets() -> Mapping[str, Mapping[str, str]]:
    """Library with its version → label → kind."""
    drawn = {name: test_widgets.WIDGETS[name.partition(" ")[0]] for name in test_widgets.FORMS}
    typed = {
        "AngularJS": test_typing_libraries.ANGULAR_WIDGETS,
        **dict.fromkeys(test_typing_libraries.VUE, test_typing_libraries.ELEMENT_WIDGETS),
        "ant-design": test_typing_libraries.ANTD_WIDGETS,
    }
    names = dict.fromkeys((*drawn, *typed))
    return {
        _named(name): {
            f"{name} {at}": kind
            for at, kind in enumerate((*drawn.get(name, {}).values(), *typed.get(name, {}).values()))
        }
        for name in names
    }


def _typing() -> Iterator[str]:
    yield from section(
        "Typing",
        "tests/labels/test_typing.py",
        "Trusted input, as a person's; what a page makes of it is told by `Match`.",
    )
    yield from table(
        ("the page", "what comes of `fill`"),
        (
            ("; ".join(test_typing.HEARS), "the page's own script gets the value"),
            *((name, match.name) for name, (_, match) in test_typing.BEHIND.items()),
            *(
                (f"calendar of its own make: {name}", f"{asked} → {shown}")
                for name, (_, asked, shown) in test_typing.CALENDARS.items()
            ),
            *((name, "CHANGED: an error unless the caller accepts it") for name in test_typing.LOCKED),
        ),
    )


def _clicks() -> Iterator[str]:
    yield from section(
        "Clicks",
        "tests/labels/test_click.py, test_geometry.py, test_layers.py and test_shadow.py",
        "What is under the pointer is what was meant, or nothing is pressed.",
    )
    yield f"By what a person reads: {'; '.join(test_click.SHAPES)}."
    yield ""
    yield "`click_in` a row of a table (`…`), at 1, 1.25, 1.5 and 2 pixels of the screen for one of the page:"
    yield ""
    yield from table(
        ("shape", "snippet", "`rows`, `click_in`"),
        (
            (name, code(_unframed(html).replace(test_geometry.TABLE, "…")), "✓")
            for name, html in test_geometry.SHAPES.items()
        ),
    )
    yield ""
    yield f"Dialogs, the topmost counts: {'; '.join(test_layers.STACKED)}."
    yield ""
    yield f"Panes, the one in view is filled: {'; '.join(test_layers.SLIDERS)}."
    yield ""
    yield "Open shadow roots, nested and with slots: `read`, `fill`, `click`, `rows` and signs ✓; a closed one stays closed."


def _messages() -> Iterator[str]:
    yield from section(
        "Messages",
        "tests/browser/test_speech.py and test_tones.py",
        "`session.ask(act, *signs, occasion=…)` hears all of them.",
    )
    yield from table(("library", "box", "question", "toast", "in the page"), _by_library())
    yield ""
    yield "What words mean is data (`configs/defaults.toml`, `[speech]` of a portal); after the commit none of them decides."
    yield "An `Occasion` may raise another error for a refusal (`LoginRefused`), and answer questions (`answers=True`)."
    yield ""
    yield from table(
        ("tone", "such as", "before the commit, unless the occasion accepts it"),
        ((tone.name, "; ".join(said[:3]), _amounts_to(tone)) for tone, said in test_tones.SAID.items()),
    )


def _amounts_to(tone: Tone) -> str:
    said = Utterance("", "", tone, Shape.DIALOG, (), top=True, certainty=2)
    return _PASSING.get(tone) or f"`{type(EVERYWHERE.stop(said)).__name__}`"


def _by_library() -> Iterator[tuple[str, ...]]:
    libraries_: dict[str, dict[str, list[str]]] = {}
    for name, case in test_speech.CASES.items():
        library = name.rpartition(" ")[0] if name.rpartition(" ")[0] in _FOLDERS else "no library"
        kind = "question" if case.tone is Tone.QUESTION else _KINDS[case.shape]
        snippet = name if library == "no library" else _call(name, case.says)
        libraries_.setdefault(library, {}).setdefault(kind, []).append(snippet)
    for library, found in libraries_.items():
        name = _named(library) if library in _FOLDERS else library
        yield (
            name,
            *("<br>".join(found.get(kind, ())) for kind in ("box", "question", "toast", "in the page")),
        )


_KINDS = {
    Shape.NATIVE: "box",
    Shape.DIALOG: "box",
    Shape.TOAST: "toast",
    Shape.INLINE: "in the page",
    Shape.BANNER: "in the page",
}


def _call(name: str, says: str) -> str:
    """The functions by which a page says something; a case's own word where the library has none."""
    called = re.sub(r"\(.*?\)(?=\.|$)", "(…)", says)
    return f"`{called}`" if "." in called else name.rpartition(" ")[2]


def _captchas() -> Iterator[str]:
    yield from section(
        "Captchas",
        "tests/browser/test_captchas.py",
        "`Captcha(session, spot)`: shown whole, had anew, never the spent one.",
    )
    yield f"- picture, and what draws another: {'; '.join(name.replace('_', ' ') for name in test_captchas.SHAPES)}"
    yield "- types kept: png, jpeg, gif, webp; anything drawn is pictured as png"
    yield f"- QR code without a name, by its words and its shape: {'; '.join(test_captchas.QR_SHAPES)}"
    yield "- in place of a picture: a code by SMS (`send_code`), an arithmetic one (its instruction is shown with it)"


def _printing() -> Iterator[str]:
    yield from section(
        "Printing",
        "tests/browser/test_printing_out.py",
        "`attempt.print_out(act)`; headless and headed; the filing goes on whatever comes.",
    )
    yield from table(
        ("what is kept", "where the portal prints to"),
        (
            ("the PDF", "; ".join(test_printing_out.PDFS)),
            ("a picture", "; ".join(test_printing_out.PICTURES)),
            ("nothing, and it is noted why", "; ".join(test_printing_out.NOTHING)),
        ),
    )


def _version(folder: str) -> str:
    return libraries.PACKAGES[folder].rpartition("@")[2]


def _with_version(name: str, file: str) -> str:
    version = _version(file.partition("/")[0])
    return name if name.endswith(version) else f"{name} ({version})"


def _named(library: str) -> str:
    return f"{library.partition(' ')[0]} {_version(_FOLDERS[library])}"


def _unframed(html: str) -> str:
    """A page with the documents of its frames written into them."""
    frame = re.compile(
        r'<iframe style="(?:width:500px;height:300px;border:4px solid;padding:6px;)?([^"]*)" srcdoc="([^"]*)"></iframe>'
    )

    def inner(found: re.Match[str]) -> str:
        document = _unframed(unescape(found[2])).replace(test_geometry.HIT, "")
        document = re.sub(r"<!doctype html>|<meta charset=utf-8>", "", document)
        return f"<iframe{' style=' + repr(found[1]) if found[1] else ''}>{document}</iframe>"

    return frame.sub(inner, html)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
