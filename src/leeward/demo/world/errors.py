"""Errors while the demonstration world starts or somebody waits for it."""

from leeward.foundation.errors import LeewardError


class AddressNotOurs(LeewardError):
    """This machine can't listen on a loopback address or port that the demonstration needs."""

    code = "demo_address"
    sentence = "The demonstration can't listen on {address}, port {port}: {why}."
    hint = "Choose another port; outside Linux, add the address to the loopback interface first."


class NothingCame(LeewardError):
    """An expected event did not happen in time."""

    code = "demo_waited"
    sentence = "Waited {seconds} s for {what}, and it did not come."
    hint = "Look at what the server has seen so far."
