"""What may be kept is kept, and asked for again in one line: pages, waves, one's own timeline."""

import re
from pathlib import Path

import pytest

from tests.integration.cast import CAST
from tests.integration.town import Reply, Town

STATIC = Path(__file__).parents[2] / "chalicelib/web/static"
PAGES = ("/", "/register", "/verify", "/attend", "/draws", "/docs")
PUBLIC = ("/v1/gate", "/v1/waves", "/v1/waves/1")


def again(town: Town, path: str, condition: str, token: str = "") -> Reply:
    return town.ask("GET", path, token=token, **{"If-None-Match": condition})


@pytest.mark.parametrize("path", [*PAGES, *PUBLIC, "/v1/me", "/v1/me/trainings"])
@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_whoever_has_it_already_is_sent_nothing(town: Town, path: str, form: str) -> None:
    token = CAST["oka"].token if path.startswith("/v1/me") else ""
    first = town.ask("GET", path, token=token)
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[\w-]{27}"', tag)
    reply = again(town, path, form.format(tag=tag), token)
    assert (reply.status, reply.text, reply.headers["etag"]) == (304, "", tag)
    assert reply.headers | {"x-correlation-id": ""} == first.headers | {"x-correlation-id": ""}


@pytest.mark.parametrize("path", [*PAGES, *PUBLIC])
@pytest.mark.parametrize("condition", ["", '"other"', "garbage, ,", 'W/"'])
def test_whoever_has_something_else_is_sent_all(town: Town, path: str, condition: str) -> None:
    assert again(town, path, condition).text == town.ask("GET", path).text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_for_minutes_and_loads_nothing_from_elsewhere(town: Town, path: str) -> None:
    page = town.ask("GET", path)
    assert page.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (page.headers["x-content-type-options"], page.headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page.text)
    assert not re.findall(r"""\s(?:style|on[a-z]+)=["']""", page.text)  # what the policy would not allow


@pytest.mark.parametrize("path", PAGES)
def test_every_block_of_a_page_is_in_its_policy(town: Town, path: str) -> None:
    page = town.ask("GET", path)
    blocks = re.findall(r"<(?:script|style)[^>]*>", page.text)
    assert len(blocks) == page.headers["content-security-policy"].count("'sha256-")


def test_the_page_of_registration_is_small(town: Town) -> None:
    """What a server sends before it hears anything back: ten segments of 1,460 bytes, even where nothing compresses."""
    assert len(town.ask("GET", "/register").text.encode()) < 14_600


def test_the_checker_of_draws_is_handed_out_as_it_is(town: Town) -> None:
    reply = town.ask("GET", "/verify_draw.py")
    assert reply.text == (STATIC / "verify_draw.py").read_text("utf-8")
    assert reply.headers["content-type"] == "text/x-python; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="verify_draw.py"'
    assert reply.headers["cache-control"].startswith("public, max-age=300")
    assert again(town, "/verify_draw.py", reply.headers["etag"]).status == 304


def test_the_page_of_registration_can_be_told_another_address_in_every_state(town: Town) -> None:
    page = town.ask("GET", "/register").text
    outside = re.sub(r"<section id=(?:asking|waiting|working|done)\b.*?</section>", "", page, flags=re.DOTALL)
    button = r"<button id=another[^>]*><i lang=id>Pakai alamat lain</i><i lang=en>Use another address</i>"
    assert re.search(button, outside)


def test_what_the_page_of_registration_says_is_said_in_both_languages(town: Town) -> None:
    page = town.ask("GET", "/register").text
    assert page.count("lang=id>") == page.count("lang=en>") > 10


def test_one_s_own_timeline_is_kept_by_nobody_else(town: Town) -> None:
    mine = town.ask("GET", "/v1/me", token=CAST["zahra"].token)
    assert mine.headers["cache-control"] == "private, no-store"
    assert mine.headers["vary"] == "Accept-Language, Authorization"
    other = again(town, "/v1/me", mine.headers["etag"], CAST["oka"].token)
    assert other.status == 200
    assert other.headers["etag"] != mine.headers["etag"]


def test_a_timeline_says_when_to_ask_again(town: Town) -> None:
    """Soon while machines are at work; not all day long while it is one's own turn, or the wave's."""
    dewi, zahra = (town.ask("GET", "/v1/me", token=CAST[name].token) for name in ("dewi", "zahra"))
    assert any(step["reason"] == "registries_are_asked" for step in dewi.body["timeline"])
    assert dewi.headers["retry-after"] == "30"
    assert zahra.headers["retry-after"] == "300"


def test_a_refusal_is_kept_by_nobody(town: Town) -> None:
    for reply in (town.ask("GET", "/v1/me"), town.ask("GET", "/v1/waves/999")):
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers


def test_a_changed_answer_has_another_tag(town: Town) -> None:
    before = town.ask("GET", "/v1/me", token=CAST["zahra"].token).headers["etag"]
    reply = town.ask("GET", "/v1/me", token=CAST["zahra"].token, language="id")
    assert reply.headers["etag"] != before
