"""The page of a stand-in, for people: how it behaves, what it was asked, what it did."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields
from html import escape
from typing import Any

from infra.local.standins.behaviour import Behaviour
from infra.local.standins.messages import Reply

_SHELL = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
label {{ display: grid; grid-template-columns: 14rem 10rem 1fr; gap: 1rem; align-items: center; padding: .2rem 0; }}
table {{ border-collapse: collapse; font-size: .85rem; }}
th, td {{ border: 1px solid #bbb; padding: .2rem .5rem; text-align: left; vertical-align: top; }}
.wide {{ overflow-x: auto; }}
</style></head>
<body>
<h1>{title}</h1>
<p>A stand-in on this machine. Machines read <a href="/books">/books</a> and <a href="/behaviour">/behaviour</a>.</p>
<h2>Totals</h2>
<ul>{totals}</ul>
<h2>Behaviour</h2>
<form id="behaviour">{options}<p><button>Behave so</button> <output></output></p></form>
<h2>Latest calls</h2>
<div class="wide"><table>{rows}</table></div>
<script>
document.getElementById("behaviour").addEventListener("submit", async (event) => {{
  event.preventDefault();
  const settings = {{}};
  for (const input of event.target.querySelectorAll("input"))
    settings[input.name] = input.type === "checkbox" ? input.checked
      : input.type === "number" ? Number(input.value) : input.value;
  const reply = await fetch("/behaviour", {{method: "PUT", body: JSON.stringify(settings)}});
  if (reply.ok) location.reload();
  else event.target.querySelector("output").textContent = (await reply.json()).error;
}});
</script>
</body></html>
"""


def page(title: str, behaviour: Behaviour, totals: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> Reply:
    text = _SHELL.format(
        title=escape(title),
        totals="".join(f"<li>{escape(name)}: {escape(_text(value))}</li>" for name, value in totals.items()),
        options="".join(_option(each, getattr(behaviour, each.name)) for each in fields(behaviour)),
        rows=_table(rows),
    )
    return Reply(200, text.encode(), "text/html")


def _option(option: Field[Any], value: object) -> str:
    kind = {bool: 'type="checkbox"', int: 'type="number"', float: 'type="number" step="any"'}.get(type(value), "")
    state = ("checked" if value else "") if isinstance(value, bool) else f'value="{escape(str(value))}"'
    name, meaning = escape(option.name), escape(option.metadata["meaning"])
    return f'<label><span>{name}</span><input name="{name}" {kind} {state}><small>{meaning}</small></label>'


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    lines = ("".join(f"<td>{escape(_text(row.get(name, '')))}</td>" for name in columns) for row in rows)
    return f"<tr>{head}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
