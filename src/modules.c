/*
 * The one list of modules: what is not here does not exist.
 */
#include "mod/account/account.h"
#include "mod/admin/admin.h"
#include "mod/agenda/agenda.h"
#include "mod/desk/desk.h"
#include "mod/directory/directory.h"
#include "mod/library/library.h"
#include "mod/map/map.h"
#include "mod/media/media_room.h"
#include "mod/practice/practice_pages.h"
#include "mod/print/print.h"
#include "mod/programme/programme.h"
#include "mod/registration/registration.h"
#include "mod/site/site_room.h"
#include "mod/exchange/exchange.h"
#include "mod/search/search_room.h"
#include "mod/territory/territory.h"
#include "web/builtin.h"

const struct module *const modules[] = {
	&web_module,
	&account_module,
	&admin_module,
	&desk_module,
	&directory_module,
	&library_module,
	&map_module,
	&media_module,
	&practice_module,
	&agenda_module,
	&print_module,
	&programme_module,
	&registration_module,
	&site_module,
	&exchange_module,
	&search_module,
	&territory_module,
};
const size_t modules_n = COUNT(modules);

/* Who hears of changes of events. */
const struct event_observer *const event_observers[] = {
	&reg_observer,
	NULL,
};
