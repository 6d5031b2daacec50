"""The administrator's desk: the checklist before a portal opens, invitations, and the settings of an installation and a
hotline."""
