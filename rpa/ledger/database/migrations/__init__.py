"""How ledgers of older versions become today's. Run by :mod:`rpa.ledger.database.schema` alone."""
