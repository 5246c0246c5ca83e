"""Scenario files: a small, exactly known world for demonstrations and tests. The format is a contract.

Nothing is written unless the whole file is valid; loading the same file twice changes nothing.
"""

from casework.exchange.actions.scenario.loading import ScenarioReport, load_scenario
from casework.exchange.actions.scenario.reading import LATER_KEYS, BadScenario, read_scenario

__all__ = ["LATER_KEYS", "BadScenario", "ScenarioReport", "load_scenario", "read_scenario"]
