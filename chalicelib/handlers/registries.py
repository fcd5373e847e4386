"""Doors to registries: checks whose turn has come, a look each minute at those that wait, and our own lists."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.errors import StaleWrite, Unavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import Backlog, WaitingCheck
from chalicelib.handlers.batches import each_message
from chalicelib.observability import correlated, count, gauge, log, new_correlation_id
from chalicelib.settings import queue_name, registry_quota
from chalicelib.use_cases.verification.asking import Asking, Question, ask_lists, ask_population
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from chalicelib.use_cases.verification.check_lists import check_lists as look_up
from chalicelib.use_cases.verification.follow_applicant import CHECK_QUEUES
from chalicelib.use_cases.verification.release_checks import Releasing, draw_backlog, release_checks
from chalicelib.use_cases.verification.renew_list_check import renew_list_check

blueprint = Blueprint(__name__)


@blueprint.on_sqs_message(queue=queue_name("population-checks-to-make"), batch_size=5, maximum_concurrency=50)
@each_message
def check_population(body: dict[str, Any]) -> None:
    """How many are asked at a time is decided by the registry's budget, not by how many we are."""
    _check(body, Registry.POPULATION, lambda: ask_population(bootstrap.population_registry()))


@blueprint.on_sqs_message(queue=queue_name("education-checks-to-make"), batch_size=5, maximum_concurrency=50)
@each_message
def check_education(body: dict[str, Any]) -> None:
    _check(body, Registry.EDUCATION, lambda: ask_lists(bootstrap.education_registry(), bootstrap.clock()))


@blueprint.on_sqs_message(queue=queue_name("social-checks-to-make"), batch_size=5, maximum_concurrency=50)
@each_message
def check_social(body: dict[str, Any]) -> None:
    _check(body, Registry.SOCIAL, lambda: ask_lists(bootstrap.social_registry(), bootstrap.clock()))


@blueprint.on_sqs_message(queue=queue_name("list-checks-to-make"), batch_size=10, maximum_concurrency=20)
@each_message
def check_lists(body: dict[str, Any]) -> None:
    """The first look of a submission, or another one because a list changed."""
    applicant_id, applicants = ApplicantId(body["applicant_id"]), bootstrap.applicants()
    registry, clock = bootstrap.loaded_lists(), bootstrap.clock()
    if "renewed_by" in body:
        return renew_list_check(applicant_id, applicants=applicants, registry=registry, clock=clock)
    look_up(applicant_id, body["submission"], applicants=applicants, registry=registry, clock=clock)


@blueprint.schedule("rate(1 minute)")
def release_waiting_checks(_event: CloudWatchEvent) -> None:
    """Each registry by itself: trouble with one holds up no other."""
    with correlated(new_correlation_id()):
        for registry, queue in CHECK_QUEUES.items():
            try:
                _tell(_look(Releasing(registry, queue, registry_quota(registry))))
            except StaleWrite:
                continue  # another look, begun at the same time, has drawn the picture
            except Unavailable as fault:
                log().error("checks_not_released", extra={"registry": registry.value, "code": fault.code})
                count("ChecksNotReleased", registry=registry.value)


def _look(releasing: Releasing) -> Backlog:
    waiting, budgets, clock = bootstrap.waiting_checks(), bootstrap.registry_budgets(), bootstrap.clock()
    with bootstrap.messages_gathered():
        release_checks(
            releasing,
            waiting=waiting,
            budgets=budgets,
            depths=bootstrap.queue_depths(),
            messages=bootstrap.messages(),
            clock=clock,
        )
    return draw_backlog(releasing, waiting=waiting, budgets=budgets, clock=clock)


def _check(body: dict[str, Any], registry: Registry, question: Callable[[], Question]) -> None:
    asking = Asking(
        registry=registry,
        quota=registry_quota(registry),
        question=question(),
        applicants=bootstrap.applicants(),
        waiting=bootstrap.waiting_checks(),
        budgets=bootstrap.registry_budgets(),
        answers=bootstrap.registry_answers(),
        buckets=bootstrap.buckets(),
        indexer=bootstrap.indexer(),
        messages=bootstrap.messages(),
        clock=bootstrap.clock(),
    )
    ending = check_identity(_waiting(body, registry), asking)
    if ending is Ending.WAITS:
        log().info("check_waits", extra={"registry": registry.value})
    if ending is Ending.REFUSED_US:
        log().error("registry_refuses_us", extra={"registry": registry.value})
        count("Misconfigured", function=f"check_{registry}", code="registry_refuses_us")


def _waiting(body: dict[str, Any], registry: Registry) -> WaitingCheck:
    """A message of an older version of ours has no place in the table: its check is new to it."""
    since, closes_at = body.get("since"), body.get("closes_at")
    return WaitingCheck(
        registry=registry,
        applicant_id=ApplicantId(body["applicant_id"]),
        submission=body["submission"],
        since=datetime.fromisoformat(since) if since else bootstrap.clock().now(),
        closes_at=datetime.fromisoformat(closes_at) if closes_at else None,
        tries=body.get("tries", 0),
        said=body.get("said"),
    )


def _tell(backlog: Backlog) -> None:
    pause = backlog.pause(backlog.as_of)
    gauge("ChecksWaiting", backlog.waiting, registry=backlog.registry)
    gauge("RegistryPace", 0.0 if pause else backlog.per_second, registry=backlog.registry)
    if pause:
        count("RegistryPaused", registry=backlog.registry, because=pause.value)
