#include "agenda_a.html.h"
#include "a.sql.h"
#include "../../web/w.h"
