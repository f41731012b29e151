"""The masked copy for a client or an auditor."""
