"""The page scripts as one piece of code."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

from rpa.browser.labels.page_scripts import FILES

NAME = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)


def test_no_name_is_given_twice() -> None:
    """All files share one scope: of two functions of one name the later would replace the earlier, unsaid."""
    texts = [(files("rpa.browser") / "js" / f"{name}.js").read_text(encoding="utf-8") for name in FILES]
    given = Counter(name for text in texts for name in NAME.findall(text))
    assert [name for name, times in given.items() if times > 1] == []
