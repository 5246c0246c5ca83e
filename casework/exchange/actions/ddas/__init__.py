"""Reading a delivery in the national debt-help standard (DDAS SHV 1.0) into households and debt files.

What is sound is imported; every deviation of the schema is reported with its path and what was done; a trajectory that
cannot be understood is rejected whole. Importing twice changes nothing.
"""

from casework.exchange.actions.ddas.delivery import ImportReport, NotADelivery, Remark, read_delivery
from casework.exchange.actions.ddas.importing import import_ddas

__all__ = ["ImportReport", "NotADelivery", "Remark", "import_ddas", "read_delivery"]
