"""What happens to the reports of a portal: its people assess them, or they are passed on to the police. Pure."""

ASSESS, POST_BOX = "assess", "post_box"
MODES = (ASSESS, POST_BOX)
