"""What comes before a script: greeting, known case, menu, outside numbers, consent."""

from hotline.core.evolve import evolve
from hotline.dialogue import moves
from hotline.dialogue.exchange import Event, Say
from hotline.dialogue.moves import Result
from hotline.dialogue.questions import speaker_of
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import Outcome, Stage, State

ADD, NEW = "add", "new"
YES, NO = "yes", "no"
_KNOWN = {"1": ADD, "2": NEW, ADD: ADD, NEW: NEW}
_YES_NO = {"1": YES, "2": NO, YES: YES, NO: NO}


def greet(state: State, book: Book) -> Result:
    """Emergencies first, then who speaks, that it is free and recorded, then what is asked."""
    speaker = speaker_of(state, book)
    menu = book.menu
    hello = Say((speaker.words(menu.emergency), speaker.words(menu.greeting)))
    branch = menu.branch(state.branch or "")
    if state.known_case is not None:
        return moves.ask(moves.go(state, Stage.KNOWN), book, before=(hello,))
    if branch is not None:
        entered, actions = moves.enter_branch(state, branch, book)
        return entered, (hello, *actions)
    return moves.ask(moves.go(state, Stage.MENU), book, before=(hello,))


def on_known(state: State, event: Event, book: Book) -> Result:
    match moves.chosen(event, _KNOWN):
        case "add":
            adding = evolve(state, adding_to=state.known_case, branch=None)
            return moves.enter_script(adding, book.menu.addition, book)
        case "new":
            branch = book.menu.branch(state.branch or "")
            if branch is not None:
                return moves.enter_branch(state, branch, book)
            return moves.ask(moves.go(state, Stage.MENU), book)
    again = moves.missed(state, book, moves.misread(event, speaker_of(state, book)))
    return again or moves.hand_over(state, book, "no_answer")


def on_menu(state: State, event: Event, book: Book) -> Result:
    key = moves.chosen(event, {branch.key: branch.key for branch in book.menu.branches})
    branch = book.menu.branch(key) if key is not None else None
    if branch is not None:
        return moves.enter_branch(state, branch, book)
    operator = book.menu.operator_key
    if state.channel is Channel.VOICE and moves.chosen(event, {operator: operator}):
        return moves.hand_over(state, book, "asked")  # an operator key that is a digit
    again = moves.missed(state, book, moves.misread(event, speaker_of(state, book)))
    return again or moves.hand_over(state, book, "no_answer")


def on_announcement(state: State, event: Event, book: Book) -> Result:
    """The number was said twice; whoever does not ask for a call-back has what they need."""
    if moves.chosen(event, _YES_NO) == YES:
        return moves.hand_over(state, book, "announcement")
    return moves.end(state, book, Outcome.COMPLETE)


def on_consent(state: State, event: Event, book: Book) -> Result:
    """On the phone no answer means no, and a no means: by keys only. Elsewhere nothing can be
    taken without keeping what was written."""
    answer = moves.chosen(event, _YES_NO)
    if answer == YES:
        return moves.advance(evolve(state, consent=True), book)
    speaker = speaker_of(state, book)
    if state.channel is Channel.VOICE:
        problem = moves.misread(event, speaker)
        again = None if answer == NO else moves.missed(state, book, problem)
        return again or _refused(state, book)
    again = moves.missed(state, book, (speaker.phrase("consent_needed"),))
    return again or moves.hand_over(state, book, "refused_recording")


def _refused(state: State, book: Book) -> Result:
    refused = evolve(state, consent=False)
    say = Say((speaker_of(state, book).phrase("keys_only"),))
    return moves.advance(refused, book, before=(say,))
