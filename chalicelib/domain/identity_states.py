"""The life of a stated identity: by the person, by the registries, by officers."""

from enum import StrEnum

from chalicelib.domain.lifecycle import LifeCycle


class IdentityState(StrEnum):
    NONE = "none"
    SUBMITTED = "submitted"
    CHECKING = "checking"
    VERIFIED = "verified"
    FAILED = "failed"
    IN_REVIEW = "in_review"
    DOCUMENTS_WANTED = "documents_wanted"
    REOPENED = "reopened"
    """An officer gave the person attempts back."""


class IdentityEvent(StrEnum):
    SUBMIT = "submit"
    CLAIM = "claim"
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    DOUBT = "doubt"
    ACCEPT = "accept"
    ASK = "ask"
    """An officer finds it in order; the registries have yet to be asked."""
    REFUSE = "refuse"
    REOPEN = "reopen"
    CORRECT = "correct"
    REQUEST_DOCUMENTS = "request_documents"
    RECEIVE_DOCUMENTS = "receive_documents"


IDENTITY = LifeCycle(
    "identity",
    {
        (IdentityState.NONE, IdentityEvent.SUBMIT): IdentityState.SUBMITTED,
        (IdentityState.SUBMITTED, IdentityEvent.CLAIM): IdentityState.CHECKING,
        (IdentityState.SUBMITTED, IdentityEvent.DOUBT): IdentityState.IN_REVIEW,
        (IdentityState.CHECKING, IdentityEvent.PASS): IdentityState.VERIFIED,
        (IdentityState.CHECKING, IdentityEvent.FAIL): IdentityState.FAILED,
        (IdentityState.CHECKING, IdentityEvent.DOUBT): IdentityState.IN_REVIEW,
        (IdentityState.FAILED, IdentityEvent.SUBMIT): IdentityState.SUBMITTED,
        # What follows is done by officers, or at their word.
        (IdentityState.IN_REVIEW, IdentityEvent.ACCEPT): IdentityState.VERIFIED,
        (IdentityState.IN_REVIEW, IdentityEvent.ASK): IdentityState.SUBMITTED,
        (IdentityState.IN_REVIEW, IdentityEvent.REFUSE): IdentityState.FAILED,
        (IdentityState.IN_REVIEW, IdentityEvent.REOPEN): IdentityState.REOPENED,
        (IdentityState.IN_REVIEW, IdentityEvent.CORRECT): IdentityState.SUBMITTED,
        (IdentityState.IN_REVIEW, IdentityEvent.REQUEST_DOCUMENTS): IdentityState.DOCUMENTS_WANTED,
        (IdentityState.DOCUMENTS_WANTED, IdentityEvent.RECEIVE_DOCUMENTS): IdentityState.IN_REVIEW,
        (IdentityState.DOCUMENTS_WANTED, IdentityEvent.REFUSE): IdentityState.FAILED,
        (IdentityState.DOCUMENTS_WANTED, IdentityEvent.REOPEN): IdentityState.REOPENED,
        (IdentityState.FAILED, IdentityEvent.REOPEN): IdentityState.REOPENED,
        (IdentityState.FAILED, IdentityEvent.CORRECT): IdentityState.SUBMITTED,
        (IdentityState.FAILED, IdentityEvent.REQUEST_DOCUMENTS): IdentityState.DOCUMENTS_WANTED,
        (IdentityState.REOPENED, IdentityEvent.SUBMIT): IdentityState.SUBMITTED,
    },
)
