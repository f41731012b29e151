"""Random names and numbers, however they are written, never come out in a shared copy."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from rpa.evidence.bag.seal import seal
from rpa.evidence.bag.verify import verify
from rpa.evidence.recorder import Recorder
from rpa.evidence.sharing.share import Selection, share
from rpa.filing import Outcome, RowStatus, Verdict
from tests.evidence.shared import FIRM, JPEG, as_filing, everything, unpacked

GIVEN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=3)
NAMES = st.builds(str.__add__, st.sampled_from(["欧阳", *"赵钱孙李周吴郑王"]), GIVEN)
DIGITS = st.text("0123456789", min_size=8, max_size=22).filter(lambda text: len(set(text)) > 3)
LOGINS = st.builds("zq{}7".format, st.text("abcdefghijkmnpqrstuvwxyz23456789", min_size=4, max_size=9))
LOOKS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "spaced": " ".join,
    "dashed": "-".join,
    "wide": lambda text: "".join(chr(ord(one) + 0xFEE0) if one.isascii() else one for one in text),
    "upper": str.upper,
    "quoted": quote,
    "gbk": lambda text: quote(text, encoding="gbk", errors="replace"),
    "json": lambda text: json.dumps(text)[1:-1],
    "numbered": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "html": escape,
    "base64": lambda text: b64encode(f"账号{text}。".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
}


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    person=st.tuples(NAMES, NAMES, NAMES),
    number=st.tuples(DIGITS, DIGITS, LOGINS),
    look=st.sampled_from(sorted(LOOKS)),
)
@example(person=("张三", "李四", "王五"), number=("13837700001", "6222021234567890", "zhang3"), look="spaced")
def test_no_value_of_any_row_ever_comes_out(
    person: tuple[str, str, str], number: tuple[str, str, str], look: str
) -> None:
    """However a value is written in facts, explanations and file names: not in clear, and in no encoding."""
    (contact, holder, who), (phone, account, login) = person, number
    one = as_filing(
        replace(
            FIRM,
            name="试验公司",
            contact=contact,
            account_name=holder,
            phone=phone,
            account=account,
            login_name=login,
        ),
        1,
    )
    values = (contact, holder, who, phone, account, login)
    said = [f"甲{LOOKS[look](value)}乙" for value in values]
    told = Outcome(Verdict.REFUSED, "；".join(said), advice="，".join(reversed(said)))
    with TemporaryDirectory() as folder:
        bag = Path(folder) / "证据" / "B1"
        with Recorder(bag, one, operator=who) as recorder:
            for text in said:
                recorder.picture(f"步{text}", JPEG, address=f"http://h/{text}", title=text, private=[])
                recorder.line(f"事件{text}", deep={text: [text]})
            for spell in LOOKS.values():
                recorder.line(
                    "中断", **{f"fact{place}": f"甲{spell(value)}乙" for place, value in enumerate(values)}
                )
            recorder.ended(told)
        seal(bag)
        selection = Selection("B1", [one], [RowStatus.of(one, portal="河南", outcome=told)], sharer=who)
        shared = share(bag, Path(folder) / "副本.zip", selection)
        assert verify(shared.path).problems == ()
        files = unpacked(shared.path)
    text = everything({name: files[name] for name in files.keys() - {"verify.html", "index.html"}})
    for value in values:
        for written in {spell(value) for spell in LOOKS.values()}:
            assert written not in text
