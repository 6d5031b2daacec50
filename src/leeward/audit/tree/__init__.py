"""The tree beside the chain: grown, signed, cosigned, proven."""
