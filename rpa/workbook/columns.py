"""The one table of columns: what the workbook asks for, and by which headers it is recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rpa.errors import UserError
from rpa.identifiers import normalise

FILL_SHEET = "填报表"
GUIDE_SHEET = "填写说明"
EXAMPLE_SHEET = "示例"
ITEM = "稳岗返还"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the workbook."""

    key: str
    """Name in the code; most are fields of :class:`rpa.filing.Employer`."""
    header: str
    note: str
    """What belongs there, for the header's note and the sheet of instructions."""
    required: bool = False
    aliases: tuple[str, ...] = ()
    width: int = 14
    """In characters, as Excel counts."""
    text: bool = False
    """Text format, so that Excel keeps leading zeros and long numbers."""
    choices: tuple[str, ...] = ()
    strict: bool = True
    """Whether Excel refuses what is not among ``choices``."""


COLUMNS: tuple[Column, ...] = (
    Column("serial", "序号", "自己编号即可，程序不使用。", aliases=("编号", "NO"), width=6),
    Column(
        "portal",
        "平台",
        "在哪个省的网上服务平台办理，从下拉列表选择。",
        required=True,
        aliases=("省份", "省", "所属省份", "申报平台"),
        width=8,
    ),
    Column(
        "city",
        "地市",
        "参保所在地市，如：南阳市。用来选择平台版本。",
        aliases=("统筹区", "地市/统筹区", "参保地", "参保地市", "城市", "所属地市", "市"),
        width=10,
    ),
    Column(
        "item",
        "事项",
        "办理的事项；不填按“稳岗返还”办理。",
        aliases=("业务", "业务事项", "申报事项", "办理事项"),
        width=10,
        choices=(ITEM,),
    ),
    Column(
        "name",
        "单位名称",
        "与营业执照完全一致，包括括号的全角和半角。",
        required=True,
        aliases=("企业名称", "公司名称", "单位全称", "企业全称", "参保单位名称", "用人单位"),
        width=30,
    ),
    Column(
        "code",
        "统一社会信用代码",
        "18 位代码。",
        required=True,
        text=True,
        aliases=("信用代码", "社会信用代码", "统一信用代码", "统一社会信用代码证号", "信用代码证号"),
        width=22,
    ),
    Column(
        "unit_number",
        "单位编号",
        "社保单位编号，不清楚可以不填。",
        text=True,
        aliases=("单位管理码", "单位编号/单位管理码", "社保编号", "社保单位编号", "单位社保号"),
        width=16,
    ),
    Column(
        "year",
        "申请年度",
        "四位数字，如：2024。",
        required=True,
        aliases=("年度", "申报年度", "年份", "返还年度"),
        width=10,
    ),
    Column(
        "contact",
        "联系人",
        "单位的联系人姓名。",
        required=True,
        aliases=("联系人姓名", "单位联系人"),
        width=10,
    ),
    Column(
        "phone",
        "联系方式",
        "一个手机号码，或带区号的固定电话，如：0377-63123456。",
        required=True,
        text=True,
        aliases=("联系电话", "电话", "手机", "手机号", "手机号码", "联系手机", "联系人电话", "联系人手机"),
        width=15,
    ),
    Column(
        "payment",
        "发放方式",
        "资金发放到哪里；不填按“单位”办理。",
        aliases=("发放形式", "资金发放方式"),
        width=10,
        choices=("单位",),
        strict=False,
    ),
    Column(
        "account_name",
        "户名",
        "银行账户的户名，一般与单位名称完全一致。",
        required=True,
        aliases=("银行户名", "账户名称", "账户名", "开户名称", "收款户名", "开户名"),
        width=30,
    ),
    Column(
        "bank",
        "开户银行",
        "开户行全称，写到支行。",
        required=True,
        aliases=("开户行", "开户银行名称", "开户行名称", "银行名称", "收款银行"),
        width=28,
    ),
    Column(
        "account",
        "银行账号",
        "对公账号。必须以文本填写（本列已设为文本），否则 Excel 会丢失第 15 位以后的数字。",
        required=True,
        text=True,
        aliases=("账号", "帐号", "银行帐号", "银行账户", "对公账号", "收款账号", "开户账号", "银行卡号"),
        width=26,
    ),
    Column(
        "dispatch",
        "是否劳务派遣",
        "劳务派遣单位填“是”，将交由人工办理；不填视为“否”。",
        aliases=("劳务派遣", "是否劳务派遣单位", "是否为劳务派遣", "劳务派遣单位"),
        width=12,
        choices=("是", "否"),
    ),
    Column(
        "purpose_accepted",
        "资金用途告知确认",
        "单位已阅读并同意《稳岗返还资金用途告知》才可填“是”；这是单位自己的承诺，不填“是”不会办理。",
        required=True,
        aliases=("资金用途告知", "资金用途确认", "是否同意资金用途告知", "用途告知确认"),
        width=16,
        choices=("是", "否"),
    ),
    Column(
        "materials",
        "电子材料",
        "要上传的文件，多个用分号隔开；也可以填一个文件夹。相对于本表所在的文件夹。没有可以不填。",
        aliases=("材料", "附件", "企业相关证明材料", "材料路径"),
        width=24,
    ),
    Column(
        "login",
        "登录方式",
        "登录平台的方式，从下拉列表选择；不填按平台的默认方式。",
        aliases=("登陆方式", "登录类型"),
        width=12,
        strict=False,
    ),
    Column(
        "login_name",
        "登录账号",
        "只填登录的名字，如：张三经办；账号和密码用 rpa secrets set 保存在办理的电脑上，不要写进表格。"
        "由人登录的方式（扫码、证书）不用填。",
        text=True,
        aliases=("登录名", "登陆账号", "登陆名", "登录帐号", "经办账号", "经办人账号", "登录账户"),
        width=14,
    ),
    Column(
        "authorisation",
        "授权书编号",
        "单位委托本机构办理的授权书编号；没有有效授权的单位不会办理。",
        required=True,
        text=True,
        aliases=("授权编号", "授权书号", "委托书编号"),
        width=16,
    ),
    Column(
        "authorised_until",
        "授权书有效期",
        "授权到哪一天为止，如：2024-12-31。",
        required=True,
        aliases=("授权有效期", "授权期限", "授权书有效期至", "授权截止日期", "委托书有效期", "授权到期日"),
        width=14,
    ),
    Column(
        "handler", "经办人", "本机构的经办人姓名。", aliases=("经办人姓名", "授权经办人", "办理人"), width=10
    ),
    Column("remark", "备注", "随意填写，程序不使用。", aliases=("说明备注",), width=20),
)

RESULT_COLUMNS: tuple[Column, ...] = (
    Column("verdict", "办理结论", "程序填写。", width=12),
    Column("explanation", "说明", "发生了什么、下一步做什么。", width=50),
    Column("record_serial", "受理流水号", "平台给出的流水号。", width=22, text=True),
    Column("status", "受理/办理状态", "平台的办件列表显示的状态。", width=16),
    Column("submitted_at", "提交时间", "北京时间。", width=20),
    Column("picture", "截图", "点击打开该单位的办理截图。", width=12),
    Column("attempts", "尝试次数", "程序一共办理了几次。", width=10),
)

BY_KEY: Mapping[str, Column] = {column.key: column for column in (*COLUMNS, *RESULT_COLUMNS)}

INPUT_KEYS = frozenset(column.key for column in COLUMNS)

_PASSWORD = re.compile(r"(密码|口令|PASSWORD|PWD)$")


def header_key(text: str) -> str:
    """A header as it is compared: without spaces, width, stars, and what stands in brackets at its end.

    ``* 联系人：`` , ``联 系 人`` and ``联系人（必填）`` are all ``联系人``.
    """
    plain = re.sub(r"[*:：★]", "", normalise(text))
    return re.sub(r"\((必填|选填|必录|非必录|是/否|全称|文本)\)$", "", plain)


def names_password(text: str) -> bool:
    """Whether a header says that passwords stand below it."""
    return bool(_PASSWORD.search(header_key(text)))


def header_names(own: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Every recognised header (see :func:`header_key`) → the column's key.

    Args:
        own: the agency's own aliases: our header or key → further headers.

    Raises:
        UserError: an alias is set for a column that does not exist, or means two columns.
    """
    names = {header_key(header): key for key, one in BY_KEY.items() for header in (one.header, *one.aliases)}
    ours = {header_key(column.header): column.key for column in BY_KEY.values()} | {
        key: key for key in BY_KEY
    }
    builtin = dict(names)
    for word, aliases in own.items():
        key = ours.get(word) or ours.get(header_key(word))
        if key is None:
            raise UserError(
                f"设置 workbook.aliases 中的“{word}”不是本程序的列名，可用的列名见 rpa template 生成的表"
            )
        for alias in map(header_key, aliases):
            if names.get(alias, key) != key and names[alias] != builtin.get(alias):
                raise UserError(f"设置 workbook.aliases 中的别名“{alias}”同时指向两列，请只保留一处")
            names[alias] = key
    return names
