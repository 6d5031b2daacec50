"""The ways out and in. One file each: `smtp.py` hands a message over, `mailbox.py` takes mail in. To add a way out, write a
function that takes what `smtp.hand_over` takes and returns an `Outcome`, and let `services/delivery.py` choose it."""
