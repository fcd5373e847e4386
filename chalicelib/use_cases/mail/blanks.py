"""What fills a mail's blanks. Codes and links are derived here, at the last moment, so that no queue carries them."""

from chalicelib.domain.mail import MailOrder, Template
from chalicelib.domain.registration import Account
from chalicelib.ports import Indexer
from chalicelib.use_cases.payouts.account_change_proofs import change_code_of, stop_token_of
from chalicelib.use_cases.registration.proofs import code_of, email_code_of, link_token_of


def blanks_for(order: MailOrder, account: Account, *, indexer: Indexer, public_url: str) -> dict[str, str | int]:
    known: dict[str, str | int] = {**order.blanks, "public_url": public_url}
    if order.template is Template.VERIFY_EMAIL:
        # After the '#': browsers do not send it, so that no server or log on the way ever sees the token.
        token = link_token_of(account.id, account.challenge.id, indexer)
        known["link"] = f"{public_url}/verify#{token}"
        known["code"] = email_code_of(account.id, account.challenge.id, indexer)
    if order.template is Template.PURCHASE_CODE:
        known["code"] = code_of("purchase", str(order.blanks["purchase_id"]), indexer)
    if order.template is Template.PAYOUT_ACCOUNT_CODE:
        known["code"] = change_code_of(account.id, int(order.blanks["change"]), indexer)
    if order.template is Template.PAYOUT_ACCOUNT_CHANGING:
        known["link"] = f"{public_url}/stop-change#{stop_token_of(account.id, int(order.blanks['change']), indexer)}"
    return known
