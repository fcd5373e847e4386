"""All checkers of one town, in the order of the guarantees."""

from tests.simulation.life.checks.checker import Checker
from tests.simulation.life.checks.draw_checks import TheDrawIsRight
from tests.simulation.life.checks.ledger_checks import SuspenseIsExplained, TheBooksAreRight
from tests.simulation.life.checks.liveness import ItComesToRest, NobodyIsStuck
from tests.simulation.life.checks.paper_checks import NothingPersonalLeaves, TheRecordHolds
from tests.simulation.life.checks.payout_checks import EachIsPaidOnce, NothingEarnedIsLost, OnlyWhatWasEarnedIsPaid
from tests.simulation.life.checks.people_checks import NobodyIsLost, NobodyIsThereTwice

CHECKERS: tuple[type[Checker], ...] = (
    NobodyIsLost,
    NobodyIsThereTwice,
    TheDrawIsRight,
    TheBooksAreRight,
    SuspenseIsExplained,
    EachIsPaidOnce,
    OnlyWhatWasEarnedIsPaid,
    NothingEarnedIsLost,
    TheRecordHolds,
    NothingPersonalLeaves,
    ItComesToRest,
    NobodyIsStuck,
)
