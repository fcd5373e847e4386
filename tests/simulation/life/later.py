"""What people do when the training is over: they fill surveys, and some move to another account."""

from datetime import timedelta
from random import Random
from typing import Any

from chalicelib.domain.account_changes import CODE_LIVES
from chalicelib.domain.mail import Language
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount, masked_number
from chalicelib.domain.surveys import QuestionKind
from chalicelib.domain.time import wib_date
from chalicelib.handlers.surveys import QuestionReply, SurveyReply, SurveyState
from tests.simulation.life.doors import applicant, door
from tests.simulation.life.people import Person
from tests.simulation.life.town import Town

_A_DAY = timedelta(days=1)


def fill_surveys(town: Town, person: Person, chance: Random) -> bool | timedelta:
    """As many as they care for, each when it opens."""
    view, _ = door("surveys.show_surveys")
    shown = town.ask(f"person {person.number}", view, caller=applicant(person.id), language=Language.INDONESIAN)
    if not shown.is_fine:
        return shown.code != "unavailable"
    wanted = [each for each in shown.value.surveys[: person.surveys] if each.state is not SurveyState.FILLED]
    if not wanted or wanted[0].opens_on is None:
        return True
    if wanted[0].state is SurveyState.LATER:
        days: timedelta = wanted[0].opens_on - wib_date(town.clock.at)
        return max(days, timedelta(0)) + _A_DAY * chance.random()
    _fill(town, person, wanted[0], chance)
    return False


def _fill(town: Town, person: Person, survey: SurveyReply, chance: Random) -> None:
    """Now and then a question is left out, or all is sent once more, the same or otherwise."""
    told = {each.id: _answer(each, chance) for each in survey.questions}
    if chance.random() < 0.1:
        _put(town, person, survey.number, dict(list(told.items())[1:]))
    for _ in range(1 + (chance.random() < 0.2)):
        _put(town, person, survey.number, told)
    if chance.random() < 0.1:
        _put(town, person, survey.number, {each.id: _answer(each, chance) for each in survey.questions})


def _answer(question: QuestionReply, chance: Random) -> Any:
    if question.kind is QuestionKind.CHOICE:
        return chance.choice(question.options).code
    if question.kind is QuestionKind.TEXT:
        return "Lebih banyak latihan."
    return chance.randint(question.least, question.most)


def _put(town: Town, person: Person, number: int, answers: dict[str, Any]) -> None:
    view, body = door("surveys.put_survey")
    stated = body(answers=answers)
    town.ask(f"person {person.number}", view, caller=applicant(person.id), number=number, body=stated)


def change_account(town: Town, person: Person, chance: Random) -> bool | timedelta:
    """To a second one of their own; who thinks better of it stops it by the door, or by the link of the mail."""
    known = town.sight.one(PayoutAccount, person.id)
    if known is None or not person.second_account or known.account.account_no == person.second_account:
        return True
    if known.state is AccountState.CHANGING:
        return _wait_or_stop(town, person, chance)
    if known.state is AccountState.REFUSED:
        _at_the_account_door(town, person, "put_account", bank="bni", account_no=person.account_no)
    elif known.state is AccountState.VERIFIED:
        _ask_or_confirm(town, person, known, chance)
    return False


def _wait_or_stop(town: Town, person: Person, chance: Random) -> bool | timedelta:
    if chance.random() < 0.9:
        return timedelta(hours=chance.uniform(6, 30))
    person.second_account = ""
    mailed = person.mailed("payout_account_changing")
    if mailed and chance.random() < 0.5:
        token = mailed["link"].partition("#")[2]
        view, body = door("payout_accounts.stop_by_link")
        town.ask(f"person {person.number}", view, body=body(token=token))
    else:
        view, _ = door("payout_accounts.stop_account")
        town.ask(f"person {person.number}", view, caller=applicant(person.id))
    return False


def _ask_or_confirm(town: Town, person: Person, known: PayoutAccount, chance: Random) -> None:
    mailed = person.mailed("payout_account_code")
    is_asked = known.change is not None and town.clock.at < known.change.asked_at + CODE_LIVES
    if is_asked and mailed:
        code = mailed["code"] if chance.random() < 0.9 else "000000"
        _at_the_account_door(town, person, "confirm_account", code=code)
    else:
        consent = masked_number(known.account)
        stated = {"bank": "bni", "account_no": person.second_account, "old_account": consent}
        _at_the_account_door(town, person, "ask_account_change", **stated)


def _at_the_account_door(town: Town, person: Person, name: str, **stated: str) -> None:
    view, body = door(f"payout_accounts.{name}")
    town.ask(f"person {person.number}", view, caller=applicant(person.id), body=body(**stated))
