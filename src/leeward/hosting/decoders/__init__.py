"""What runs in child processes (`ground/sandbox`): reading pages, decoding pictures and videos. No Django here."""
