"""What is refused at the edges, and in which words: people read them in a command's answer."""

import base64
from collections.abc import Callable

import pytest

from leeward.audit.rules.merkle import EMPTY_ROOT, is_continued, leaf_hash
from leeward.audit.rules.notes import (
    LOG,
    MOST_CHARACTERS,
    WITNESS,
    Checkpoint,
    Key,
    Line,
    Note,
    NoteRefused,
    hash_in,
    line_in,
    lines_of,
    size_in,
    unbase64,
)
from leeward.audit.rules.policy import AHEAD_SECONDS, FRESH_SECONDS, Judged, Policy, best, judged
from leeward.audit.rules.proofs import Proof, proven
from leeward.audit.rules.tiles import path_of, tile_in
from leeward.audit.rules.witnessing import read_request
from tests.audit.test_notes import AT_13, KEYS, LOG_KEY, ROWS, VECTORS, WITNESSES, entry_of

TEXT_13 = (VECTORS / "checkpoint-13.txt").read_text()
TEXT_5 = (VECTORS / "checkpoint-5.txt").read_text()
PROOF = (VECTORS / "row-5.tlog-proof").read_text()
HASH = base64.b64encode(EMPTY_ROOT).decode()
LINE = Note.read(TEXT_13).lines[0].text
THREE_LINES = "a checkpoint is three lines: origin, size, root"
NO_KEY = "a key has three parts: name+id+base64"
NO_LINE = "a signature line is a dash (U+2014), a name and base64"
NO_NOTE = "a note is a text, an empty line, and signature lines that end with a newline"
LONG = "a note is at most 64 KiB of text without control characters"
NO_SIZE = "a size is a decimal number without leading zeros"
NO_PROOF = "this is not a proof: its first lines are c2sp.org/tlog-proof@v1 and the row's index"


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (Checkpoint.read, "a\n1\n", THREE_LINES),
        (Checkpoint.read, f"\n1\n{HASH}\n", THREE_LINES),
        (Checkpoint.read, f"a\n1\n{HASH}\nb", THREE_LINES),
        (Checkpoint.read, f"a\n\n{HASH}\n", NO_SIZE),
        (Key.read, "a+b", NO_KEY),
        (Key.read, "+00000000+AAAA", NO_KEY),
        (
            Key.read,
            f"a+00000000+{base64.b64encode(bytes(33)).decode()}",
            "this is not an Ed25519 key of a log or a witness",
        ),
        (
            Key.read,
            LOG_KEY.text.replace("44bf", "44be"),
            "the id doesn't belong to this name and key: a character was mistyped",
        ),
        (Note.read, "a\tb\n\n" + LINE, LONG),
        (Note.read, "a" * MOST_CHARACTERS + "\n\n" + LINE, LONG),
        (Note.read, "a\n" + LINE, NO_NOTE),
        (Note.read, "a\n\n" + LINE.rstrip(), NO_NOTE),
        (Note.read, "\n\n" + LINE, NO_NOTE),
        (Note.read, "a\n\n" + LINE * 101, "a note has at most 100 signatures"),
        (line_in, "a b c", NO_LINE),
        (line_in, "\u2014  name AAAAAAAA", NO_LINE),
        (line_in, "\u2014 a\tb AAAAAAAA", NO_LINE),
        (line_in, "\u2014 a+b AAAAAAAA", NO_LINE),
        (line_in, "\u2014 name AAAA", "a signature is longer than its key's id"),
        (hash_in, "AAAA", "a hash is 32 bytes"),
        (size_in, "", NO_SIZE),
        (size_in, "01", NO_SIZE),
        (size_in, "-1", NO_SIZE),
        (size_in, "\u0661", NO_SIZE),
        (size_in, "1" * 19, NO_SIZE),
        (unbase64, "A!AA", "this is not base64"),
        (unbase64, "AA A=", "this is not base64"),
        (unbase64, "AAB=", "this is base64, but not as it would be written"),
        (Proof.read, "c2sp.org/tlog-proof@v1", NO_PROOF),
        (Proof.read, "c2sp.org/tlog-proof@v1\nrow 4\n\n" + TEXT_13, NO_PROOF),
        (read_request, "old 0\n" + LINE, "the first line is: old SIZE"),
        (read_request, "new 0\n\n" + TEXT_13, "the first line is: old SIZE"),
        (read_request, "old 0\n" + f"{HASH}\n" * 64 + "\n" + TEXT_13, "a proof has at most 63 hashes"),
        (Proof.read, PROOF.replace("index 4\n", "index 4\n" + f"{HASH}\n" * 60), "a proof has at most 63 hashes"),
    ],
)
def test_the_words_of_a_refusal(read: Callable[[str], object], text: str, words: str) -> None:
    with pytest.raises(NoteRefused) as refused:
        read(text)
    assert str(refused.value) == words


def test_what_is_just_within_the_limits_is_read() -> None:
    assert size_in("9" * 18) == 10**18 - 1
    assert size_in("0") == 0
    assert len(Note.read("a\n\n" + LINE * 100).lines) == 100
    room = MOST_CHARACTERS - len(LINE) - 2
    assert Note.read("a" * room + "\n\n" + LINE).body == "a" * room + "\n"
    assert Note.read("a\n\nb\n\n" + LINE).body == "a\n\nb\n", "the text ends at the last empty line"
    assert line_in("\u2014 n " + base64.b64encode(b"12345").decode()) == Line("n", b"1234", b"5")
    assert len(read_request("old 0\n" + f"{HASH}\n" * 63 + "\n" + TEXT_13).proof) == 63
    assert len(Proof.read(PROOF.replace("index 4\n", "index 4\n" + f"{HASH}\n" * 59)).hashes) == 63
    assert Proof.read(f"c2sp.org/tlog-proof@v1\nindex 0\n\n{TEXT_13}").hashes == ()
    for length, is_read in ((255, True), (256, False)):
        text = Key("n" * length, LOG, LOG_KEY.raw).text
        if is_read:
            assert Key.read(text).name == "n" * length
        else:
            with pytest.raises(NoteRefused, match="three parts"):
                Key.read(text)
    assert tile_in("tile/0/" + "/".join(["x999"] * 5 + ["999"])) == (0, 10**18 - 1, 256)
    assert tile_in("tile/0/" + "/".join(["x999"] * 6 + ["999"])) is None
    assert path_of(0, 10**18 - 1).count("x999") == 5
    assert not is_continued(0, 1, EMPTY_ROOT[::-1], leaf_hash(b""), [])
    assert not is_continued(0, 1, EMPTY_ROOT, leaf_hash(b""), [EMPTY_ROOT])


def test_a_false_line_and_a_foreign_row_are_named() -> None:
    note = Note.read(TEXT_13)
    false = Note(note.body, (Line(note.lines[0].name, note.lines[0].key_id, bytes(64)),))
    with pytest.raises(NoteRefused) as refused:
        lines_of(false, [LOG_KEY])
    assert str(refused.value) == f"the signature of {LOG_KEY.name} is false"
    with pytest.raises(NoteRefused) as refused:
        proven(Proof.read(PROOF), entry_of(ROWS[0]["hash"], ROWS[0]["nonce"]), LOG_KEY, WITNESSES)
    assert str(refused.value) == "the row is not in this log, or it was changed"
    unsigned = Proof(4, Proof.read(PROOF).hashes, Note(note.body, note.lines[1:]))
    with pytest.raises(NoteRefused) as refused:
        proven(unsigned, entry_of(ROWS[4]["hash"], ROWS[4]["nonce"]), LOG_KEY, WITNESSES)
    assert str(refused.value) == "the log didn't sign this checkpoint"


LINES = f"# whom we trust\n\nlog {LOG_KEY.text}\n" + "".join(f"witness  {each.text}  # one\n" for each in WITNESSES)


def test_a_policy_judges_a_note_by_its_keys_and_the_time() -> None:
    policy = Policy.read(LINES)
    assert (policy.logs, policy.witnesses, policy.need) == ((LOG_KEY,), tuple(WITNESSES), 2)
    assert Policy.read(LINES + "need  3").need == 3
    note = Note.read(TEXT_13)
    checkpoint = Checkpoint.read(note.body)
    seen = tuple(sorted((each.name, AT_13) for each in WITNESSES))
    for now in (AT_13 - AHEAD_SECONDS, AT_13, AT_13 + FRESH_SECONDS):
        assert judged(policy, note, now) == Judged(checkpoint, seen, "")
    late = "0 of the 2 witnesses needed saw it in the last 26 hours"
    for now in (AT_13 - AHEAD_SECONDS - 1, AT_13 + FRESH_SECONDS + 1):
        assert judged(policy, note, now) == Judged(checkpoint, seen, late)
    two = Note(note.body, note.lines[:3])
    assert judged(policy, two, AT_13).problem == ""
    one = Note(note.body, note.lines[:2])
    assert judged(policy, one, AT_13).problem == "1 of the 2 witnesses needed saw it in the last 26 hours"
    stranger = Policy.of((Key.read(KEYS["vkeys"]["sigsum_log"]),), (), None)
    assert judged(stranger, note, AT_13) == Judged(None, (), f"no key is trusted for {LOG_KEY.name}")
    unsigned = Note(note.body, note.lines[1:])
    assert judged(policy, unsigned, AT_13) == Judged(None, (), "the log didn't sign this checkpoint")


def test_a_policy_may_say_where_a_witness_is_asked() -> None:
    one, two, three = WITNESSES
    text = f"witness {one.text}  https://w.example/witness/  # by telephone\nwitness {two.text} http://127.0.0.1:1/X/\nwitness {three.text} "
    policy = Policy.read(text)
    assert policy.addresses == {one: "https://w.example/witness", two: "http://127.0.0.1:1/X"}
    assert policy.witnesses == (one, two, three)
    with pytest.raises(NoteRefused) as refused:
        Policy.read(f"\nlog {LOG_KEY.text} https://l.example")
    assert str(refused.value) == "line 2 is longer than: log VKEY"
    with pytest.raises(NoteRefused) as refused:
        Policy.read("vote 0")
    assert str(refused.value) == "line 1 is none of: log VKEY, witness VKEY ADDRESS, need NUMBER"
    assert base64.b64decode(LOG_KEY.base64) == LOG_KEY.raw


def test_the_best_note_is_the_first_with_nothing_missing() -> None:
    policy = Policy.read(LINES)
    bare, good = Note.read(TEXT_5), Note.read(TEXT_13)
    found = best(policy, [bare, good], AT_13)
    assert found == judged(policy, good, AT_13)
    assert best(policy, [bare, Note(good.body, good.lines[:1])], AT_13) == judged(policy, bare, AT_13)
    assert best(policy, [], AT_13) is None


def test_the_words_of_a_refused_policy() -> None:
    for text, words in (
        (f"log {WITNESSES[0].text}", "a key of a log stands where one of a witness should, or the other way round"),
        (f"witness {LOG_KEY.text}", "a key of a log stands where one of a witness should, or the other way round"),
        (f"log {LOG_KEY.text}\nlog {LOG_KEY.text}", "one key stands here twice"),
        (f"log {LOG_KEY.text}\nwitness {Key('x', WITNESS, LOG_KEY.raw).text}", "one key stands here twice"),
        (
            f"witness {Key('x', WITNESS, LOG_KEY.raw).text}\nwitness {Key('y', WITNESS, LOG_KEY.raw).text}",
            "one key stands here twice",
        ),
    ):
        with pytest.raises(NoteRefused) as refused:
            Policy.read(text)
        assert str(refused.value) == words


def test_the_logs_of_an_installation_have_one_key() -> None:
    """That of its signer: so `leeward audit key` prints it once for each of them."""
    other = Key("another/log", LOG_KEY.kind, LOG_KEY.raw)
    policy = Policy.read(f"log {other.text}\n{LINES}")
    assert policy.logs == (other, LOG_KEY)
    assert judged(policy, Note.read(TEXT_13), AT_13) == judged(Policy.read(LINES), Note.read(TEXT_13), AT_13)
