"""What may stand in the place of any page of the Henan portal; what it says above one is heard anyway."""

from __future__ import annotations

from rpa.browser.signs import Interruption, Sign
from rpa.errors import Maintenance, NeedsPerson, SessionExpired, Unavailable

INTERRUPTIONS = (
    Interruption(Sign("未登录或登录超时"), lambda words: SessionExpired(f"登录已失效：{words}")),
    Interruption(Sign("系统维护中", exact=True), lambda words: Maintenance(f"平台维护中：{words}")),
    Interruption(
        Sign("根据统一信用代码未查询到单位信息"),
        lambda words: NeedsPerson(f"平台提示：{words}", "请核对统一社会信用代码；未注册的单位先办理网厅注册"),
    ),
    Interruption(Sign("系统错误", exact=True), lambda words: Unavailable(f"平台提示：{words}")),
)
