"""Trouble on demand: a call outside fails before its effect or after it, or its reply is lost on the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from chalicelib.domain.errors import Fault, StoreUnavailable


class Killed(BaseException):
    """The function was killed here. No ``except Exception`` of the code under test may see it."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """One failure to come: of the call with this name, or of the call with this number."""

    error: BaseException
    after: bool
    name: str | None = None
    number: int | None = None

    def concerns(self, name: str, number: int) -> bool:
        return self.name == name or self.number == number


class Trouble:
    """What is planned to go wrong, and every call that was made. One may be shared by all fakes of a world."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._plans: list[_Plan] = []
        self._standing: list[Callable[[str, bool], BaseException | None]] = []
        self._replies_to_lose = 0

    def fail(self, name: str, error: BaseException, *, after: bool) -> None:
        """The next call of this name (``payouts.save``) fails, once."""
        self._plans.append(_Plan(error, after, name=name))

    def fail_at(self, number: int, error: BaseException, *, after: bool) -> None:
        """The call of this number, counted from 0 over all fakes that share this trouble, fails."""
        self._plans.append(_Plan(error, after, number=number))

    def stand(self, rule: Callable[[str, bool], BaseException | None]) -> None:
        """For what lasts: asked with every call's name before its effect (False) and after it (True), it says what goes
        wrong there. It knows by itself when that is over."""
        self._standing.append(rule)

    def ends(self) -> None:
        """From here on nothing goes wrong."""
        self._plans.clear()
        self._standing.clear()
        self._replies_to_lose = 0

    def lose_reply(self) -> None:
        """The next conditional write is made, its reply is lost, and the SDK asks again by itself."""
        self._replies_to_lose += 1

    def is_reply_lost(self) -> bool:
        if self._replies_to_lose == 0:
            return False
        self._replies_to_lose -= 1
        return True

    def is_over(self) -> bool:
        """Whether everything planned has gone wrong by now."""
        return not self._plans and self._replies_to_lose == 0

    def comes(self, name: str, number: int, *, after: bool) -> None:
        for plan in self._plans:
            if plan.after is after and plan.concerns(name, number):
                self._plans.remove(plan)
                raise plan.error
        for rule in self._standing:
            error = rule(name, after)
            if error is not None:
                raise error


class Fake:
    """Anything outside. ``outage`` is what its caller sees when it is out."""

    name: str
    outage: ClassVar[type[Fault]] = StoreUnavailable

    def __init__(self, trouble: Trouble | None = None) -> None:
        self.trouble = trouble or Trouble()

    def fails_before(self, call: str, error: BaseException | None = None) -> None:
        """The next ``call`` fails and has no effect."""
        self.trouble.fail(f"{self.name}.{call}", error or self.outage(), after=False)

    def fails_after(self, call: str, error: BaseException | None = None) -> None:
        """The next ``call`` has its effect, and then fails: the caller cannot know."""
        self.trouble.fail(f"{self.name}.{call}", error or self.outage(), after=True)


AnyFake = TypeVar("AnyFake", bound=Fake)
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def outside(method: Callable[Concatenate[AnyFake, Asked], Answer]) -> Callable[Concatenate[AnyFake, Asked], Answer]:
    """A call that leaves the function: it is counted, and trouble may come before and after it."""

    asked = method.__name__

    @wraps(method)
    def call(self: AnyFake, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        trouble, name = self.trouble, f"{self.name}.{asked}"
        number = len(trouble.calls)
        trouble.calls.append(name)
        trouble.comes(name, number, after=False)
        try:
            return method(self, *args, **kwargs)
        finally:  # a refusal may be lost on its way back as well
            trouble.comes(name, number, after=True)

    return call
