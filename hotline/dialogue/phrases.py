"""Every word that the system itself says in a dialogue, in each language.

A city replaces any of them by key (``Menu.phrases``). What voice says is made of whole
sentences from here and from the city, and of digits, so that each can be recorded or rendered
before anybody calls. The dialplan's own prompts stand here too (``FIXED``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.dialogue.exchange import Words
from hotline.dialogue.person_phrases import PERSONS
from hotline.dialogue.script import Channel, Menu, Wording, words

FIXED = ("missed", "missed-number", "missed-thanks", "moment", "sorry")
"""Phrases that are also played by name, without a dialogue."""

_PROBLEMS: Mapping[str, Wording] = {
    "again": {
        "vi": "Xin lỗi, đường dây vừa bị ngắt quãng. Tôi xin hỏi lại.",
        "en": "Sorry, the line was interrupted. Let me ask again.",
    },
    "no_key": {"vi": "Tôi chưa nhận được phím nào.", "en": "I did not get any key."},
    "no_speech": {
        "vi": "Tôi chưa nghe thấy ông/bà nói. Xin nói sau tiếng bíp.",
        "en": "I did not hear you. Please speak after the tone.",
    },
    "wrong_key": {
        "vi": {
            "voice": "Phím này không có trong các lựa chọn.",
            "default": "Xin chọn một trong các câu trả lời.",
        },
        "en": {
            "voice": "This key is not among the choices.",
            "default": "Please choose one of the answers.",
        },
    },
    "number_needed": {
        "vi": {"voice": "Tôi chưa nhận được con số nào.", "default": "Xin ghi bằng chữ số."},
        "en": {"voice": "I did not get a number.", "default": "Please write it in digits."},
    },
    "number_from": {"vi": "Xin cho một số từ", "en": "Please give a number from"},
    "number_to": {"vi": "đến", "en": "to"},
    "phone_wrong": {
        "vi": {
            "voice": "Số điện thoại này chưa đúng.",
            "default": "Số điện thoại này chưa đúng. Ví dụ số đúng: 0901 234 567.",
        },
        "en": {
            "voice": "This is not a telephone number.",
            "default": "This is not a telephone number. A right one: 0901 234 567.",
        },
    },
    "phone_of_nobody": {
        "vi": "Số này là số khẩn cấp hoặc số tổng đài. Xin cho số điện thoại của một người.",
        "en": "This is an emergency number or a hotline. Please give a person's number.",
    },
    "text_needed": {"vi": "Xin ghi câu trả lời.", "en": "Please write an answer."},
    "text_too_long": {
        "vi": "Câu trả lời dài quá 4.000 ký tự. Những gì đã viết vẫn còn. Xin viết ngắn lại.",
        "en": "The answer is longer than 4,000 characters. Nothing is lost. Please shorten it.",
    },
    "place_needed": {
        "vi": "Xin chọn phường, xã hoặc quận, huyện.",
        "en": "Please choose your ward or district.",
    },
    "consent_needed": {
        "vi": "Nếu ông/bà không đồng ý, chúng tôi không được lưu những gì ông/bà viết ở đây. "
        "Ông/bà có thể gọi điện thoại cho tổng đài.",
        "en": "Without your consent we may not keep what you write here. "
        "You can telephone us instead.",
    },
    "recording_failed": {
        "vi": "Xin lỗi, máy của chúng tôi chưa ghi được lời ông/bà.",
        "en": "Sorry, our machine could not record you.",
    },
}

_QUESTIONS: Mapping[str, Wording] = {
    "known_number": {
        "vi": "Ông/bà đang có một yêu cầu được giải quyết. Mã số là",
        "en": "You have a request that we are working on. Its number is",
    },
    "known_choice": {
        "vi": {
            "voice": "Muốn bổ sung cho yêu cầu này, bấm phím 1. Có việc mới, bấm phím 2.",
            "default": "Ông/bà muốn bổ sung cho yêu cầu này, hay có việc mới?",
        },
        "en": {
            "voice": "To add to this request, press 1. For something new, press 2.",
            "default": "Do you want to add to it, or is it something new?",
        },
    },
    "announcement": {
        "vi": "Việc này do đơn vị khác tiếp nhận. Xin gọi số sau.",
        "en": "Another office takes care of this. Please call this number.",
    },
    "announcement_again": {"vi": "Xin nhắc lại, số đó là", "en": "I repeat, the number is"},
    "announcement_offer": {
        "vi": {
            "voice": "Muốn chúng tôi gọi lại cho ông/bà, bấm phím 1. "
            "Nếu không cần, ông/bà có thể gác máy.",
            "default": "Ông/bà có muốn chúng tôi gọi lại không?",
        },
        "en": {
            "voice": "If you want us to call you back, press 1. Otherwise you can hang up.",
            "default": "Do you want us to call you back?",
        },
    },
    "keys_only": {
        "vi": "Chúng tôi không ghi âm lời ông/bà. Xin trả lời bằng phím. "
        "Sau đó, một người của tổng đài sẽ gọi lại.",
        "en": "We do not record what you say. Please answer with the keys. "
        "After that a person will call you back.",
    },
    "phone_offer": {
        "vi": "Dùng số đang gọi, bấm phím 1 rồi phím thăng. "
        "Dùng số khác, xin bấm số đó rồi phím thăng.",
        "en": "To use the number you are calling from, press 1 and hash. "
        "For another number, key it in, then press hash.",
    },
    "phone_key_in": {
        "vi": "Xin bấm số điện thoại, rồi bấm phím thăng.",
        "en": "Please key in the number, then press hash.",
    },
    "read_back": {
        "vi": {
            "voice": "Xin nghe lại những điều ông/bà đã cho biết.",
            "default": "Những điều ông/bà đã cho biết:",
        },
        "en": {"voice": "This is what you told us.", "default": "This is what you told us:"},
    },
    "recorded": {"vi": "Đã ghi âm lời ông/bà.", "en": "Your words are recorded."},
    "noted": {"vi": "Đã ghi nhận.", "en": "Noted."},
    "confirm": {
        "vi": {
            "voice": "Nếu tất cả đều đúng, bấm phím 1. Nếu có điều cần sửa, bấm phím 2.",
            "default": "Những điều trên đã đúng chưa?",
        },
        "en": {
            "voice": "If all of it is right, press 1. If something is wrong, press 2.",
            "default": "Is all of it right?",
        },
    },
    "correct": {"vi": "Ông/bà muốn sửa điều nào?", "en": "What do you want to change?"},
    "press": {"vi": "Bấm phím", "en": "Press"},
    "correct_nothing": {
        "vi": {"voice": "Không sửa gì, bấm phím 0.", "default": "Hoặc không sửa gì."},
        "en": {"voice": "To change nothing, press 0.", "default": "Or change nothing."},
    },
    "callback_number": {
        "vi": {
            "voice": "Một người của tổng đài sẽ gọi lại. Chúng tôi chưa biết số của ông/bà. "
            "Xin bấm số điện thoại, rồi bấm phím thăng.",
            "default": "Chúng tôi gọi lại cho ông/bà theo số điện thoại nào?",
        },
        "en": {
            "voice": "A person will call you back. We do not know your number. "
            "Please key it in, then press hash.",
            "default": "At which telephone number can we call you back?",
        },
    },
}

_FAREWELLS: Mapping[str, Wording] = {
    "received": {
        "vi": "Chúng tôi đã nhận được yêu cầu của ông/bà. Mã tra cứu là",
        "en": "We have received your request. Its tracking code is",
    },
    "kept": {
        "vi": "Những điều ông/bà cho biết đã được giữ lại. Mã tra cứu là",
        "en": "We have kept what you told us. The tracking code is",
    },
    "code_again": {"vi": "Xin nhắc lại, mã tra cứu là", "en": "I repeat, the tracking code is"},
    "added": {
        "vi": "Lời bổ sung của ông/bà đã được ghi vào yêu cầu. Mã tra cứu là",
        "en": "What you added now stands with your request. Its tracking code is",
    },
    "on_its_way": {
        "vi": "Yêu cầu đang được chuyển đến cơ quan có trách nhiệm.",
        "en": "The request is on its way to the agency in charge.",
    },
    "callback_at": {
        "vi": "Một người của tổng đài sẽ gọi lại cho ông/bà theo số",
        "en": "A person will call you back at",
    },
    "callback": {
        "vi": "Một người của tổng đài sẽ gọi lại cho ông/bà.",
        "en": "A person will call you back.",
    },
    "no_number": {
        "vi": "Chúng tôi chưa có số điện thoại của ông/bà. Xin ông/bà gọi lại tổng đài.",
        "en": "We do not have your telephone number. Please call us again.",
    },
    "goodbye": {"vi": "Cảm ơn ông/bà. Xin chào.", "en": "Thank you. Goodbye."},
}

_FIXED: Mapping[str, Wording] = {
    "missed": {
        "vi": "Nếu có người nguy hiểm đến tính mạng, xin gọi ngay 115, 114 hoặc 113. "
        "Xin lỗi ông/bà, tổng đài đang gặp trục trặc. Chúng tôi sẽ gọi lại cho ông/bà.",
        "en": "If a life is in danger, call 115, 114 or 113 at once. "
        "We are sorry, the hotline has a fault. We will call you back.",
    },
    "missed-number": {
        "vi": "Chúng tôi chưa biết số của ông/bà. Xin bấm số điện thoại, rồi bấm phím thăng.",
        "en": "We do not know your number. Please key it in, then press hash.",
    },
    "missed-thanks": {
        "vi": "Cảm ơn ông/bà. Một người của tổng đài sẽ gọi lại. Xin chào.",
        "en": "Thank you. A person will call you back. Goodbye.",
    },
    "moment": {"vi": "Xin ông/bà chờ trong giây lát.", "en": "One moment, please."},
    "sorry": {
        "vi": "Xin lỗi ông/bà, máy của chúng tôi gặp trục trặc. "
        "Một người của tổng đài sẽ gọi lại cho ông/bà.",
        "en": "We are sorry, our machine has a fault. A person will call you back.",
    },
}

PHRASES: Mapping[str, Wording] = {
    **_PROBLEMS,
    **_QUESTIONS,
    **PERSONS,
    **_FAREWELLS,
    **_FIXED,
}


def phrase(key: str, *, menu: Menu, language: str, channel: str) -> str:
    """The words of a phrase, the city's own if it has some. Raises KeyError for a key that
    does not exist."""
    return words(menu.phrases.get(key, PHRASES[key]), language=language, channel=channel)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one dialogue's language, for one channel."""

    menu: Menu
    language: str
    channel: Channel

    def phrase(self, key: str) -> Words:
        return Words(phrase(key, menu=self.menu, language=self.language, channel=self.channel))

    def words(self, wording: Wording) -> Words:
        return Words(words(wording, language=self.language, channel=self.channel))
