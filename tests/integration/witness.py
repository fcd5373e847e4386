"""Sees which function asks Amazon for what, while a town lives."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import botocore.client
import botocore.signers
from botocore.exceptions import ClientError

from chalicelib import bootstrap
from tests.integration.rights import Right, asked_for, signed_for
from tests.integration.town import Town

Wrapping = Callable[[Callable[..., Any]], Callable[..., Any]]
_MISSING = {"NoSuchKey", "404"}


class Witness:
    """Of each function. What is done in no function's name (by a test) is not noted."""

    def __init__(self) -> None:
        # Understood only when somebody asks: the application would take a slip of ours for one of Amazon's.
        self._noted: defaultdict[str, list[Callable[[], set[Right]]]] = defaultdict(list)
        self._understood: defaultdict[str, set[Right]] = defaultdict(set)
        self._acting = ""

    def asked_for(self, function: str) -> set[Right]:
        noted = self._noted[function]
        while noted:
            self._understood[function] |= noted.pop()()
        return self._understood[function]

    @contextmanager
    def watching(self) -> Iterator["Witness"]:
        """Through whichever door of a town it comes: the wrapped are put back at the end."""
        wrapped = [(owner, name, getattr(owner, name)) for owner, name in self._wrappings()]
        try:
            for (owner, name, original), wrapping in zip(wrapped, self._wrappings().values(), strict=True):
                setattr(owner, name, wrapping(original))
            yield self
        finally:
            for owner, name, original in wrapped:
                setattr(owner, name, original)

    @contextmanager
    def acting(self, function: str) -> Iterator[None]:
        """As in an environment that was started just now: secrets, keys and addresses of queues are asked for anew."""
        before, self._acting = self._acting, function
        forget_ports()
        try:
            yield
        finally:
            self._acting = before

    def _wrappings(self) -> Mapping[tuple[Any, str], Wrapping]:
        return {
            (Town, "ask"): self._of_the_api,
            (Town, "invoke"): self._of_the_api,
            (Town, "call"): self._of_a_function,
            (botocore.client.BaseClient, "_make_api_call"): self._called,
            (botocore.signers.RequestSigner, "generate_presigned_url"): self._link_signed,
            (botocore.signers.S3PostPresigner, "generate_presigned_post"): self._form_signed,
        }

    def _of_the_api(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **more: Any) -> Any:
            with self.acting("api_handler"):
                return original(*arguments, **more)

        return asked

    def _of_a_function(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(town: Town, function: str, event: Any) -> Any:
            with self.acting(function):
                return original(town, function, event)

        return call

    def _called(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(client: Any, operation: str, arguments: Any) -> Any:
            self._note(lambda: asked_for(client.meta.service_model.service_name, operation, arguments))
            try:
                return original(client, operation, arguments)
            except ClientError as error:
                if error.response["Error"]["Code"] in _MISSING:
                    # Who may not list a bucket is told that he may not read, not that nothing is there.
                    self._note(lambda: asked_for("s3", "ListBucket", {"Bucket": arguments["Bucket"]}))
                raise

        return call

    def _link_signed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def signed(signer: Any, request_dict: Any, operation_name: str, **more: Any) -> Any:
            self._note(lambda: signed_for(operation_name, request_dict["url"]))
            return original(signer, request_dict=request_dict, operation_name=operation_name, **more)

        return signed

    def _form_signed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def signed(signer: Any, request_dict: Any, fields: Any, **more: Any) -> Any:
            self._note(lambda: signed_for("PutObject", request_dict["url"], fields["key"]))
            return original(signer, request_dict=request_dict, fields=fields, **more)

        return signed

    def _note(self, rights: Callable[[], set[Right]]) -> None:
        if self._acting:
            self._noted[self._acting].append(rights)


def forget_ports() -> None:
    """Bootstrap's own only: clients cost too much to be made again for each call."""
    for each in vars(bootstrap).values():
        if hasattr(each, "cache_clear") and each.__module__ == bootstrap.__name__:
            each.cache_clear()
