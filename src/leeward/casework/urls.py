"""URLs of the desk, under /desk/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from leeward.casework.acting.views import acts, at_risk, blocking, hotlines, moving, summary, undoing
from leeward.casework.appeals.views import appeals, outside_reviewers, outside_reviews
from leeward.casework.assessment.views import case, drafts, known_images, trial
from leeward.casework.bulk.views import assessing, sending
from leeward.casework.exposure.views import budget, page_view, preview
from leeward.casework.merging.views import links, merging
from leeward.casework.money import views as money_views
from leeward.casework.names import views as names_views
from leeward.casework.queue.views import figures, listing, overview, overview_lists, queue
from leeward.casework.timeline.views import log, timeline


class Reference(StringConverter):
    """A case's reference: the year and its number in it."""

    regex = r"[0-9]{4}-[0-9]{4,12}"


register_converter(Reference, "reference")

app_name = "casework"
urlpatterns = [
    path("", queue.queue, name="show-queue"),
    path("take", queue.take_next, name="take-next"),
    path("views", listing.views, name="list-views"),
    path("views/<int:number>/remove", listing.remove, name="remove-view"),
    path("bulk", assessing.choose, name="assess-in-bulk"),
    path("bulk/send", sending.send, name="send-in-bulk"),
    path("bulk/undo", sending.undo, name="undo-bulk"),
    path("bulk/<int:number>", assessing.run, name="show-run"),
    path("list", listing.take, name="take-list"),
    path("appeals", appeals.appeals, name="list-appeals"),
    path("outside-reviewers", outside_reviewers.invitations, name="list-outside-reviewers"),
    path("outside-reviewers/<int:number>/withdraw", outside_reviewers.withdraw, name="withdraw-outside-reviewer"),
    path("outside-reviews", outside_reviewers.mine, name="my-outside-reviews"),
    path("outside-reviews/<int:number>", outside_reviews.outside_review, name="show-outside-review"),
    path("outside-reviews/<int:number>/take", outside_reviews.take, name="take-outside-review"),
    path("outside-reviews/<int:number>/files", outside_reviews.files, name="outside-review-files"),
    path("outside-reviews/<int:number>/preview", outside_reviews.preview, name="outside-review-preview"),
    path("appeals/<int:appeal_id>", appeals.appeal, name="decide-appeal"),
    path("appeals/<int:appeal_id>/reply", appeals.reply, name="reply-to-appeal"),
    path("my-day", budget.my_day, name="show-my-day"),
    path("my-day/not-today", budget.not_today, name="say-not-today"),
    path("exposure", budget.everybody, name="show-exposure"),
    path("limits", budget.limits, name="edit-limits"),
    path("overview", overview.overview, name="show-overview"),
    path("overview/figures", figures.figures, name="show-figures"),
    path("overview/cases", overview_lists.overview_list, name="list-overview"),
    path("case/<reference:reference>/reassign", overview.reassign, name="reassign-case"),
    path("log", log.log, name="show-log"),
    path("law/<str:code>/try", trial.try_draft, name="try-draft"),
    path("case/<reference:reference>", case.show, name="show-case"),
    path("case/<reference:reference>/take", acts.take, name="take-case"),
    path("case/<reference:reference>/back", acts.give_back, name="give-back-case"),
    path("case/<reference:reference>/draft", case.draft, name="draft-facts"),
    path("case/<reference:reference>/assess", case.assess, name="assess-case"),
    path("case/<reference:reference>/messages", case.show_messages, name="show-messages"),
    path("case/<reference:reference>/law", case.show_law, name="show-law"),
    path("case/<reference:reference>/files", preview.files, name="show-files"),
    path("case/<reference:reference>/preview", preview.preview, name="preview-file"),
    path("case/<reference:reference>/page", page_view.page, name="read-page"),
    path("case/<reference:reference>/act", acts.act, name="act-on-case"),
    path("exchange/<int:number>", hotlines.show_exchange, name="show-exchange"),
    path("case/<reference:reference>/hotlines", hotlines.hotlines, name="show-hotlines"),
    path("case/<reference:reference>/hotlines/say", hotlines.say, name="say-to-hotline"),
    path("case/<reference:reference>/hotlines/unsay", hotlines.unsay, name="unsay-to-hotline"),
    path("case/<reference:reference>/hotlines/report", hotlines.report, name="report-abroad"),
    path("case/<reference:reference>/hashes", known_images.add, name="add-hashes"),
    path("case/<reference:reference>/block", blocking.block, name="block-case"),
    path("case/<reference:reference>/close", acts.close, name="close-case"),
    path("case/<reference:reference>/reopen", acts.reopen, name="reopen-case"),
    path("case/<reference:reference>/note", acts.note, name="note-case"),
    path("case/<reference:reference>/undo", undoing.undo, name="undo-act"),
    path("case/<reference:reference>/draft-text", drafts.save_draft_text, name="save-draft-text"),
    path("case/<reference:reference>/seen", acts.mark_as_read, name="mark-as-read"),
    path("case/<reference:reference>/urgency", acts.change_urgency, name="change-urgency"),
    path("case/<reference:reference>/police", acts.pass_to_police, name="pass-to-police"),
    path("case/<reference:reference>/protection", at_risk.child_at_risk, name="tell-protection"),
    path("case/<reference:reference>/hand-over", acts.hand_over, name="hand-over"),
    path("case/<reference:reference>/moved", moving.moved, name="open-moved-case"),
    path("case/<reference:reference>/correct", acts.correct_finding, name="correct-finding"),
    path("case/<reference:reference>/refetch", acts.refetch, name="refetch"),
    path("case/<reference:reference>/ask", acts.ask_reporter, name="ask-reporter"),
    path("case/<reference:reference>/ask/withdraw", acts.withdraw_question, name="withdraw-question"),
    path("case/<reference:reference>/merge", merging.merge_case, name="merge-case"),
    path("case/<reference:reference>/merge/<int:number>/undo", merging.undo, name="undo-merge"),
    path("case/<reference:reference>/links", links.links, name="show-links"),
    path("case/<reference:reference>/name", names_views.of_case, name="show-name"),
    path("case/<reference:reference>/name/act", names_views.act, name="act-on-name"),
    path("case/<reference:reference>/name/registrant", names_views.registrant, name="read-registrant"),
    path("case/<reference:reference>/money", money_views.of_case, name="show-money"),
    path("names/<str:country>", names_views.country, name="show-country-domain"),
    path("money", money_views.payees, name="list-payees"),
    path("money/export", money_views.export, name="export-payees"),
    path("money/<int:number>", money_views.payee, name="show-payee"),
    path("money/<int:number>/network", money_views.network, name="show-network"),
    path("case/<reference:reference>/summary", summary.summary, name="sum-up-case"),
    path("case/<reference:reference>/trail", links.trail, name="show-trail"),
    path("case/<reference:reference>/timeline", timeline.timeline, name="show-timeline"),
    path("case/<reference:reference>/mails", timeline.mails, name="show-mails"),
]
