"""The mock of 河南省社会保障网上服务平台, in the editions 2023 and 2024."""

from mock_portal.henan.editions import EDITIONS
from mock_portal.provinces import Province

PROVINCE = Province(
    name="河南",
    order=1,
    editions=tuple(EDITIONS),
    origins=("",),
    unit_numbers="41",
    serials="4107",
    stages=("待办理", "审核中", "已通过"),
    returned="审核退回",
    looks=("classic", "spa"),
)
