"""Where devices are examined and with what, and whom to ask abroad."""
