"""Everything that voice may say, so that it can be recorded or rendered before anybody calls."""

from collections.abc import Iterable, Iterator

from hotline.dialogue.phrases import PHRASES, phrase
from hotline.dialogue.script import Book, Channel, Script, Wording, words


def spoken_texts(book: Book, languages: Iterable[str]) -> frozenset[tuple[str, str]]:
    """(language, text) of all ``Words`` that a voice dialogue and its farewell can hold.

    Beside them a call says digits and two sentences that come from outside: the stage of a
    known case (``State.known_stage``) and the promise in the farewell.
    """
    menu = book.menu
    return frozenset(
        (language, text)
        for language in languages
        for text in (
            *(phrase(key, menu=menu, language=language, channel=Channel.VOICE) for key in PHRASES),
            *(
                words(wording, language=language, channel=Channel.VOICE)
                for wording in _wordings(book)
            ),
        )
    )


def _wordings(book: Book) -> Iterator[Wording]:
    menu = book.menu
    yield from (menu.emergency, menu.greeting, menu.prompt, menu.consent)
    for branch in menu.branches:
        if branch.announcement is not None:
            yield branch.announcement
        if branch.line is not None:
            yield from filter(None, (branch.line.closed_words, branch.line.waiting_words))
    for script in book.scripts.values():
        yield from _of_script(script)


def _of_script(script: Script) -> Iterator[Wording]:
    for slot in script.slots:
        yield slot.ask
        yield slot.label
        yield from (option.label for option in slot.options)
