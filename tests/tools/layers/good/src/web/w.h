#include "../base/a.h"
#include "db/d.h"
