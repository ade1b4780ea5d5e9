"""A small city for tests: three kinds of need, a neighbour who calls, an outside number."""

from hotline.dialogue.script import (
    Book,
    Branch,
    Condition,
    Fills,
    Line,
    Menu,
    Option,
    Script,
    Slot,
    SlotKind,
    Wording,
)


def both(vi: str, en: str) -> Wording:
    return {"vi": vi, "en": en}


def spoken(voice: str, page: str, en: str) -> Wording:
    return {"vi": {"voice": voice, "default": page}, "en": en}


def option(key: str, digit: str, label: str) -> Option:
    return Option(key=key, digit=digit, label=both(label, key), category=f"c-{key}")


HARDSHIP = Script(
    key="hardship",
    title=both("Khó khăn", "Hardship"),
    slots=(
        Slot(
            key="need",
            kind=SlotKind.CHOICE,
            fills=Fills.CATEGORY,
            label=both("Cần giúp", "Need"),
            ask=spoken("Lương thực bấm 1. Chế độ bấm 2. Người khác bấm 3.", "Cần gì?", "Need?"),
            options=(
                option("food", "1", "Lương thực"),
                option("support", "2", "Chế độ"),
                option("others", "3", "Người khó khăn khác"),
            ),
        ),
        Slot(
            key="for_whom",
            kind=SlotKind.CHOICE,
            label=both("Cho ai", "For whom"),
            ask=spoken("Cho mình bấm 1. Cho người khác bấm 2.", "Cho ai?", "For whom?"),
            options=(option("self", "1", "Bản thân"), option("other", "2", "Người khác")),
        ),
        Slot(
            key="household",
            kind=SlotKind.NUMBER,
            label=both("Số người", "People"),
            ask=both("Nhà có mấy người?", "How many people?"),
            minimum=1,
            maximum=50,
        ),
        Slot(
            key="place",
            kind=SlotKind.PLACE,
            fills=Fills.PLACE,
            label=both("Địa chỉ", "Address"),
            ask=spoken("Xin đọc địa chỉ sau tiếng bíp.", "Ở đâu?", "Where?"),
        ),
        Slot(
            key="details",
            kind=SlotKind.TEXT,
            fills=Fills.DETAILS,
            label=both("Hoàn cảnh", "Situation"),
            ask=both("Hoàn cảnh ra sao?", "What is the situation?"),
        ),
        Slot(
            key="subject_phone",
            kind=SlotKind.PHONE,
            fills=Fills.SUBJECT_PHONE,
            required=False,
            label=both("Số của người cần giúp", "Their number"),
            ask=both("Số của người cần giúp?", "Their number?"),
            when=Condition(slot="for_whom", among=("other",)),
        ),
        Slot(
            key="reporter_phone",
            kind=SlotKind.PHONE,
            fills=Fills.REPORTER_PHONE,
            label=both("Số của ông/bà", "Your number"),
            ask=both("Gọi lại theo số nào?", "Your number?"),
        ),
    ),
)
IDEA = Script(
    key="idea",
    category="idea",
    title=both("Góp ý", "Ideas"),
    slots=(
        Slot(
            key="idea",
            kind=SlotKind.TEXT,
            fills=Fills.DETAILS,
            label=both("Góp ý", "Idea"),
            ask=both("Góp ý là gì?", "What is your idea?"),
        ),
        Slot(
            key="name",
            kind=SlotKind.TEXT,
            fills=Fills.REPORTER_NAME,
            required=False,
            label=both("Họ tên", "Name"),
            ask=both("Họ tên, nếu muốn nêu?", "Your name, if you like?"),
        ),
    ),
)
VOLUNTEERS = Script(
    key="volunteers",
    title=both("Thiện nguyện", "Volunteers"),
    slots=(
        Slot(
            key="topic",
            kind=SlotKind.CHOICE,
            fills=Fills.CATEGORY,
            label=both("Về việc", "About"),
            ask=both("Hàng hóa bấm 1. Việc khác bấm 2.", "Goods 1, other 2."),
            options=(option("goods", "1", "Hàng hóa"), option("rest", "2", "Việc khác")),
        ),
        Slot(
            key="side",
            kind=SlotKind.CHOICE,
            label=both("Cần hay giúp", "Need or give"),
            ask=both("Cần bấm 1. Giúp bấm 2.", "Need 1, give 2."),
            options=(option("need", "1", "Cần"), option("give", "2", "Giúp")),
            when=Condition(slot="topic", among=("goods",)),
        ),
        Slot(
            key="amount",
            kind=SlotKind.NUMBER,
            required=False,
            label=both("Bao nhiêu", "How much"),
            ask=both("Bao nhiêu phần?", "How many?"),
            maximum=5000,
            when=Condition(slot="side", among=("give",)),
        ),
    ),
)
ADDITION = Script(
    key="addition",
    title=both("Bổ sung", "Addition"),
    slots=(
        Slot(
            key="addition",
            kind=SlotKind.TEXT,
            fills=Fills.DETAILS,
            label=both("Điều bổ sung", "Addition"),
            ask=both("Bổ sung điều gì?", "What do you add?"),
        ),
    ),
)
MENU = Menu(
    greeting=both("Tổng đài xin nghe. Miễn phí. Có ghi âm.", "Hotline. Free. Recorded."),
    emergency=both("Nguy hiểm xin gọi 115.", "In danger call 115."),
    prompt=both("Góp ý bấm 0. Cấp cứu bấm 1. Khó khăn bấm 2. Thiện nguyện bấm 4.", "Press."),
    consent=spoken("Đồng ý bấm 1. Không bấm 2.", "Tôi đồng ý.", "I agree."),
    consent_version="1",
    branches=(
        Branch(key="0", label=both("Góp ý", "Ideas"), script="idea"),
        Branch(
            key="1",
            label=both("Cấp cứu", "Ambulance"),
            outside_number="115",
            announcement=both("Xin gọi số sau.", "Please call this number."),
            urgent=True,
        ),
        Branch(
            key="2",
            label=both("Khó khăn", "Hardship"),
            script="hardship",
            line=Line(
                waiting_words=both("Có thể nhắn Zalo.", "You can write on Zalo."),
                closed_words=both("Ngoài giờ trực.", "Nobody is here."),
            ),
        ),
        Branch(key="3", label=both("Y tế", "Health"), outside_number="19009095"),
        Branch(key="4", label=both("Thiện nguyện", "Volunteers"), script="volunteers"),
    ),
    addition="addition",
)
BOOK = Book(
    menu=MENU,
    scripts={script.key: script for script in (HARDSHIP, IDEA, VOLUNTEERS, ADDITION)},
)
