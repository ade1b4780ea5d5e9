"""What the system says around people: the queue, the offer of a person, lines outside."""

from collections.abc import Mapping

from hotline.dialogue.script import Wording

PERSONS: Mapping[str, Wording] = {
    "queue_wait": {
        "vi": "Xin ông/bà giữ máy. Chúng tôi đang tìm tổng đài viên cho ông/bà.",
        "en": "Please hold the line. We are looking for an operator for you.",
    },
    "queue_next": {"vi": "Ông/bà là người tiếp theo.", "en": "You are next."},
    "queue_position": {
        "vi": "Vị trí của ông/bà trong hàng chờ là số",
        "en": "Your place in the queue is number",
    },
    "queue_about": {"vi": "Thời gian chờ khoảng", "en": "The wait is about"},
    "queue_minutes": {"vi": "phút.", "en": "minutes."},
    "queue_long": {
        "vi": "Thời gian chờ có thể hơn ba mươi phút.",
        "en": "The wait may be longer than thirty minutes.",
    },
    "queue_keys": {
        "vi": "Muốn được gọi lại mà vẫn giữ chỗ, bấm phím 1. "
        "Muốn trợ lý tự động tiếp nhận ngay, bấm phím 2.",
        "en": "To be called back and keep your place, press 1. "
        "To tell the automatic assistant now, press 2.",
    },
    "to_callbot_busy": {
        "vi": "Các tổng đài viên vẫn đang bận. Trợ lý tự động xin tiếp nhận ngay. "
        "Ông/bà có thể bấm phím sao bất cứ lúc nào để chờ gặp người.",
        "en": "All operators are still busy. The automatic assistant takes your request now. "
        "You can press star at any time to wait for a person.",
    },
    "to_callbot_nobody": {
        "vi": "Trợ lý tự động xin tiếp nhận yêu cầu của ông/bà.",
        "en": "The automatic assistant takes your request.",
    },
    "to_callbot_closed": {
        "vi": "Bây giờ ngoài giờ trực của nhánh này. Trợ lý tự động xin tiếp nhận yêu cầu.",
        "en": "People do not answer at this hour. The automatic assistant takes your request.",
    },
    "to_callbot_switched": {
        "vi": "Trợ lý tự động xin tiếp nhận yêu cầu của ông/bà.",
        "en": "The automatic assistant takes your request.",
    },
    "person_free": {
        "vi": "Có một tổng đài viên vừa rảnh. Muốn nói chuyện với người, bấm phím 1. "
        "Muốn nói tiếp ở đây, bấm phím 2.",
        "en": "An operator has just become free. To speak with a person, press 1. "
        "To go on here, press 2.",
    },
    "closed": {
        "vi": "Bây giờ chưa có người trực.",
        "en": "Nobody is on duty now.",
    },
    "outside_failed": {
        "vi": "Xin lỗi ông/bà, số đó hiện chưa trả lời.",
        "en": "Sorry, that number does not answer now.",
    },
    "connecting": {
        "vi": "Tôi xin nối máy. Xin ông/bà giữ máy.",
        "en": "I am connecting you. Please hold the line.",
    },
    "back_in_queue": {
        "vi": "Số đó chưa trả lời. Ông/bà vẫn giữ chỗ trong hàng chờ.",
        "en": "That number does not answer. You still have your place in the queue.",
    },
    "line_lost": {
        "vi": "Đường dây với tổng đài viên vừa bị ngắt. Ông/bà vẫn giữ chỗ. Xin giữ máy.",
        "en": "The line to the operator broke. You keep your place. Please hold.",
    },
    "warning": {
        "vi": "Xin ông/bà nói chuyện lịch sự. Nếu không, chúng tôi phải kết thúc cuộc gọi.",
        "en": "Please speak politely. Otherwise we must end the call.",
    },
    "number_is": {"vi": "Số điện thoại là", "en": "The telephone number is"},
    "blocked": {
        "vi": "Số máy này đang tạm bị chặn vì đã quấy rối người trực. "
        "Nếu có người nguy hiểm đến tính mạng, xin gọi 115, 114 hoặc 113.",
        "en": "This number is blocked for a time because of abusive calls. "
        "If a life is in danger, call 115, 114 or 113.",
    },
}
