"""All that the portal says in dialogs, messages and refusals, in its own words and in others.

``Switches.phrasing`` chooses. Where a line names no source its words are inferred. S1 and S2 are the manuals
of 2024 and 2023, C is the public front end's code, P a public notice.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

Phrasing = Literal["own", "other"]


class Words(Enum):
    """One message: its own words, then others that mean the same."""

    # Logging in, both looks
    ACCOUNT_EMPTY = "账号不能为空", "请填写登录账号"
    CAPTCHA_EMPTY = "验证码不能为空", "请填写图形校验码"
    WRONG_CAPTCHA = "验证码错误", "校验码有误或已过期"  # seen at such portals
    WRONG_PASSWORD = "密码错误", "账号与口令不匹配"
    UNKNOWN_UNIT = "根据统一信用代码未查询到单位信息", "系统中没有与该统一信用代码对应的单位"  # P
    NEEDS_CERTIFICATE = "该单位不支持免数字证书登录，请使用数字证书登录", "贵单位已办理CA，只能使用CA登录"

    # The business's rules, both looks
    SAVED = "稳岗补贴申请申报成功, 下一步上传相应材料", "申请信息已保存，请继续采集材料"  # S2
    ALREADY_FILED = (
        "已经申请过稳岗补贴,请在受理进度页面查询申请进度",  # seen at such portals
        "贵单位本年度的申请已登记，进度请到受理进度中查看",
    )
    UNDER_12_MONTHS = (
        "去年缴费不满12个月不能申请稳岗补贴",
        "上年度参保缴费月数不足，不符合申领条件",
    )  # as above
    NOT_ACKNOWLEDGED = "请先阅读并确认资金用途告知", "资金用途须知尚未阅读确认"
    ITEM_REFUSED = (
        "免数字证书登录用户不能办理该业务，请使用数字证书登录",
        "该业务仅对CA用户开放",
    )
    TWICE = "该业务已提交,请勿重复提交", "申请已在受理中，不能再次报送"
    MISSING = "{}不能为空", "请填写{}"
    YEAR_WRONG = "申请年度格式不正确", "年度应为四位数字"

    # Dialogs, both looks
    REMINDER = "温馨提示", "系统通知"  # S2
    OK = "确定", "我知道了"  # S2
    CHOOSE_PICTURE = "请选择要上传的文件", "尚未选择文件"

    # The classic look
    CONFIRM = "确定", "是的"
    CANCEL = "取消", "暂不"
    EXPIRED = "未登录或登录超时。请重新登录，谢谢！", "会话已结束，需要再次登录"  # seen at such portals
    EXPIRED_PAGE = "登录超时", "会话结束"
    MAINTENANCE = "系统维护中", "服务升级中"
    MAINTENANCE_TEXT = (
        "为了给您提供更好的服务，系统正在维护升级，请稍后再访问，给您带来不便敬请谅解。",
        "平台正在升级，预计今日恢复，请您稍晚再来。",
    )
    SYSTEM_ERROR = "系统错误", "服务异常"
    SYSTEM_ERROR_TEXT = "服务器内部错误，请稍后再试。", "请求未能处理，稍后重试。"
    NETWORK_ERROR = "网络异常，请稍后重试", "连接中断，请检查网络"
    SAVE_FIRST = "请先保存申报信息", "申请信息还没有保存"
    SUBMITTED = "提交成功", "已受理您的申请"
    CHOOSE = "请选择要提交的业务", "尚未勾选任何记录"
    ASK_SUBMIT = "确定要提交申报吗?", "报送后将不能修改，是否继续?"
    ASK_DELETE = "确定要删除该申报吗?", "删除后不能恢复，是否继续?"
    ASK_DELETE_CHOSEN = "确定要删除选中的申报吗?", "所选记录将被删除，是否继续?"
    ASK_MONTH = "请输入办理月份", "办理月份应为六位数字"
    ASK_SERIAL = "请输入受理流水号", "流水号不能为空"
    NO_ROWS = "没有查询到符合条件的记录", "暂无数据"
    NO_DRAFTS = "没有待提交的申报", "列表为空"
    NOTICE_TITLE = "稳岗返还资金用途告知", "资金使用须知"  # S2
    NOTICE_BOX = "本单位已阅读并知晓上述告知内容", "上述须知我单位已知悉"
    NOTICE_CONFIRM = "确认", "我已知悉"
    NOTICE_LEFT = "请认真阅读，剩余", "还需阅读"
    ACKNOWLEDGED = "（已确认）", "（已知悉）"

    @property
    def own(self) -> str:
        """As the portal says it."""
        return str(self.value[0])

    @property
    def other(self) -> str:
        """As it might say it just as well."""
        return str(self.value[1])

    def said(self, phrasing: Phrasing) -> str:
        """In one of the two phrasings."""
        return self.own if phrasing == "own" else self.other


CLASSIC_SCRIPT = (
    "REMINDER",
    "OK",
    "CONFIRM",
    "CANCEL",
    "SYSTEM_ERROR",
    "NETWORK_ERROR",
    "ASK_SUBMIT",
    "ASK_DELETE",
    "ASK_DELETE_CHOSEN",
    "NOTICE_TITLE",
    "NOTICE_CONFIRM",
)
"""What the classic look's own script says."""
