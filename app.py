"""Table of contents. What each door does stands in ``chalicelib/handlers``; how it is deployed, in ``infra``."""

from chalice.app import Chalice

from chalicelib.handlers import (
    admission,
    audit,
    bank_notices,
    debt_receipts,
    debts,
    eligibility,
    journey,
    ledger,
    lists,
    mail,
    membership,
    opening,
    partners,
    payout_accounts,
    payout_batches,
    payout_steps,
    payouts,
    planning,
    reconciliation,
    reference,
    registration,
    registries,
    results,
    selection,
    sessions,
    support,
    surveys,
    training,
    verification,
    waves,
)

app = Chalice(app_name="prakerja")
app.api.binary_types = []

for feature in (
    registration, admission, opening, sessions, verification, registries, waves, planning, selection, results,
    membership, training, partners, payout_accounts, payout_batches, payout_steps, payouts, bank_notices, ledger,
    support, audit, mail, journey, eligibility, lists, reference, reconciliation, debts, debt_receipts, surveys,
):  # fmt: skip
    app.register_blueprint(feature.blueprint)
