"""The mock of 河南省社会保障网上服务平台, in the editions 2023 and 2024."""
