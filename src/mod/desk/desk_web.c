/*
 * The desk's addresses: the same rows for each room, and the pages of those who moderate.
 */
#include "desk.h"

#define ROOM(room)                                                                                                                       \
	{GET,  room "/propose",    ANYONE, desk_propose,      N_("The form of a proposal"),          0},                                 \
	{POST, room "/propose",    ANYONE, desk_propose_post, N_("Proposes, without account"),       ROUTE_PROPOSE | ROUTE_UPLOAD},      \
	{GET,  room "/duplicates", ANYONE, desk_duplicates,   N_("What looks alike, while one types"), 0}

static const struct route routes[] = {
	ROOM("/directory"),
	ROOM("/practices"),
	ROOM("/library"),
	{GET,  "/desk",               MODERATE, desk_queue,          N_("What waits for a decision"),        0},
	{POST, "/desk",               MODERATE, desk_queue_post,     N_("Decides several at once"),          0},
	{GET,  "/desk/thanks",        ANYONE,   desk_thanks,         N_("After a proposal"),                 0},
	{GET,  "/desk/p/:token",      ANYONE,   desk_link_show,      N_("What a proposer's link opens"),     0},
	{POST, "/desk/p/:token",      ANYONE,   desk_link_post,      N_("Confirms, adds or takes back"),     0},
	{GET,  "/desk/p/:token/edit", ANYONE,   desk_link_edit,      N_("Corrects a proposal by its link"),  0},
	{POST, "/desk/p/:token/edit", ANYONE,   desk_link_edit_post, N_("Keeps the corrections"),            ROUTE_UPLOAD},
	{GET,  "/desk/:id",           MODERATE, desk_item,           N_("One proposal, to decide"),          0},
	{POST, "/desk/:id",           MODERATE, desk_item_post,      N_("Decides, or asks for more"),        0},
};

const struct module desk_module = {
	.name = "desk",
	.routes = TABLE(routes),
};
