"""The page scripts: plain JavaScript files in ``js/``, put together as one function."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(*names: str, main: str) -> str:
    """Return one JavaScript function expression that holds the named files and calls ``main(argument)``.

    The files' functions live inside it, so nothing is left in the page.

    Args:
        names: files in ``rpa/browser/js`` without ``.js``, in order.
        main: the function to call with the argument of ``evaluate``; its result (or promise) is returned.
    """
    folder = files("rpa.browser") / "js"
    parts = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return f"(argument) => {{\n'use strict';\n{parts}\nreturn {main}(argument);\n}}"
