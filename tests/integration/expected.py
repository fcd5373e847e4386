"""What each door does with its good and its bad sample.

An effect is a row that was written, as ``kind state``, or a message that was sent, as ``message queue``.
"""

from collections.abc import Mapping, Set

_ASKED = {"applicant checking", "answer kept", "budget kept", "bucket kept"}

EFFECTS: Mapping[str, Set[str]] = {
    # Requests; those that only read leave no effect.
    "register": {"message registrations-to-open"},
    "take_sendgrid_notices": {"message mail-fates-to-note"},
    "arm": {"gate kept"},
    "verify": {"account active", "failures kept", "session open", "bucket kept"},
    "open_session": {"session open", "failures kept", "bucket kept"},
    "close_session": {"session ended"},
    "put_identity": {"applicant submitted"},
    "amend": {"applicant submitted"},
    "put_declaration": {"applicant none"},
    "renew": {"applicant verified"},
    "plan": {"wave planned", "wave announced", "audit_entry kept"},
    "change_plan": {"wave planned", "audit_entry kept"},
    "approve_plan": {"wave approved", "audit_entry kept"},
    "ask_to_annul": {"wave drawn", "audit_entry kept"},
    "approve_to_annul": {"wave frozen", "audit_entry kept"},
    "join": {"entry joined", "receipt kept"},
    "watch_video": {"membership awarded"},
    "enrol": {"partner known"},
    "put_course": {"course listed"},
    "put_schedule": {"schedule planned"},
    "attend": {"purchase redeemed"},
    "review": {"purchase reviewed"},
    "send_otp": {"purchase offered"},
    "authorize": {
        "purchase paid",
        "membership inducted",
        "pointer kept",
        "schedule planned",
        "posting posted",
        "head kept",
    },
    "void": {"purchase voided", "membership inducted", "schedule planned", "posting posted", "head kept"},
    "redeem_code_commit": {"purchase redeemed"},
    "redeem_code_reset": {"purchase paid"},
    "put_account": {"payout_account linked"},
    "ask_account_change": {"payout_account verified", "bucket kept"},
    "confirm_account": {"payout_account changing"},
    "stop_account": {"payout_account verified"},
    "stop_by_link": {"payout_account verified"},
    "put_survey": {"survey filled"},
    "take_bank_notices": {"payout settled", "posting posted", "head kept", "bank_notice seen"},
    "let_payout_go": {"audit_entry kept", "payout held"},
    "cancel_payout": {"audit_entry kept", "payout held"},
    "void_order": {"audit_entry kept", "payout held"},
    "close_payout": {"audit_entry kept", "payout rejected"},
    "repeat_payout_now": {"audit_entry kept", "former_attempt given_up", "payout ready"},
    "ask_for_batches": {"message payout-batches-to-move"},
    "approve_payout_batch": {"payout_batch approved_once"},
    "refuse_payout_batch": {"payout_batch refused"},
    "put_payout_channel": {"payout_channel paused"},
    "disclose": {"audit_entry kept", "bucket kept"},
    "show_statement": {"audit_entry kept"},
    "ask_to_correct": {"audit_entry kept", "correction asked"},
    "approve_to_correct": {"audit_entry kept", "correction posted", "posting posted", "head kept"},
    "refuse_to_correct": {"audit_entry kept", "correction refused"},
    "decide": {"audit_entry kept", "applicant verified", "nik claimed"},
    "judge_selfie": {"audit_entry kept", "applicant verified"},
    "correct": {"audit_entry kept", "applicant submitted"},
    "ask_for_documents": {"audit_entry kept", "applicant documents_wanted"},
    "activate": {"list_version active", "list kept"},
    "discard": {"list_version discarded"},
    "ask_to_clear": {"difference asked", "day done"},
    "approve_to_clear": {"difference cleared", "day done", "posting posted", "head kept"},
    "decline_to_clear": {"difference open", "day done"},
    "propose": {"audit_entry kept", "debt proposed", "owed kept", "reclaimed reclaimed"},
    "demand": {"audit_entry kept", "debt demanded", "posting posted", "head kept"},
    "decline": {"audit_entry kept", "debt declined", "reclaimed free"},
    "repay": {"audit_entry kept", "debt demanded"},
    "refund": {"audit_entry kept", "debt overpaid"},
    "approve_receipt": {"audit_entry kept", "debt demanded", "receipt counted", "posting posted", "head kept"},
    "ask_to_write_off": {"audit_entry kept", "debt demanded"},
    "approve_to_write_off": {"audit_entry kept", "debt written_off", "posting posted", "head kept"},
    # Messages
    "open_accounts": {"account unverified", "message mails-to-send"},
    "send_mails": {"mail sent", "bucket kept", "mail_traffic kept"},
    "send_announcements": {"mail sent", "bucket kept", "mail_traffic kept"},
    "note_mail_fates": {"mail_traffic kept"},
    "claim_identities": {"applicant checking", "nik claimed"},
    "check_population": {*_ASKED, "message list-checks-to-make"},
    "check_education": {*_ASKED, "message list-checks-to-make"},
    "check_social": {*_ASKED, "message list-checks-to-make"},
    "receive_documents": {"applicant in_review"},
    "check_photos": {"applicant none", "look seen"},
    "compare_selfies": {"applicant verified"},
    "match_faces": {"applicant verified", "budget kept", "bucket kept"},
    "check_lists": {"applicant checking"},
    "load_lists": {"list_version received", "list_upload received", "list kept"},
    "screen_listed_people": {"message list-checks-to-make", "message announcements-to-send"},
    "take_draw_steps": {"draw_work gather"},
    "record_wave_results": {"entry chosen"},
    "make_awards": {
        *("receipt kept", "membership awarded", "card issued", "family_place taken", "posting posted", "head kept")
    },
    "refill_places": {"place lapsed", "waiting_order kept"},
    "meet_dues": {"membership revoked", "place lapsed", "waiting_order kept", "posting posted", "head kept"},
    "issue_certificates": {"purchase certified"},
    "verify_payout_accounts": {"payout_account verified", "holder held", "account_naming plain"},
    "prepare_incentives": {"payout prepared", "posting posted", "head kept"},
    "move_batches": {"payout_batch filling"},
    "resume_payouts": {"former_attempt given_up", "payout ready"},
    "settle_payouts": {"payout settled", "posting posted", "head kept"},
    "inquire_payouts": {"payout settled", "posting posted", "head kept"},
    "reconcile_statements": {"statement received", "statement_upload received", "day done"},
    # Changes
    "follow_applicants": {"message identities-to-claim"},
    "follow_waves": {"message awards-to-make"},
    "feed_draws": set(),  # who joined is a file
    "feed_journal": set(),  # so is what was posted
    "follow_lists": {"message lists-to-load"},
    "follow_memberships": {"message announcements-to-send"},
    "follow_purchases": {"message certificates-to-issue"},
    "follow_payouts": {"message payouts-to-inquire"},
    "follow_reconciliations": {"message statements-to-reconcile"},
    "follow_debts": {"message announcements-to-send"},
    "feed_requests": set(),  # what we asked of a bank is a file
    "follow_surveys": {"message incentives-to-prepare"},
    # Ticks
    "sweep_due_debts": {"debt overdue"},
    "reconcile_open_days": {"message statements-to-reconcile"},
    "sweep_changed_accounts": {"message payout-accounts-to-verify"},
    "release_waiting_checks": {"backlog kept"},
    "anchor_audit": set(),  # its root is a file
    "close_books": set(),  # so is what closes a day
    "verify_books": set(),  # it only looks
    "watch_mails": {"mail_plan kept"},
    "watch_gate": {"gate kept"},
    "tick_wave_clock": {"wave open", "message draw-steps-to-take"},
    "sweep_memberships": {"message dues-to-meet"},
    "sweep_standing_payouts": {"message payouts-to-inquire", "message payouts-to-resume"},
    "build_payout_batches": {"payout_batch filling"},
}

ON_RECORD: Mapping[str, Set[str]] = dict.fromkeys(
    ("show_case", "show_audit", "show_reclaimable"), frozenset({"audit_entry kept"})
)
"""Doors that only read, and whoever comes through them is noted."""

READING = {
    "begin_upload": "the form is signed, not stored",
    "begin_document": "so is this one",
    "lift": "nothing was held back from the sample's address",
    "begin_statement": "nor is this one",
    "url_generate": "the invitation is derived, not stored",
    "challenge": "the puzzle is signed, not stored",
    "take_turn": "so is the ticket",
    **dict.fromkeys(("quota_schedule", "payment_status", "redeem_code_status"), "the published API asks by POST"),
}
"""Doors other than GET that write nothing, and why."""

PAGES = {"show_start_page", "show_register_page", "show_gate", "show_openapi", "show_docs", "show_verify_page"}
PAGES |= {"show_surveys_page", "show_stop_page"}
PAGES |= {"show_attend_page", "show_health", "show_receipt_keys", "show_draws_page", "show_draw_checker"}
"""They take nothing from a request; their bad samples try to have something repeated."""

FEEDS = {"feed_draws", "feed_journal", "feed_requests"}
"""What cannot be read there stops nothing: whoever is missing in the list of a wave is found by counting, and a posting
that is not in the journal by comparing."""

COUNTED = {
    "verify": {"failures kept", "bucket kept"},
    "open_session": {"failures kept", "bucket kept"},
    "authorize": {"purchase offered"},
    "confirm_account": {"payout_account verified"},
}
"""What a refusal writes: wrong answers are counted."""

DROPPED = {
    "check_photos",
    "receive_documents",
    "load_lists",
    "screen_listed_people",
    "note_mail_fates",
    "record_wave_results",
    "make_awards",
    "refill_places",
    "meet_dues",
    "reconcile_statements",
}
"""Functions whose bad message is ``Rejected``: noted and dropped. All others report theirs as failed."""
