"""Table ``checks``, its other half: budgets of registries, pictures of what waits for them, and kept answers."""

import time
from typing import Generic, TypeVar

from pynamodb.attributes import JSONAttribute, NumberAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import plain, structured
from chalicelib.adapters.storage.items import TIME_OUTS, Item, found, save
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import Index
from chalicelib.domain.registry_answers import KeptAnswer
from chalicelib.domain.registry_budget import Budget
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import Backlog
from chalicelib.settings import region, resource_name

Kept = TypeVar("Kept", Budget, Backlog)
_BUDGET_AGE_SECONDS = 1.0


class DocumentItem(Item):
    """pk = ``budget#`` or ``backlog#`` registry, or ``answer#`` question's index; sk = ``-``. ``expires`` (epoch
    seconds) lets DynamoDB tidy up answers."""

    class Meta:
        table_name = resource_name("checks")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    document = JSONAttribute()
    expires = NumberAttribute(null=True)


class Documents(Generic[Kept]):
    """One document an item, moved on from the version that was read. A look may be some seconds old."""

    def __init__(self, kind: type[Kept]) -> None:
        self._kind: type[Kept] = kind
        self._seen: dict[str, tuple[float, Kept | None]] = {}

    def get(self, key: str) -> Kept | None:
        item = found(DocumentItem, key)
        known = structured(self._kind, {**item.document, "version": item.version}) if item else None
        self._seen[key] = time.monotonic(), known
        return known

    def look(self, key: str, *, seconds: float) -> Kept | None:
        seen = self._seen.get(key)
        return seen[1] if seen and time.monotonic() < seen[0] + seconds else self.get(key)

    def save(self, key: str, value: Kept) -> None:
        item = DocumentItem(
            key, "-", kind=key.partition("#")[0], id=value.registry, state="kept", document=plain(value)
        )
        self._seen.pop(key, None)
        save(item, read_version=value.version)


class RegistryBudgetTable:
    def __init__(self) -> None:
        self._budgets = Documents(Budget)

    def look(self, registry: Registry) -> Budget | None:
        return self._budgets.look(f"budget#{registry}", seconds=_BUDGET_AGE_SECONDS)

    def get(self, registry: Registry) -> Budget | None:
        return self._budgets.get(f"budget#{registry}")

    def save(self, budget: Budget) -> None:
        self._budgets.save(f"budget#{budget.registry}", budget)


class RegistryAnswerTable:
    def get(self, question: Index) -> KeptAnswer | None:
        item = found(DocumentItem, f"answer#{question}")
        return structured(KeptAnswer, item.document) if item else None

    def keep(self, answer: KeptAnswer) -> None:
        expires = int(answer.valid_until.timestamp())
        key, document = f"answer#{answer.question}", plain(answer)
        item = DocumentItem(
            key, "-", kind="answer", id=answer.question, state="kept", document=document, expires=expires
        )
        try:
            item.save()
        except PynamoDBException as error:
            raise StoreUnavailable from error
