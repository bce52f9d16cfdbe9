from accounting.models.cash import DailyCash
from accounting.models.transaction import Transaction

__all__ = ["DailyCash", "Transaction"]
