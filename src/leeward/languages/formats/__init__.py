"""How a language writes dates where Django’s own form is not ours (`FORMAT_MODULE_PATH`)."""
