"""The business itself, whatever the pages look like: what a form must hold, and why 保存 is refused."""

from __future__ import annotations

from collections.abc import Mapping

from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.records import Draft, EmployerState
from mock_portal.world import REFUND

REQUIRED = ("申请年度", "联系人", "联系方式", "发放方式")
"""In the page's order; 户名, 开户银行 and 银行账号 may stay empty as in the manual."""
BANK = ("户名", "开户银行", "银行账号")

NOTICE = "稳岗返还资金用途告知"
PROOF = "企业相关证明材料"
PURPOSE = (
    "稳岗返还资金用途以人社部发〔2019〕23号文件规定为准，即：“稳岗返还资金主要用于职工生活补助、缴纳社会保险费、"
    "转岗培训、技能提升培训等稳定就业岗位相关支出”。用人单位应建立失业保险稳岗返还资金使用台账备查。"
)


def refusal(visit: Visit, code: str, values: Mapping[str, str]) -> str:
    """Why 保存 is refused, in the portal's words; empty if it is not.

    Args:
        visit: who asks.
        code: whose form it is.
        values: label → value.
    """
    missing = [label for label in REQUIRED if not values[label]]
    if missing:
        return visit.portal.says(Words.MISSING, missing[0])
    refused = _refused(visit, code, values["申请年度"])
    return visit.portal.says(refused) if refused else ""


def _refused(visit: Visit, code: str, year: str) -> Words | None:
    if not year.isdecimal():
        return Words.YEAR_WRONG
    if not visit.session.acknowledged:
        return Words.NOT_ACKNOWLEDGED
    if _filed(visit, code, int(year)):
        return Words.ALREADY_FILED
    employer = visit.known(code)
    short = employer and employer.state == EmployerState.UNDER_12_MONTHS
    return Words.UNDER_12_MONTHS if short else None


def _filed(visit: Visit, code: str, year: int) -> bool:
    filings = visit.world.filings(code, portal=visit.portal.key)
    return any((each.item, each.year) == (REFUND, year) and each.handling != "审核退回" for each in filings)


def archive_notice(visit: Visit, draft: Draft) -> Draft:
    """告知书: generated from the acknowledgement and kept as electronic material, once."""
    if any(each.kind == NOTICE for each in draft.materials):
        return draft
    employer = visit.known(draft.code)
    text = f"{NOTICE}\n{employer.name if employer else ''}\n{PURPOSE}\n"
    return visit.world.attach(draft, NOTICE, "告知书.txt", text.encode(), by="notice")
