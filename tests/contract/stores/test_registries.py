"""Budgets that all workers share, and answers that are kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import Index
from chalicelib.domain.registry_answers import KeptAnswer
from chalicelib.domain.registry_budget import Quota, after_trouble, first_budget
from chalicelib.domain.verification import Check, Outcome, Registry
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


def test_of_two_who_move_a_budget_at_once_one_is_told_to_look_again(stores: Stores) -> None:
    name = Registry.EDUCATION
    known = stores.registry_budgets.get(name) or first_budget(name, Quota(50, 1_000))
    moved = after_trouble(known, now=NOON)
    stores.registry_budgets.save(moved)
    assert (
        stores.registry_budgets.get(name)
        == stores.registry_budgets.look(name)
        == replace(moved, version=known.version + 1)
    )
    with pytest.raises(StaleWrite):
        stores.registry_budgets.save(moved)


def test_a_lost_reply_is_not_taken_for_anothers_write(stores: Stores) -> None:
    known = stores.registry_budgets.get(Registry.SOCIAL) or first_budget(Registry.SOCIAL, Quota(50, 1_000))
    moved = after_trouble(known, now=NOON)
    with stores.one_reply_lost():
        stores.registry_budgets.save(moved)
    assert stores.registry_budgets.get(Registry.SOCIAL) == replace(moved, version=known.version + 1)


def test_an_answer_is_kept_with_its_evidence_until_a_newer_one_comes(stores: Stores) -> None:
    question = Index(f"1.question{fresh()}")
    assert stores.registry_answers.get(question) is None
    check = Check(Outcome.FAILED, ("population_differs_sex",), NOON, question)
    first = KeptAnswer(question, Registry.POPULATION, check, {"differs": "sex"}, NOON + timedelta(days=30))
    stores.registry_answers.keep(first)
    assert stores.registry_answers.get(question) == first
    newer = replace(first, valid_until=NOON + timedelta(days=60))
    stores.registry_answers.keep(newer)
    assert stores.registry_answers.get(question) == newer
