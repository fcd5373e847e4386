"""The funnel of the demo beside the launch's own (12 April 2020, 21 hours after opening; Kemenko Perekonomian)."""

from infra.local.demo.counts import EMAIL_VERIFIED, JOINED, NIK_VERIFIED, PLACES, REGISTERED, Counts


def funnel_table(counts: Counts, scale: int) -> str:
    rows = [
        ("registered", counts.registered, REGISTERED),
        ("e-mail verified", counts.email_verified, EMAIL_VERIFIED),
        ("NIK verified", counts.nik_verified, NIK_VERIFIED),
        ("joined after 21 hours", counts.joined_at_21_hours, JOINED),
        ("joined at closing", counts.joined, None),
        ("places", counts.places, PLACES),
        ("awarded", counts.awarded, None),
        ("completed a course", counts.completed, None),
        ("incentives paid", counts.incentives_paid, None),
    ]
    head = f"{'':26}{'here':>10}{'here x ' + str(scale):>16}{'launch 2020':>16}"
    lines = [head, "-" * len(head)]
    for name, here, launch in rows:
        lines.append(f"{name:26}{here:>10,}{here * scale:>16,}{f'{launch:,}' if launch else '':>16}")
    lines.append("")
    for reason, times in sorted(counts.not_verified.items(), key=lambda row: -row[1]):
        lines.append(f"  not verified: {reason:32}{times:>6}")
    lines.append(f"  verified but not eligible or not ready: {counts.not_eligible:>6}")
    books = f"bank's books Rp {counts.bank_paid_rupiah:,} · ours Rp {counts.paid_rupiah:,}"
    lines.append(f"  mails {counts.mails_sent:,} · {books}")
    return "\n".join(lines)
