"""Collecting keys: the caller may press before, while or after the question is said."""

import asyncio

from hotline.dialogue.exchange import KeyInput, Keys, Silence
from hotline.edges.adapters.telephony.ari.events import KeyPressed, PlaybackOver
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.player import Player
from hotline.edges.adapters.telephony.voice import Media

LONGEST_PROMPT_S = 180.0
"""A prompt whose end is not reported within this time counts as ended."""


async def ask_by_keys(line: Line, player: Player, media: Media, keys: KeyInput) -> Keys | Silence:
    """Say ``media`` and collect keys; the first key stops the words. Raises HungUp, AriError."""
    playback = await player.ask(media.uris)
    clock = asyncio.get_running_loop().time
    ends_at = clock() + media.lasts_s
    while True:
        match await line.next(until=ends_at + keys.first_s):
            case None:
                return Silence()
            case KeyPressed(digit=digit):
                # somebody who closes every answer with # must not skip the next question
                if digit != "#" or clock() >= ends_at:
                    return await go_on_with(digit, line, player, keys)
            case PlaybackOver(playback=known) if known == playback:  # it could not be played
                ends_at = min(ends_at, clock())


async def go_on_with(digit: str, line: Line, player: Player, keys: KeyInput) -> Keys:
    """Collect the rest after the first key; an answer of one key is complete at once."""
    digits, clock = "", asyncio.get_running_loop().time
    while True:
        if digit == "#":
            return Keys(digits)
        digits += digit
        if digit in keys.instant or len(digits) >= keys.most:
            return Keys(digits)
        if len(digits) == 1:
            await player.ask([])
        until = clock() + keys.next_s
        while not isinstance(event := await line.next(until=until), KeyPressed):
            if event is None:
                return Keys(digits)
        digit = event.digit
