"""The citizens' telephone itself: without Asterisk."""

import math
from array import array

import pytest

from bench.phone import g711, sip
from bench.phone.g711 import Codec
from bench.phone.media import Sound
from bench.phone.sip import MalformedError

ANSWER = (
    "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1\r\n"
    "Record-Route: <sip:10.0.0.1;lr>\r\nRecord-Route: <sip:10.0.0.2;lr>\r\n"
    "i: abc@127.0.0.1\r\nCSeq: 1 INVITE\r\nm: <sip:127.0.0.1:5060>\r\n\r\n"
    "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 10420 RTP/AVP 8 96\r\n"
    "a=rtpmap:96 telephone-event/8000\r\n"
)


@pytest.mark.parametrize("codec", list(Codec))
def test_a_tone_survives_the_codec(codec: Codec) -> None:
    tone = array("h", [int(8000 * math.sin(i / 4)) for i in range(800)])
    heard = g711.decode(g711.encode(tone, codec), codec)
    assert max(abs(a - b) for a, b in zip(tone, heard, strict=True)) < 300


@pytest.mark.parametrize("codec", list(Codec))
def test_every_byte_of_a_codec_is_encoded_back_to_itself(codec: Codec) -> None:
    every = bytes(range(256))
    # mu-law has two zeros
    back = g711.encode(g711.decode(every, codec), codec)
    assert g711.decode(back, codec) == g711.decode(every, codec)


@pytest.mark.parametrize("codec", list(Codec))
def test_silence_is_not_loud(codec: Codec) -> None:
    assert g711.loudness(codec.silence * 160, codec) < 10


def test_an_answer_is_read_with_its_compact_headers_and_its_sound() -> None:
    answer = sip.parse(ANSWER.encode())
    assert (answer.status, answer.sequence) == (200, (1, "INVITE"))
    assert answer.get("Call-ID") == "abc@127.0.0.1"
    assert answer.get("Contact") == "<sip:127.0.0.1:5060>"
    assert answer.all("Record-Route") == ["<sip:10.0.0.1;lr>", "<sip:10.0.0.2;lr>"]
    media = sip.accepted(answer.body)
    assert (media.host, media.port, media.codec, media.keys) == ("127.0.0.1", 10420, 8, 96)


def test_an_offer_can_be_read_by_the_other_side() -> None:
    media = sip.accepted(sip.offer("127.0.0.1", 4000, [Codec.PCMU]))
    assert (media.port, media.codec, media.keys) == (4000, Codec.PCMU, 101)


@pytest.mark.parametrize(
    "datagram", [b"", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"A\r\nb", b"\xff" * 99]
)
def test_noise_is_malformed(datagram: bytes) -> None:
    with pytest.raises(MalformedError):
        sip.parse(datagram)


def test_late_and_doubled_packets_are_not_heard_twice() -> None:
    sound = Sound()
    sound.begin(sip.Media("127.0.0.1", 4000, Codec.PCMA))
    for sequence in (65535, 0, 0, 65535, 1):
        header = bytes([0x80, 8]) + sequence.to_bytes(2, "big") + bytes(8)
        sound.datagram_received(header + bytes([sequence & 0xFF]) * 2, ("127.0.0.1", 1))
    assert bytes(sound.heard) == b"\xff\xff\x00\x00\x01\x01"
