"""One person's way, step by step, through the doors: from an e-mail address to a place in a wave."""

from collections.abc import Callable
from random import Random
from typing import Any

from chalicelib.domain.mail import Language
from chalicelib.domain.membership import INDUCTION_VIDEOS, Membership, MembershipState
from chalicelib.domain.verification import Applicant, IdentityState, PhotoKind, PhotoState
from chalicelib.domain.waves import EntryState
from tests.simulation.life.doors import applicant, door
from tests.simulation.life.letters import notice_of_upload
from tests.simulation.life.people import PASSWORD, Person, is_over, other_address
from tests.simulation.life.town import Town

_SOURCE = "10.0.0.{}"
_TRIES = 3
"""At once, where a door says that it is out of order: a code does not live long."""


def register(town: Town, person: Person, chance: Random) -> bool:
    view, body = door("registration.register")
    stated = body(email=other_address(person, chance), language=Language.INDONESIAN)
    asked = {"body": stated, "language": Language.INDONESIAN, "source": _SOURCE.format(person.number)}
    return town.ask(f"person {person.number}", view, **asked).is_fine


def verify_address(town: Town, person: Person, chance: Random) -> bool:
    """By the code of the newest mail; who gets none registers again, and who chose a password signs in."""
    mailed = person.mailed("verify_email")
    if mailed is None:
        register(town, person, chance)
        return False
    source = _SOURCE.format(person.number)
    code = mailed["code"] if chance.random() < 0.9 else "000000"
    verify, body = door("sessions.verify")
    proof = body(email=person.email, code=code, password=PASSWORD)
    if _ask_again(town, person, verify, body=proof, source=source):
        return True
    sign_in, body = door("sessions.open_session")
    known = body(email=person.email, password=PASSWORD)
    if town.ask(f"person {person.number}", sign_in, body=known, source=source).is_fine:
        return True
    if chance.random() < 0.6:
        register(town, person, chance)
    return False


def _ask_again(town: Town, person: Person, view: Callable[..., Any], **arguments: Any) -> bool:
    for _ in range(_TRIES):
        answer = town.ask(f"person {person.number}", view, **arguments)
        if answer.code != "unavailable":
            break
    return answer.is_fine


def state_identity(town: Town, person: Person, chance: Random) -> bool:
    """Stated until it is verified; what was typed wrongly is put right, and people help with the rest."""
    known = town.sight.one(Applicant, person.id)
    if known is not None and known.state is IdentityState.VERIFIED:
        return True
    if known is not None and known.state not in (IdentityState.FAILED, IdentityState.REOPENED, IdentityState.NONE):
        return False
    is_again = known is not None and known.submission > 0
    return _state(town, person, is_again=is_again)


def _state(town: Town, person: Person, *, is_again: bool) -> bool:
    if is_again:
        person.states = person.truth
    view, body = door("verification.put_identity")
    names = body.model_fields
    stated = body(**{name: getattr(person.states, name) for name in names})
    town.ask(f"person {person.number}", view, caller=applicant(person.id), body=stated)
    return False


def send_photos(town: Town, person: Person, chance: Random) -> bool:
    known = town.sight.one(Applicant, person.id)
    missing = [kind for kind in PhotoKind if known is None or known.photo(kind).state is not PhotoState.ACCEPTED]
    for kind in missing:
        _send_photo(town, person, kind, is_fine=chance.random() < 0.9)
    return not missing


def _send_photo(town: Town, person: Person, kind: PhotoKind, *, is_fine: bool) -> None:
    view, body = door("verification.begin_upload")
    answer = town.ask(f"person {person.number}", view, caller=applicant(person.id), body=body(kind=kind))
    if answer.is_fine:
        form = answer.value
        town.world.queues.put(*notice_of_upload(town.world.photos.upload(form, person.fingerprint, is_fine=is_fine)))


def declare(town: Town, person: Person, _chance: Random) -> bool:
    view, body = door("verification.put_declaration")
    caller = applicant(person.id)
    return town.ask(f"person {person.number}", view, caller=caller, body=body(accepted=True)).is_fine


def join_wave(town: Town, person: Person, chance: Random) -> bool:
    """Into whichever is open; those who may not are told so, and go."""
    open_now = town.sight.open_waves() or [1]
    wave = chance.choice(open_now)
    view, _ = door("waves.join")
    answer = town.ask(f"person {person.number}", view, caller=applicant(person.id), number=wave)
    if is_over(answer, "wave_already_joined"):
        person.waves = (*person.waves, wave)
        return True
    if answer.code in ("not_eligible", "earlier_recipient"):
        person.stopped_at = answer.code
        return True
    return False


def await_award(town: Town, person: Person, chance: Random) -> bool:
    """Whoever was not chosen tries the next wave, if there is one."""
    if town.sight.one(Membership, person.id):
        return True
    entries = [town.sight.entry(wave, person.id) for wave in person.waves]
    states = {entry.state for entry in entries if entry}
    if states and states <= {EntryState.NOT_CHOSEN, EntryState.EXCLUDED}:
        later = [wave for wave in town.sight.open_waves() if wave not in person.waves]
        if later:
            join_wave(town, person, chance)
        elif not town.sight.waves_to_come():
            person.stopped_at = "not_chosen"
    return bool(person.stopped_at)


def watch_videos(town: Town, person: Person, chance: Random) -> bool:
    member = town.sight.one(Membership, person.id)
    if member is None or member.state is not MembershipState.AWARDED:
        return member is not None
    view, _ = door("membership.watch_video")
    for video in chance.sample(INDUCTION_VIDEOS, 3):
        town.ask(f"person {person.number}", view, caller=applicant(person.id), video=video)
    return False
