"""OpenAPI 3.1 from the routes themselves: what a view takes and returns is what its annotations say."""

import html
import inspect
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, get_type_hints

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from chalicelib.handlers.doors import Access, Body, Door, Html, Page, Program

_REFS = "#/components/schemas/{model}"


class Refusal(Body):
    """Why not. ``code`` is stable; ``message`` is in the reader's language."""

    code: str
    message: str
    field: str | None = None
    reasons: list[str] | None = Field(
        None, description="Stable codes of what the message lists: steps that are missing, or why one is not eligible."
    )
    correlation_id: str


_SECURITY: Mapping[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [],
    Access.APPLICANT: [{"session": []}],
    Access.STAFF: [{"session": []}],
    Access.APPROVER: [{"session": []}],
    Access.CASEWORKER: [{"session": []}],
    Access.SIGNED_IN: [{"session": []}],
    Access.PARTNER: [{"signature": []}],
}


def openapi_document(routes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``routes`` as Chalice keeps them: path -> method -> entry with the view function."""
    doors = [(path, method, entry.view_function.door) for path, method, entry in _entries(routes)]
    models = {model for _, _, door in doors for model in _models(door)} | {Refusal}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(each, "validation") for each in ordered], ref_template=_REFS)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, door in doors:
        paths.setdefault(path, {})[method.lower()] = _operation(path, door)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Prakerja",
            "version": "1",
            "description": "Register, be verified, join a wave, be drawn, train, be paid. Errors have a stable code, "
            "the field they are about, and a message in Indonesian or English (Accept-Language).",
        },
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": schemas["$defs"], "securitySchemes": _schemes()},
    }


def _entries(routes: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    for path, methods in sorted(routes.items()):
        for method, entry in sorted(methods.items()):
            yield path, method, entry


def _models(door: Door) -> Iterator[type[BaseModel]]:
    for name, hint in get_type_hints(door.view).items():
        if name != "query" and inspect.isclass(hint) and issubclass(hint, BaseModel):
            yield hint


def _operation(path: str, door: Door) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": door.view.__name__,
        "summary": inspect.cleandoc(door.view.__doc__ or "").partition("\n")[0],
        "tags": [door.view.__module__.rpartition(".")[2]],
        "security": _SECURITY[door.access],
        "responses": {str(door.status.value): _reply(door), "default": _refusal()},
    }
    parameters = [*_path_parameters(path, door), *_query_parameters(door), *_page_parameters(door)]
    if parameters:
        operation["parameters"] = parameters
    body = next((door.hints[name] for name in door.hints if name == "body"), None)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": _json(body)}
    return operation


def _reply(door: Door) -> dict[str, Any]:
    returned = door.hints.get("return")
    described = {"description": HTTPStatus(door.status).phrase}
    if inspect.isclass(returned) and issubclass(returned, BaseModel):
        return {**described, "content": _json(returned)}
    if returned is Html:
        return {**described, "content": {"text/html": {"schema": {"type": "string"}}}}
    if returned is Program:
        return {**described, "content": {"text/x-python": {"schema": {"type": "string"}}}}
    if returned is type(None):
        return described
    return {**described, "content": {"application/json": {"schema": {"type": "object"}}}}


def _refusal() -> dict[str, Any]:
    return {"description": "Refused", "content": _json(Refusal)}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFS.format(model=model.__name__)}}}


def _path_parameters(path: str, door: Door) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        kind = "integer" if door.hints.get(name) is int else "string"
        yield {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def _query_parameters(door: Door) -> Iterator[dict[str, Any]]:
    asked = door.hints.get("query")
    if asked is None:
        return
    schema = asked.model_json_schema()
    for name, each in schema["properties"].items():
        kind = {key: value for key, value in each.items() if key in ("type", "enum", "maxLength", "default")}
        yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": kind}


def _page_parameters(door: Door) -> Iterator[dict[str, Any]]:
    if Page in door.hints.values():
        yield {"name": "after", "in": "query", "schema": {"type": "string"}, "description": "`next` of the last page."}
        yield {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}


def _schemes() -> dict[str, Any]:
    return {
        "session": {"type": "http", "scheme": "bearer", "description": "The token of POST /v1/sessions."},
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "signature",
            "description": "With client_code and timestamp: lower-case hex HMAC-SHA1 of "
            "client_code + timestamp + POST + path + body under the partner's key.",
        },
    }


def readable_page(document: Mapping[str, Any]) -> str:
    """The document as one page without scripts: every route under its feature."""
    rows: dict[str, list[str]] = {}
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            rows.setdefault(operation["tags"][0], []).append(_row(path, method, operation, schemas))
    contents = " · ".join(f'<a href="#{tag}">{tag}</a>' for tag in rows)
    sections = "".join(f'<h2 id="{tag}">{tag}</h2>{"".join(each)}' for tag, each in rows.items())
    info = document["info"]
    return _PAGE.format(title=info["title"], intro=html.escape(info["description"]), contents=contents, body=sections)


def _row(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    who = (
        "session" if operation["security"] == [{"session": []}] else "signature" if operation["security"] else "public"
    )
    body = operation.get("requestBody")
    taken = _fields(schemas[body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]) if body else ""
    statuses = ", ".join(each for each in operation["responses"] if each != "default")
    return (
        f"<article><code class={method}>{method.upper()}</code> <code>{html.escape(path)}</code>"
        f"<p>{html.escape(operation['summary'])}</p>"
        f"<small>{who} → {statuses}{' · body: ' + taken if taken else ''}</small></article>"
    )


def _fields(schema: Mapping[str, Any]) -> str:
    """Names of a body's fields, the optional ones in brackets."""
    required = set(schema.get("required", ()))
    names = (name if name in required else f"[{name}]" for name in schema.get("properties", {}))
    return f"<code>{html.escape(', '.join(names))}</code>"


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} API</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c2733}}
h2{{margin-top:2.5rem;text-transform:capitalize}}
article{{border-left:4px solid #cbd5e1;padding:.25rem 1rem;margin:1rem 0}}
p{{margin:.25rem 0}}small{{color:#52606d}}code{{font-size:.95rem}}.get{{color:#0b6e4f}}.post{{color:#9a3412}}
.put{{color:#1d4ed8}}.delete{{color:#b91c1c}}</style>
<h1>{title} API</h1><p>{intro}</p><p><a href="/openapi.json">openapi.json</a> · {contents}</p>{body}</html>"""
