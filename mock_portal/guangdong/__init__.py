"""The mock of 广东省人力资源和社会保障厅网上服务平台, and of 广东省统一身份认证平台."""

from mock_portal.provinces import Province

PROVINCE = Province(
    name="广东",
    order=2,
    editions=("2024",),
    origins=("", "广东省统一身份认证平台"),
    unit_numbers="44",
    serials="4400",
    stages=("已受理", "审核中", "已办结"),
    returned="不予通过",
)
