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
    "take_bank_notices": {"payout settled", "posting posted", "head kept", "bank_notice seen"},
    "let_payout_go": {"payout held"},
    "cancel_payout": {"payout held"},
    "repeat_payout_now": {"payout ready"},
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
    "verify_payout_accounts": {"payout_account verified", "holder held"},
    "prepare_incentives": {"payout prepared", "posting posted", "head kept"},
    "move_batches": {"payout_batch filling"},
    "resume_payouts": {"payout ready"},
    "settle_payouts": {"payout settled", "posting posted", "head kept"},
    "inquire_payouts": {"payout settled", "posting posted", "head kept"},
    # Changes
    "follow_applicants": {"message identities-to-claim"},
    "follow_waves": {"message awards-to-make"},
    "feed_draws": set(),  # who joined is a file
    "feed_journal": set(),  # so is what was posted
    "follow_lists": {"message lists-to-load"},
    "follow_memberships": {"message announcements-to-send"},
    "follow_purchases": {"message certificates-to-issue"},
    "follow_payouts": {"message payouts-to-inquire"},
    # Ticks
    "release_waiting_checks": {"backlog kept"},
    "anchor_audit": set(),  # its root is a file
    "close_books": set(),  # so is what closes a day
    "watch_mails": {"mail_plan kept"},
    "watch_gate": {"gate kept"},
    "tick_wave_clock": {"wave open", "message draw-steps-to-take"},
    "sweep_memberships": {"message dues-to-meet"},
    "sweep_standing_payouts": {"message payouts-to-inquire"},
    "build_payout_batches": {"payout_batch filling"},
}

ON_RECORD: Mapping[str, Set[str]] = {"show_case": {"audit_entry kept"}, "show_audit": {"audit_entry kept"}}
"""Doors that only read, and whoever comes through them is noted."""

READING = {
    "begin_upload": "the form is signed, not stored",
    "begin_document": "so is this one",
    "lift": "nothing was held back from the sample's address",
    "url_generate": "the invitation is derived, not stored",
    "challenge": "the puzzle is signed, not stored",
    "take_turn": "so is the ticket",
    **dict.fromkeys(("quota_schedule", "payment_status", "redeem_code_status"), "the published API asks by POST"),
}
"""Doors other than GET that write nothing, and why."""

REFUSALS: Mapping[str, tuple[int, str, str | None]] = {
    "register": (400, "email_invalid", "email"),
    "challenge": (400, "email_invalid", "email"),
    "take_turn": (400, "field_not_text", "altcha"),
    "arm": (400, "time_is_past", "begins_at"),
    "lift": (400, "email_invalid", "email"),
    "take_sendgrid_notices": (401, "signature_wrong", None),
    "verify": (400, "code_wrong_or_expired", "code"),
    "open_session": (401, "email_or_password_wrong", None),
    "close_session": (401, "not_signed_in", None),
    "put_identity": (400, "number_not_16_digits", "nik"),
    "amend": (400, "number_not_16_digits", "nik"),
    "begin_upload": (400, "field_no_choice", "kind"),
    "renew": (409, "identity_not_verified", None),
    "put_declaration": (400, "declaration_not_accepted", "accepted"),
    "plan": (400, "time_not_after", "closes_at"),
    "change_plan": (400, "time_not_before", "draws_at"),
    "approve_plan": (409, "wave_moved", "version"),
    "ask_to_annul": (400, "reason_short", "reason"),
    "approve_to_annul": (409, "draw_is_another", "draw_digest"),
    "list_waves": (400, "limit_out_of_range", "limit"),
    "show_wave": (404, "wave_unknown", "number"),
    "show_draw": (404, "draw_not_published", "number"),
    "show_wave_receipt": (404, "wave_not_joined", "number"),
    "join": (409, "wave_closed", "wave"),
    "watch_video": (400, "video_unknown", "video"),
    "enrol": (409, "partner_already_enrolled", "client_code"),
    "put_course": (400, "platform_is_provider", "provider"),
    "put_schedule": (400, "time_not_after", "ends_on"),
    "show_courses": (400, "limit_out_of_range", "limit"),
    "show_course": (404, "course_unknown", "code"),
    "show_trainings": (401, "not_signed_in", None),
    "attend": (400, "attendance_state_wrong", "state"),
    "review": (400, "field_too_large", "stars"),
    "quota_schedule": (404, "schedule_unknown", "schedule_code"),
    "send_otp": (400, "course_not_of_partner", "course_code"),
    "authorize": (400, "code_wrong_or_expired", "otp"),
    "payment_status": (404, "invoice_unknown", "invoice_code"),
    "void": (409, "invoice_already_voided", "invoice_code"),
    "redeem_code_status": (404, "redeem_code_unknown", "redeem_code"),
    "redeem_code_commit": (401, "signature_wrong", "signature"),
    "redeem_code_reset": (409, "reset_only_in_sandbox", "redeem_code"),
    "url_generate": (409, "redeem_code_not_redeemed", "redeem_code"),
    "put_account": (400, "bank_unknown", "bank"),
    "list_cases": (400, "field_no_choice", "state"),
    "show_case": (400, "reference_mistyped", "reference"),
    "disclose": (400, "reason_is_personal", "reason"),
    "decide": (409, "case_moved", None),
    "judge_selfie": (409, "case_moved", None),
    "correct": (400, "evidence_unknown", "evidence_key"),
    "ask_for_documents": (400, "field_no_choice", "documents.0"),
    "begin_document": (409, "document_not_wanted", "kind"),
    "show_access_log": (403, "not_allowed", None),
    "show_audit": (403, "not_allowed", None),
    "list_payouts": (400, "state_unknown", "state"),
    "take_bank_notices": (401, "signature_wrong", None),
    "show_payout": (404, "payout_unknown", "payout_id"),
    "let_payout_go": (409, "illegal_transition", None),
    "cancel_payout": (403, "not_allowed", None),
    "repeat_payout_now": (409, "payout_not_to_be_repeated", None),
    "ask_for_batches": (401, "not_signed_in", None),
    "list_batches": (400, "state_unknown", "state"),
    "show_batch": (404, "batch_unknown", "batch_id"),
    "show_batch_lines": (400, "cursor_invalid", "after"),
    "approve_payout_batch": (400, "batch_checksum_differs", "checksum"),
    "refuse_payout_batch": (409, "illegal_transition", None),
    "show_payout_channels": (401, "not_signed_in", None),
    "put_payout_channel": (400, "bank_unknown", "bank"),
    "show_lists": (401, "not_signed_in", None),
    "show_versions": (400, "list_unknown", "list"),
    "show_flaws": (404, "list_version_unknown", "number"),
    "activate": (403, "activator_must_differ", None),
    "discard": (409, "illegal_transition", None),
    "list_postings": (400, "cursor_invalid", "after"),
    "show_own_statement": (400, "cursor_invalid", "after"),
    "show_statement": (400, "reason_is_personal", "reason"),
    "show_accounts": (404, "day_not_closed", "day"),
    "show_account": (400, "field_not_date", "day"),
    "list_corrections": (400, "cursor_invalid", "after"),
    "ask_to_correct": (404, "posting_unknown", "key"),
    "approve_to_correct": (403, "asker_may_not_correct", None),
    "refuse_to_correct": (404, "correction_unknown", "id"),
    "show_eligibility": (400, "number_expected", "after"),
    "show_journey": (401, "not_signed_in", None),
}
"""Status, code and field. A page that takes nothing refuses nothing: see ``PAGES``."""

PAGES = {"show_start_page", "show_register_page", "show_gate", "show_openapi", "show_docs", "show_verify_page"}
PAGES |= {"show_attend_page", "show_health", "show_receipt_keys", "show_draws_page", "show_draw_checker"}
"""They take nothing from a request; their bad samples try to have something repeated."""

FEEDS = {"feed_draws", "feed_journal"}
"""What cannot be read there stops nothing: whoever is missing in the list of a wave is found by counting, and a posting
that is not in the journal by comparing."""

COUNTED = {
    "verify": {"failures kept", "bucket kept"},
    "open_session": {"failures kept", "bucket kept"},
    "authorize": {"purchase offered"},
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
}
"""Functions whose bad message is ``Rejected``: noted and dropped. All others report theirs as failed."""
