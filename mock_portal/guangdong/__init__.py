"""The mock of 广东省人力资源和社会保障厅网上服务平台, its business pages, and 广东省统一身份认证平台."""

from mock_portal.provinces import Province

PROVINCE = Province(
    name="广东",
    order=2,
    editions=("2024",),
    origins=("", "广东省统一身份认证平台", "失业保险业务系统"),
    unit_numbers="44",
    serials="4400",
    stages=("已受理", "审核中", "已办结"),
    returned="不予通过",
    own_others=True,
    looks=("classic", "spa"),
)
