"""The pages of the desk."""

from django.urls import path

from hotline.edges.screens.desk import acts, blocks, call_backs, cases, console, inbox, listen

app_name = "desk"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("find/", inbox.find, name="find"),
    path("waiting/", inbox.waiting, name="waiting"),
    path("counts/", inbox.counts, name="counts"),
    path("case/<code:code>/", cases.case, name="case"),
    path("case/<code:code>/contact/", cases.contact, name="contact"),
    path("case/<code:code>/<str:verb>/", cases.act, name="act"),
    path("recording/<uuid:recording>.wav", cases.sound, name="sound"),
    path("photo/<uuid:photo>.jpg", cases.photo, name="photo"),
    path("listen/", listen.queue, name="listen"),
    path("listen/next/", listen.take_next, name="listen_next"),
    path("listen/places/", listen.find_places, name="places"),
    path("listen/<code:code>/", listen.hear, name="hear"),
    path("listen/<code:code>/release/", listen.release, name="release"),
    path("console/", console.page, name="console"),
    path("console/state/", console.state, name="console_state"),
    path("console/phone/", console.phone, name="console_phone"),
    path("console/targets/", console.targets, name="console_targets"),
    path("console/seen/", acts.seen, name="console_seen"),
    path("console/ring/<int:call_back>/", acts.ring, name="console_ring"),
    path("console/ring/case/<code:code>/", acts.ring_reporter, name="console_ring_reporter"),
    path("console/<slug:verb>/", acts.act, name="console_act"),
    path("blocks/", blocks.listed, name="blocks"),
    path("blocks/<int:block>/", blocks.review, name="review_block"),
    path("call-backs/", call_backs.call_backs, name="call_backs"),
    path("call-backs/<int:call_back>/", call_backs.close, name="close_call_back"),
    path("call-backs/<int:call_back>/number/", call_backs.number, name="call_back_number"),
]
