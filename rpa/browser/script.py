"""The page scripts: plain JavaScript files in ``js/``, put together as one function."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_FOR_READERS = re.compile(r"^[ \t]+|^[ \t]*(?://.*|/\*\*.*\*/[ \t]*)\n", re.MULTILINE)
"""Comment lines and indentation: a third of the text, which every document would be sent anew."""


@cache
def script(*names: str, main: str) -> str:
    """Return one JavaScript function expression that holds the named files and calls ``main(argument)``.

    The files' functions live inside it, so nothing is left in the page.

    Args:
        names: files in ``rpa/browser/js`` without ``.js``, in order.
        main: the function to call with the argument of ``evaluate``; its result (or promise) is returned.
    """
    folder = files("rpa.browser") / "js"
    parts = "\n".join(_code((folder / f"{name}.js").read_text(encoding="utf-8")) for name in names)
    return f"(argument) => {{\n'use strict';\n{parts}\nreturn {main}(argument);\n}}"


def _code(text: str) -> str:
    return _FOR_READERS.sub("", text)
