"""Code that runs in child processes (`foundation/sandbox`): reading pages, decoding pictures and videos. No Django here."""
