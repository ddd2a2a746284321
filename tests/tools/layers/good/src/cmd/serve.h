#include "mod/agenda/none.h"
