"""在线服务: what is offered, by category. Only one item can be done here."""

from __future__ import annotations

from dataclasses import dataclass

from mock_portal.world import World

REFUND_KEY = "refund"
_INSURANCE = "省社会保险基金管理局"
_WORK = "省人力资源和社会保障厅"

_CATALOG: dict[str, dict[str, tuple[str, ...]]] = {
    "社会保障": {
        "养老保险": ("单位参保登记", "职工参保登记", "养老保险关系转移接续申请"),
        "失业保险": ("失业保险金申领", "", "一次性扩岗补助申领", "技能提升补贴申领", "失业保险关系转移接续"),
        "工伤保险": ("工伤登记", "工伤认定申请", "工伤医疗费用报销"),
    },
    "劳动就业": {
        "就业登记": ("招用人员就业登记", "解除终止劳动合同备案"),
        "就业补贴": ("一般性岗位补贴", "吸纳就业社会保险补贴"),
    },
    "人才人事": {"职称评审": ("职称申报", "职称证书查询"), "人才引进": ("人才引进申请",)},
    "劳动关系": {"劳动用工": ("劳务派遣经营许可", "特殊工时审批")},
}
"""Category → its part → items; the empty one is the refund, under the name that the world gives it."""

CATEGORIES = {name: tuple(parts) for name, parts in _CATALOG.items()}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of 在线服务."""

    key: str
    name: str
    part: str
    department: str
    count: int
    """How often it was done, as the list shows it."""


def items(world: World) -> list[Item]:
    """Everything that is offered."""
    return [
        Item(
            key="later" if name else REFUND_KEY,
            name=name or world.item_name,
            part=part,
            department=_INSURANCE if category == "社会保障" else _WORK,
            count=1207 + 83 * len(part + name),
        )
        for category, parts in _CATALOG.items()
        for part, names in parts.items()
        for name in names
    ]
