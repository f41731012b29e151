"""Credit codes, phones, accounts: normalise what a person typed, then check it.

Nothing here decides more than the rules that are published (portals.md, "Identifiers"): what is
only usual becomes a warning, never a refusal. Messages say what is wrong, never the value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from stdnum import luhn
from stdnum.cn import uscc

_UNSEEN = r"\u00ad\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_BLANK = re.compile(rf"[\s{_UNSEEN}]+")
_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_CODE_LENGTH = 18
_EXACT_DIGITS = 15
"""Excel keeps 15 digits of a number."""
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: no I, O, S, V, Z."""

_PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古",
    "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东",
    "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
    "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏",
    "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
    "71": "台湾", "81": "香港", "82": "澳门",
}  # fmt: skip
"""GB/T 2260: the first two digits of a division."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A normalised value and what is wrong with it.

    ``problem`` (Chinese, empty when fine) forbids its use; ``warning`` asks a person to look.
    """

    value: str = field(repr=False)
    problem: str = ""
    warning: str = ""


@lru_cache(maxsize=4096)  # a sheet says the same 平台 and 否 ten thousand times
def visible(text: str) -> str:
    """A text as a person meant it: NFC, without invisible characters, outer spaces or line ends inside.

    Spaces inside and the width of brackets stay as typed: portals compare names literally.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()


def normalise(text: str) -> str:
    """An identifier without spaces and invisible characters, half width, upper case, plain dashes."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text).translate(_DASHES)).upper()


def credit_code(text: str) -> Checked:
    """Check a 统一社会信用代码 (GB 32100-2015: length, alphabet, check digit)."""
    value = normalise(text).replace("-", "")
    return Checked(value, _code_problem(value))


def _code_problem(value: str) -> str:
    if not value:
        return "没有填写"
    if len(value) != _CODE_LENGTH:
        return f"应为 18 位，实际 {len(value)} 位"
    strange = sorted(set(value) - set(_ALPHABET))
    if strange:
        return f"含有代码中不会出现的字符 {' '.join(strange)}（代码不用字母 I、O、S、V、Z）"
    # stdnum refuses letters among the first eight characters, though codes such as N… are issued.
    valid: bool = uscc.is_valid(value) or uscc.calc_check_digit(value[:-1]) == value[-1]
    return "" if valid else "校验位不对，可能有一位抄错"


def registered_in(code: str) -> str:
    """The province whose authority issued a valid credit code, as 平台 writes it; empty if it is none's."""
    return _PROVINCES.get(code[2:4], "")


def mobile(text: str) -> Checked:
    """Check a mobile number of the mainland (11 digits); ``+86`` and dashes are dropped."""
    value = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", normalise(text).replace("-", ""))
    if not value:
        return Checked(value, "没有填写")
    if re.fullmatch(r"1[3-9]\d{9}", value):
        return Checked(value)
    return Checked(value, "不是 11 位手机号码")


def phone(text: str) -> Checked:
    """Check one mobile or landline number; a landline keeps its dashes: ``0377-63123456``."""
    as_mobile = mobile(text)
    if not as_mobile.problem:
        return as_mobile
    value = re.sub(r"[()]", "-", normalise(text)).strip("-")
    if not value:
        return Checked(value, "没有填写")
    if re.fullmatch(r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,6})?", value) or re.fullmatch(r"400-?\d{3}-?\d{4}", value):
        return Checked(value)
    if re.fullmatch(r"[2-9]\d{6,7}(-\d{1,6})?", value):
        return Checked(value, warning="固定电话没有区号")
    if re.search(r"[/、,;]", value):
        return Checked(value, "只能填写一个号码")
    return Checked(value, "既不是 11 位手机号码，也不是带区号的固定电话")


def account(text: str) -> Checked:
    """Check a 对公账号. There is no public rule for its length or check digit: only oddities are named."""
    value = normalise(text)
    if not value:
        return Checked(value, "没有填写")
    if is_scientific(value):
        return Checked(value, "被 Excel 变成了科学计数，后面的数字已丢失")
    if not re.fullmatch(r"\d+(-\d+)*", value):
        return Checked(value, "含有数字以外的字符")
    digits = value.replace("-", "")
    if not 5 <= len(digits) <= 40:  # noqa: PLR2004 - far outside of anything seen
        return Checked(value, f"账号有 {len(digits)} 位，位数不对")
    return Checked(value, warning=_account_warning(value, digits))


def _account_warning(value: str, digits: str) -> str:
    if len(digits) >= _EXACT_DIGITS + 3 and not digits[_EXACT_DIGITS:].strip("0"):
        return "第 15 位以后全是 0，可能曾被 Excel 当作数字舍入"
    if digits.startswith("62") and luhn.is_valid(digits):
        return "像是个人银行卡号，稳岗返还一般发放到对公账户"
    if not 8 <= len(digits) <= 32:  # noqa: PLR2004 - the usual range (inferred)
        return f"账号有 {len(digits)} 位，位数少见"
    return "账号中有“-”，将按原样填写" if value != digits else ""


def unit_number(text: str) -> Checked:
    """Check a 单位编号 or 单位管理码: no rule is published, so only strange characters are refused."""
    value = normalise(text)
    if is_scientific(value):
        return Checked(value, "被 Excel 变成了科学计数，后面的数字已丢失")
    if not re.fullmatch(r"[0-9A-Z-]*", value):
        return Checked(value, "含有数字和字母以外的字符")
    return Checked(value)


def is_scientific(value: str) -> bool:
    """Whether a normalised text is what Excel makes of a long number: ``6.22E+18``."""
    return bool(re.fullmatch(r"\d(\.\d+)?E\+?\d+", value))


def beyond_excel(number: float) -> bool:
    """Whether a number has more digits than Excel keeps, so that its last ones are lost."""
    return bool(abs(number) >= 10**_EXACT_DIGITS)
