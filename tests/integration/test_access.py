"""Who may call what, generated for every route and every role; what is one's own; which sessions count."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration import cast
from tests.integration.cast import CAST, OTHER_PARTNER, PLATFORM, SIGN_KEYS
from tests.integration.effects import Watch
from tests.integration.samples import doors, sample
from tests.integration.signing import signature_of
from tests.integration.town import HandClock, Reply, Town
from tests.integration.upbringing import invitation, partner, redeem_code_of

ALLOWED = "allowed"
NOT_SIGNED_IN = (401, "not_signed_in")
NOT_SIGNED = (401, "signature_wrong")
NOT_ALLOWED = (403, "not_allowed")
Verdict = str | tuple[int, str]

ROLES = ("nobody", "applicant", "other applicant", "staff", "approver", "caseworker", "partner")
SIGNED_IN = dict.fromkeys(("applicant", "other applicant", "staff", "approver", "caseworker"), NOT_ALLOWED)
STRANGERS = {"nobody": NOT_SIGNED_IN, "partner": NOT_SIGNED_IN}
MATRIX: Mapping[str, Mapping[str, Verdict]] = {
    "public": dict.fromkeys(ROLES, ALLOWED),
    "own": {**STRANGERS, **SIGNED_IN, "applicant": ALLOWED, "other applicant": ALLOWED},
    "session": {**STRANGERS, **dict.fromkeys(SIGNED_IN, ALLOWED)},
    "staff": {**STRANGERS, **SIGNED_IN, **dict.fromkeys(("staff", "approver", "caseworker"), ALLOWED)},
    "disclosure": {**STRANGERS, **SIGNED_IN, "caseworker": ALLOWED},
    "approval": {**STRANGERS, **SIGNED_IN, "approver": ALLOWED},
    "partner": {**dict.fromkeys(ROLES, NOT_SIGNED), "partner": ALLOWED},
    "mail provider or bank": dict.fromkeys(ROLES, NOT_SIGNED),
}
"""Kind of route -> role -> verdict. Staff act for the programme, never as an applicant."""


FOR_APPROVERS: tuple[str, ...] = ("/approval", "/refusal", "/activations", "/gate", "/audit")
FOR_APPROVERS += ("/release", "/cancellation", "/repetitions", "/voiding", "/closing", "/clearings")
ASKED_BY_APPROVERS = {("POST", "/v1/staff/ledger/corrections"), ("PUT", "/v1/staff/payout-channels/{bank}")}
"""Of the rest of the staff's, whose last word does not tell."""


def kind_of(method: str, path: str) -> str:
    """By the path alone, not by what the route says of itself."""
    if path.endswith(("/disclosures", "/selfie-decisions")):
        return "disclosure"
    if path.startswith("/v1/staff/"):
        return "approval" if path.endswith(FOR_APPROVERS) or (method, path) in ASKED_BY_APPROVERS else "staff"
    if (method, path) == ("DELETE", "/v1/sessions/current"):
        return "session"
    if path.startswith(("/v1/mail-notices/", "/v1.0/")):
        return "mail provider or bank"
    if path == "/v1/me" or path.startswith("/v1/me/"):
        return "own"
    return "partner" if path.startswith("/api/") else "public"


def credentials(role: str, event: Mapping[str, Any], clock: HandClock) -> dict[str, str]:
    """The headers by which ``role`` shows who they are; the sample's own where it is theirs."""
    tokens = {"other applicant": CAST["budi"].token, "staff": cast.STAFF, "approver": cast.FIRST_APPROVER}
    tokens["caseworker"] = cast.CASEWORKER
    own = event["headers"].get("Authorization", "").removeprefix("Bearer ")
    is_own = kind_of(event["httpMethod"], event["resource"]) in ("own", "session")
    tokens["applicant"] = own if is_own else CAST["zahra"].token
    if role == "partner":
        return signed(event, event["headers"].get("client_code", PLATFORM), clock)
    return {"Authorization": f"Bearer {tokens[role]}"} if role in tokens else {}


def signed(event: Mapping[str, Any], client_code: str, clock: HandClock) -> dict[str, str]:
    timestamp, body = str(int(clock.now().timestamp())), (event["body"] or "").encode()
    signature = signature_of(client_code, SIGN_KEYS[client_code], timestamp, event["path"], body)
    payment = {name: value for name, value in event["headers"].items() if value.startswith("Payment ")}
    return {"client_code": client_code, "timestamp": timestamp, "signature": signature, **payment}


def called(town: Town, event: dict[str, Any], role: str) -> Reply:
    neutral = {name: event["headers"][name] for name in ("Content-Type",) if name in event["headers"]}
    return town.invoke({**event, "headers": neutral | credentials(role, event, town.clock)})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("door", doors("api"))
def test_a_route_is_for_its_roles_and_nobody_else(town: Town, door: str, role: str) -> None:
    event = sample("api", door, "good")
    verdict = MATRIX[kind_of(event["httpMethod"], event["resource"])][role]
    watch = Watch(town.memory)
    reply = called(town, event, role)
    if verdict == ALLOWED:
        assert reply.status not in (401, 403), reply.text
    else:
        assert (reply.status, reply.body.get("reason", reply.body.get("code"))) == verdict
        assert watch.effects() == set()


def test_the_matrix_covers_every_route(town: Town) -> None:
    events = [sample("api", door, "good") for door in doors("api")]
    covered = {(event["httpMethod"], event["resource"]) for event in events}
    assert covered == {(method, path) for path, methods in town.app.routes.items() for method in methods}


# --- One's own --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/me", "/v1/me/trainings"])
def test_an_applicant_sees_nobody_elses_life(town: Town, path: str) -> None:
    mine = town.ask("GET", path, token=CAST["oka"].token).text
    other = town.ask("GET", path, token=CAST["sari"].token).text
    assert mine != other
    for person, text in ((CAST["oka"], other), (CAST["sari"], mine)):
        told = set(person.identity().values()) - {"31", "3174", "female", "1995-05-05", "seeker", "Jl. Melati 3"}
        told |= {person.id, person.email, person.invoice, redeem_code_of(person), card_of(town, person.token)}
        assert not [value for value in told if value in text]


def card_of(town: Town, token: str) -> str:
    return str(town.ask("GET", "/v1/me", token=token).body["card"]["number"])


def test_a_form_for_an_upload_leads_to_ones_own_folder(town: Town) -> None:
    for name in ("budi", "zahra"):
        form = town.ask("POST", "/v1/me/photos", {"kind": "selfie"}, token=CAST[name].token).body
        assert form["fields"]["key"].startswith(f"uploads/{CAST[name].id}/selfie/")


def test_anothers_invitation_to_attend_is_answered_as_if_there_were_none(town: Town) -> None:
    invited, watch = invitation(town, CAST["maya"], 1), Watch(town.memory)
    replies = [attend(town, state) for state in (invited, "ABCDEFGHIJKL.1.xxxx")]
    assert [(reply.status, without_id(reply)) for reply in replies] == [(400, without_id(replies[0]))] * 2
    assert replies[0].body["code"] == "attendance_state_wrong"
    assert watch.effects() == set()


def attend(town: Town, state: str) -> Reply:
    return town.ask("POST", "/v1/me/attendances", {"state": state}, token=CAST["nanda"].token)


def test_anothers_training_is_reviewed_as_if_there_were_none(town: Town) -> None:
    watch, replies = Watch(town.memory), []
    for code in (redeem_code_of(CAST["oka"]), "ABCDEFGHIJKL"):
        review = {"redeem_code": code, "stars": 1, "text": "Buruk."}
        replies.append(town.ask("POST", "/v1/me/reviews", review, token=CAST["putri"].token))
    assert [(reply.status, without_id(reply)) for reply in replies] == [(404, without_id(replies[0]))] * 2
    assert replies[0].body["code"] == "redeem_code_unknown"
    assert watch.effects() == set()


def test_a_partner_sees_nothing_of_anothers_sales(town: Town) -> None:
    other, maya, watch = partner(town, OTHER_PARTNER), CAST["maya"], Watch(town.memory)
    code = redeem_code_of(maya)
    for verb in ("payment/status", "payment/void"):
        theirs, nobodys = (other.ask(verb, {"invoice_code": invoice}) for invoice in (maya.invoice, "INV-9999"))
        assert (theirs.status, theirs.body) == (404, nobodys.body)
    for verb in ("status", "commit", "reset"):
        body = {"redeem_code": code}, {"redeem_code": "ABCDEFGHIJKL"}
        theirs, nobodys = (other.ask(f"payment/redeem-code/{verb}", each) for each in body)
        assert (theirs.status, theirs.body) == (404, nobodys.body)
    asked = {"redeem_code": code, "sequence": 1, "redirect_uri": "https://lain.example/"}
    assert other.ask("oauth/url-generate", asked).status == 404
    assert watch.effects() == set()


def without_id(reply: Reply) -> dict[str, Any]:
    return {name: value for name, value in reply.body.items() if name != "correlation_id"}


# --- Sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer sesi-siapa-ini",
        "Bearer sesi-zahra2",
        "Bearer  sesi-zahra",
        "Basic sesi-zahra",
        "sesi-zahra",
        "Payment bayar-kartika",
        f"Bearer {CAST['zahra'].id}",
        f"Bearer session#{cast.INDEXER.index('session', CAST['zahra'].token)}",
        "Bearer " + "x" * 4000,
        "Bearer sesi\x00zahra",
        "Bearer sési-zahra",
    ],
)
def test_what_is_no_session_of_ours_lets_nobody_in(town: Town, header: str) -> None:
    reply = town.ask("GET", "/v1/me", Authorization=header)
    assert (reply.status, reply.body["code"]) == NOT_SIGNED_IN


def test_a_session_ends_when_its_holder_says_so(town: Town) -> None:
    token = CAST["zahra"].token
    assert town.ask("GET", "/v1/me", token=token).status == 200
    assert town.ask("DELETE", "/v1/sessions/current", token=token).status == 204
    for method, path in (("GET", "/v1/me"), ("DELETE", "/v1/sessions/current")):
        assert town.ask(method, path, token=token).status == 401
    assert town.ask("GET", "/v1/me", token=CAST["budi"].token).status == 200


@pytest.mark.parametrize("token", [cast.STAFF, cast.FIRST_APPROVER])
def test_staff_and_approvers_end_their_sessions_as_well(town: Town, token: str) -> None:
    assert town.ask("GET", "/v1/staff/ledger/postings", token=token).status == 200
    assert town.ask("DELETE", "/v1/sessions/current", token=token).status == 204
    assert town.ask("GET", "/v1/staff/ledger/postings", token=token).status == 401
    assert town.ask("GET", "/v1/staff/ledger/postings", token=cast.SECOND_APPROVER).status == 200


@pytest.mark.parametrize(
    ("token", "path", "hours"),
    [(CAST["fitri"].token, "/v1/me", 1.5), (cast.STAFF, "/v1/staff/ledger/postings", 30 * 24 - 11)],
)
def test_a_session_ends_by_the_clock(town: Town, token: str, path: str, hours: float) -> None:
    """fitri signed in 11 hours and a half before noon, for 12; staff stay for 30 days."""
    with town.clock.later(hours=hours - 1.1):
        assert town.ask("GET", path, token=token).status == 200
    with town.clock.later(hours=hours):
        assert town.ask("GET", path, token=token).status == 401
