
#include "../db/d.h"
