#include "x.sql.h"
