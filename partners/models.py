"""Collects the models of the features, so that Django sees them."""

from partners.organisations import models as organisations

__all__ = ["organisations"]
