"""The administrator's desk: the checklist before a portal opens, invitations, what an installation and a hotline are set to."""
