"""The real functions of the application, joined to a world: every handler asks ``bootstrap`` for its ports, and here
``bootstrap`` hands out the world's. So nothing is wired a second time, and a new port or function is played with as
soon as the world has a fake for it.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_SETTINGS = {
    "STAGE": "local",
    "AWS_DEFAULT_REGION": "ap-southeast-3",
    "PUBLIC_URL": "https://prakerja.example",
    "MAIL_SENDER": "Prakerja <tidak-dibalas@prakerja.example>",
    "POWERTOOLS_METRICS_DISABLED": "true",
    **{f"{name}_REGISTRY_QUOTA": "4000/second, 1000000/day" for name in ("POPULATION", "EDUCATION", "SOCIAL")},
    **{f"{name}_URL": "http://127.0.0.1:9" for name in ("POPULATION_REGISTRY", "EDUCATION_REGISTRY")},
    **{f"{name}_URL": "http://127.0.0.1:9" for name in ("SOCIAL_REGISTRY", "BANK", "SENDGRID")},
}
_CALLED_OTHERWISE = {
    "receipt_signer": "signer",
    "queue_depths": "depths",
    "population_registry": "population",
    "face_registry": "faces",
    "education_registry": "education",
    "social_registry": "social",
    "mail_writer": "writer",
    "mail_providers": "providers",
}
"""Ports that the world has under another name than ``bootstrap``."""


def prepare() -> None:
    """Before anything of the application is imported: names of tables and queues are made at import."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


@contextmanager
def on_stage(world: Any, more: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """While inside, the application's ports are the world's. ``more`` are those that no fake stands for."""
    from chalicelib import bootstrap, settings

    kept, missing = dict(vars(bootstrap)), {name: value for name, value in _SETTINGS.items() if name not in os.environ}
    os.environ.update(missing)
    _forget(settings)
    try:
        for name, make in {**_ports_of(world, kept), **more}.items():
            setattr(bootstrap, name, make)
        yield
    finally:
        for name, value in kept.items():
            setattr(bootstrap, name, value)
        for name in missing:
            del os.environ[name]
        _forget(settings)


def _forget(settings: Any) -> None:
    """What was read of the environment: tests beside ours have other settings."""
    for each in vars(settings).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def _ports_of(world: Any, known: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    found = {}
    for name, value in known.items():
        attribute = _CALLED_OTHERWISE.get(name, name)
        if callable(value) and not name.startswith("_") and hasattr(world, attribute):
            found[name] = _handing_out(world, attribute)
    return found


def _handing_out(world: Any, attribute: str) -> Callable[[], Any]:
    return lambda: getattr(world, attribute)
