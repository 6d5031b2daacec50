"""The texts of notices, referrals and alerts, and how they are put together."""
