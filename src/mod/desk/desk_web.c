/*
 * The desk's addresses: the same rows for each room, and the pages of those who moderate.
 */
#include "../../job/job.h"
#include "desk.h"

/* clang-format off */
#define ROOM(room)                                                                                                          \
	{GET,  room "/propose",                ANYONE, desk_propose,      N_("The form of a proposal"), 0},                \
	{POST, room "/propose",                ANYONE, desk_propose_post, N_("Proposes, without account"), ROUTE_PROPOSE | ROUTE_UPLOAD}, \
	{GET,  room "/duplicates",             ANYONE, desk_duplicates,   N_("What looks alike, while one types"), 0},     \
	{GET,  room "/:slug/edit",             ANYONE, desk_edit,         N_("The form of a change"), 0},                  \
	{POST, room "/:slug/edit",             ANYONE, desk_edit_post,    N_("Changes at once, or suggests"), ROUTE_PROPOSE | ROUTE_UPLOAD}, \
	{GET,  room "/:slug/history",          ANYONE, desk_history,      N_("What changed, when"), 0},                    \
	{GET,  room "/:slug/history/:version", ANYONE, desk_version,      N_("What one version changed"), 0},              \
	{POST, room "/:slug/undo",             EDIT,   desk_undo,         N_("Takes a change back"), 0},                   \
	{GET,  room "/:slug/report",           ANYONE, desk_report,       N_("The form of a report"), 0},                  \
	{POST, room "/:slug/report",           ANYONE, desk_report_post,  N_("Reports a mistake"), ROUTE_PROPOSE}
/* clang-format on */

static const struct route routes[] = {
	ROOM("/directory"),
	ROOM("/practices"),
	ROOM("/library"),
	ROOM("/agenda"),
	ROOM("/programmes"),
	{GET,  "/directory/:slug/claim",   ANYONE, desk_claim,        N_("The form of those whose page it is"),  0},
	{POST, "/directory/:slug/claim",   ANYONE, desk_claim_post,   N_("Claims a page"),                       ROUTE_PROPOSE},
	{GET,  "/directory/:slug/contact", ANYONE, desk_contact,      N_("The form of a message to an actor"),   0},
	{POST, "/directory/:slug/contact", ANYONE, desk_contact_post, N_("Passes a message on"),                 ROUTE_PROPOSE},
	{GET,  "/practices/:slug/contact", ANYONE, desk_contact,      N_("The form of a question"),              0},
	{POST, "/practices/:slug/contact", ANYONE, desk_contact_post, N_("Passes a question on"),                ROUTE_PROPOSE},
	{GET,  "/agenda/:slug/contact",    ANYONE, desk_contact,      N_("The form of a question to organisers"), 0},
	{POST, "/agenda/:slug/contact",    ANYONE, desk_contact_post, N_("Passes it on"),                        ROUTE_PROPOSE},
	{GET,  "/desk/claim/:token",       ANYONE, desk_claim_link,   N_("What a claimer's link opens"),         0},
	{POST, "/desk/claim/:token",       ANYONE, desk_claim_link_post, N_("Gives the page to its claimer"),    0},
	{GET,  "/desk",               MODERATE, desk_queue,          N_("What waits for a decision"),        0},
	{POST, "/desk",               MODERATE, desk_queue_post,     N_("Decides several at once"),          0},
	{GET,  "/desk/thanks",        ANYONE,   desk_thanks,         N_("After a proposal"),                 0},
	{GET,  "/desk/p/:token",      ANYONE,   desk_link_show,      N_("What a proposer's link opens"),     0},
	{POST, "/desk/p/:token",      ANYONE,   desk_link_post,      N_("Confirms, adds or takes back"),     0},
	{GET,  "/desk/p/:token/edit", ANYONE,   desk_link_edit,      N_("Corrects a proposal by its link"),  0},
	{POST, "/desk/p/:token/edit", ANYONE,   desk_link_edit_post, N_("Keeps the corrections"),            ROUTE_UPLOAD},
	{GET,  "/desk/still/:token",  ANYONE,   desk_still,          N_("What the yearly mail's links open"), 0},
	{POST, "/desk/still/:token",  ANYONE,   desk_still_post,     N_("Confirms or closes a page"),        0},
	{GET,  "/desk/upkeep",        MODERATE, desk_upkeep,         N_("What nobody has confirmed"),        0},
	{POST, "/desk/upkeep",        MODERATE, desk_upkeep_post,    N_("Confirms several, or asks them"),   0},
	{GET,  "/desk/merge",         MODERATE, desk_merge,          N_("Two pages, field by field"),        0},
	{POST, "/desk/merge",         MODERATE, desk_merge_post,     N_("Merges them, or says they are two"), 0},
	{GET,  "/desk/erase",         MODERATE, desk_erase,          N_("Finds a person everywhere"),        0},
	{POST, "/desk/erase",         MODERATE, desk_erase_post,     N_("Erases a person"),                  0},
	{GET,  "/desk/:id",           MODERATE, desk_item,           N_("One proposal, to decide"),          0},
	{POST, "/desk/:id",           MODERATE, desk_item_post,      N_("Decides, or asks for more"),        0},
};

static const struct job_kind jobs[] = {
	{"desk-upkeep",    desk_job_upkeep,    24 * 3600, 0, N_("Asks contacts once a year whether their page is still right")},
	{"desk-retention", desk_job_retention, 24 * 3600, 0, N_("Erases personal data whose time is over")},
};

const struct module desk_module = {
	.name = "desk",
	.routes = TABLE(routes),
	.jobs = TABLE(jobs),
};
